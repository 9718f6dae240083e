package leat.core.protect;

import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.contract.Protection;
import org.jspecify.annotations.Nullable;

/// A contract's protections, compiled: what the enricher's outputs carry instead of the plain
/// values. Safe for many threads.
public final class Protector {

    private final Rule.Level rules;
    private final boolean protectsKey;
    private final Optional<ProtectionKey> key;

    private Protector(Contract contract, Optional<ProtectionKey> key) {
        this.rules = Rule.Level.of(contract.protections());
        this.protectsKey =
                contract.key().stream()
                        .anyMatch(path ->
                                contract.protections().stream()
                                        .anyMatch(one -> one.path().equals(path)));
        this.key = key;
    }

    /// Whether the contract's protections need a key.
    public static boolean hashes(Contract contract) {
        return contract.protections().stream()
                .anyMatch(one -> one.action() instanceof Protection.Action.Hash);
    }

    /// Compiles the protections of a contract.
    ///
    /// @param key what values are hashed with
    /// @throws IllegalArgumentException when the contract hashes and there is no key
    public static Protector of(Contract contract, Optional<ProtectionKey> key) {
        if (key.isEmpty() && hashes(contract)) {
            throw new IllegalArgumentException(
                    "contract "
                            + contract.name()
                            + " hashes fields, and no key to hash with is set");
        }
        return new Protector(contract, key);
    }

    /// Whether there is anything to protect; otherwise [#value] and [#key] need not be asked.
    public boolean protects() {
        return !rules.members().isEmpty();
    }

    /// The event with its protected values replaced and cut out, and all other bytes as they were.
    ///
    /// @param event the enriched event, the client's part of which a validator found sound; not
    ///   changed
    /// @throws IllegalStateException when the bytes are something else, so that nothing gets
    ///   through unprotected
    public byte[] value(byte[] event) {
        return protects() ? new Rewriting(event, key).rewritten(rules) : event;
    }

    /// The key of the enriched record: that of the raw one, hashed like the value of its field when
    /// that is protected.
    public byte @Nullable [] key(byte @Nullable [] raw) {
        return protectsKey && raw != null ? Replacements.keyHash(key.orElseThrow(), raw) : raw;
    }
}

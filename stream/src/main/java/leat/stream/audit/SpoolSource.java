package leat.stream.audit;

import java.util.function.Consumer;
import leat.core.contract.Contract;
import leat.core.event.Hash128;

/// What a collector has accepted into its spool and not brought to the log yet.
@FunctionalInterface
public interface SpoolSource {

    /// Hands over the identities, each the hash of source and id, of a contract's events.
    void standing(Contract contract, Consumer<Hash128> identities);
}

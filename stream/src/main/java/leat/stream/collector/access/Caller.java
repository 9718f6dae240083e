package leat.stream.collector.access;

import java.util.Optional;
import leat.core.contract.Contract;

/// A client that was let in. What it may do can change while it is connected: its key may be
/// revoked or get other contracts.
public interface Caller {

    /// Everybody, where nobody is asked.
    Caller ANYONE =
            new Caller() {
                @Override
                public String name() {
                    return "anonymous";
                }

                @Override
                public Optional<Denial> denial(Contract contract) {
                    return Optional.empty();
                }

                @Override
                public long take(int events, long bytes) {
                    return 0;
                }
            };

    /// The name of its key, for logs and counts; never a secret.
    String name();

    /// Why it may not bring events of the contract in, now; empty where it may.
    Optional<Denial> denial(Contract contract);

    /// Takes from its quota.
    ///
    /// @return 0 when it was taken; else nothing was, and the milliseconds after which to try again
    long take(int events, long bytes);
}

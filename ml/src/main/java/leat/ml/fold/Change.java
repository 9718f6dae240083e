package leat.ml.fold;

import java.util.Optional;

/// Something to be done with a state. It is decided on once more where nobody can say whether the
/// first time was written.
@FunctionalInterface
public interface Change<S> {

    /// Decides; what it refuses, it throws.
    ///
    /// @return what is to be written; empty where nothing is
    Optional<Sending> decide(S state);

    /// The records of one transaction. They are sent while others read the state, so it must not
    /// look at it any more.
    @FunctionalInterface
    interface Sending {
        void send(Outbox outbox);
    }
}

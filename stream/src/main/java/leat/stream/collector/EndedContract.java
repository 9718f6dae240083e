package leat.stream.collector;

import java.time.Instant;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.contract.Lifecycle;

/// A contract that takes no events any more, as its clients are told by whatever protocol.
///
/// @param message since when, or that it is retired
/// @param successor what clients are to use instead, `car-telemetry.v2`; empty where nothing is
///   named
public record EndedContract(String message, Optional<String> successor) {

    /// Empty for a contract that still takes events.
    public static Optional<EndedContract> of(Contract contract, Instant now) {
        Lifecycle lifecycle = contract.lifecycle();
        if (!lifecycle.hasEnded(now)) {
            return Optional.empty();
        }
        String when =
                lifecycle.status() == Lifecycle.Status.RETIRED
                        ? "is retired"
                        : lifecycle
                                .until()
                                .map(day -> "has taken no events since " + day)
                                .orElse("");
        return Optional.of(
                new EndedContract(
                        "the contract " + contract.nameAndMajor() + " " + when,
                        lifecycle.successor()));
    }

    /// What the client is to do.
    ///
    /// @param path what stands before the name of a contract where clients send to
    public String remedy(String path) {
        return successor
                .map(name -> "send to " + path + name)
                .orElse("ask its owner what to send instead");
    }
}

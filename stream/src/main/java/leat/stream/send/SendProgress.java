package leat.stream.send;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/// Is told how far sending is, about ten times a second. Calls come one at a time, from threads of
/// the sender: it must be quick.
@FunctionalInterface
public interface SendProgress {

    /// Nobody watches.
    SendProgress NONE = snapshot -> {};

    /// Takes the newest state.
    void update(Snapshot snapshot);

    /// How far sending is.
    ///
    /// @param input the name of the input being sent
    /// @param rows answered for by the collector, of all inputs so far
    /// @param rejected those of them that are dead or refused
    /// @param share of the current input that has been read, 0 to 1; empty when its size is unknown
    /// @param rowsPerSecond since the start
    /// @param left until the current input is done, at this rate
    record Snapshot(
            String input,
            long rows,
            long rejected,
            OptionalDouble share,
            double rowsPerSecond,
            Optional<Duration> left) {}
}

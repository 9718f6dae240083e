package leat.stream.send;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;

/// What one command asks for.
///
/// @param format of all inputs; empty to go by name and content
/// @param eventsPerSecond the rate to hold; empty for as fast as the collector takes them
/// @param passes how often the inputs are sent, 0 for until stopped; each pass makes new events
/// @param key makes other events of the same files: the same key is found as a duplicate, another
///   is not. Empty for the file's hash alone, and for a random one with a stream
/// @param progressFolder where the state of interrupted files is kept, e.g. `.leat/send`
public record SendOptions(
        Optional<Format> format,
        OptionalDouble eventsPerSecond,
        int passes,
        Optional<String> key,
        Path progressFolder) {

    /// Checks the limits.
    ///
    /// @throws IllegalArgumentException that names the option and its limits
    public SendOptions {
        if (eventsPerSecond.isPresent() && !(eventsPerSecond.getAsDouble() > 0)) {
            throw new IllegalArgumentException("the rate must be above 0 events per second");
        }
        if (passes < 0) {
            throw new IllegalArgumentException("passes must be 0 or more");
        }
        if (key.isPresent() && !key.get().matches("[A-Za-z0-9._-]{1,100}")) {
            throw new IllegalArgumentException(
                    "the key must be 1 to 100 letters, digits, dots, hyphens or underscores");
        }
    }

    /// Once, as fast as possible, by name and content.
    public static SendOptions once(Path progressFolder) {
        return new SendOptions(
                Optional.empty(), OptionalDouble.empty(), 1, Optional.empty(), progressFolder);
    }
}

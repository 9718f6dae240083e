package leat.core.feature;

import java.time.Duration;
import java.util.Optional;
import leat.core.config.DurationText;
import leat.core.yaml.Keys;
import leat.core.yaml.YamlNode.Scalar;

/// Reads durations that have bounds.
record DurationReader(Keys keys, String key) {

    /// The value of the key; empty when it is absent, or a problem was added.
    Optional<Duration> read(Duration longest) {
        return keys.scalar(key).flatMap(scalar -> read(scalar, longest));
    }

    /// A value of the key; empty when a problem was added.
    Optional<Duration> read(Scalar scalar, Duration longest) {
        try {
            Duration duration = DurationText.parse(scalar.text());
            if (!duration.isZero() && duration.compareTo(longest) <= 0) {
                return Optional.of(duration);
            }
            complain(
                    scalar,
                    "'" + scalar.text() + "' is not within 1ms to " + longest.toDays() + "d",
                    "write e.g. 5m");
        } catch (IllegalArgumentException _) {
            complain(
                    scalar,
                    "'" + scalar.text() + "' is not a duration",
                    "write e.g. 250ms, 10s, 5m, 1h or 7d");
        }
        return Optional.empty();
    }

    private void complain(Scalar scalar, String message, String remedy) {
        keys.problems().add(scalar.location(), keys.path(key), message, remedy);
    }
}

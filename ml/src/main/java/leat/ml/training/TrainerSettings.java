package leat.ml.training;

import java.time.Duration;
import leat.core.config.Bounds;
import leat.core.config.Setting;

/// How models are trained by themselves.
public record TrainerSettings(
        @Setting(
                        description =
                                "The time between two looks for what has a model trained, 100ms to"
                                        + " 1h",
                        defaultValue = "10s")
                Duration lookInterval) {

    public static final TrainerSettings DEFAULT = new TrainerSettings(Duration.ofSeconds(10));

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException when one is out of its range
    public TrainerSettings {
        Bounds.within("look-interval", lookInterval, Duration.ofMillis(100), Duration.ofHours(1));
    }
}

package leat.console.inference;

import java.time.Duration;
import leat.core.config.Bounds;
import leat.core.config.Setting;
import leat.ml.scoring.Inference;

/// How registered models are served to those who ask.
public record InferenceSettings(
        @Setting(
                        description =
                                "How many models are open at a time, 1 to 1000, each by the version"
                                        + " or alias that is asked for; of more, the one that was"
                                        + " not used for the longest time is closed",
                        defaultValue = "16")
                int maxOpenModels,
        @Setting(
                        description =
                                "How many rows of requests that wait for the same version are"
                                        + " computed together, 1 to 10000; 1 computes each request"
                                        + " alone",
                        defaultValue = "256")
                int maxJoinedRows,
        @Setting(description = "How long one request may compute, 10ms to 5m", defaultValue = "10s")
                Duration timeout) {

    public static final InferenceSettings DEFAULT =
            new InferenceSettings(16, 256, Duration.ofSeconds(10));

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException when one is out of its range
    public InferenceSettings {
        if (maxOpenModels < 1 || maxOpenModels > 1_000) {
            throw new IllegalArgumentException("max-open-models must be from 1 to 1000");
        }
        Bounds.within("max-joined-rows", maxJoinedRows, 1, 10_000);
        if (timeout.toMillis() < 10 || timeout.compareTo(Duration.ofMinutes(5)) > 0) {
            throw new IllegalArgumentException("timeout must be from 10ms to 5m");
        }
    }

    /// The same with another number of rows that are computed together.
    public InferenceSettings withMaxJoinedRows(int other) {
        return new InferenceSettings(maxOpenModels, other, timeout);
    }

    /// What requests may use.
    public Inference.Limits limits() {
        return new Inference.Limits(maxOpenModels, maxJoinedRows, timeout);
    }
}

package leat.stream.send;

import java.time.Duration;
import leat.core.config.DataSize;
import leat.core.config.Setting;

/// How files are sent to the collector.
public record SendSettings(
        @Setting(description = "Rows in one request, 1 to 10000.", defaultValue = "1000")
                int batchRows,
        @Setting(
                        description =
                                "Bytes in one request before compression, at most 8MiB; a larger"
                                        + " row is sent alone.",
                        defaultValue = "1MiB")
                DataSize batchSize,
        @Setting(
                        description =
                                "Requests under way at once, 1 to 64; with 1, events reach the log"
                                        + " in the order of the file.",
                        defaultValue = "4")
                int inFlight,
        @Setting(
                        description = "How long one request may take before it is sent again.",
                        defaultValue = "30s")
                Duration requestTimeout,
        @Setting(
                        description =
                                "How long no request may succeed before sending ends; the same"
                                        + " command continues later.",
                        defaultValue = "2m")
                Duration giveUpAfter) {

    public static final SendSettings DEFAULTS =
            new SendSettings(
                    1000, DataSize.mebibytes(1), 4, Duration.ofSeconds(30), Duration.ofMinutes(2));

    private static final int MAX_BATCH_ROWS = 10_000;
    private static final int MAX_IN_FLIGHT = 64;

    /// Checks the limits.
    ///
    /// @throws IllegalArgumentException that names the key and its limits
    public SendSettings {
        require(batchRows >= 1 && batchRows <= MAX_BATCH_ROWS, "batch-rows must be 1 to 10000");
        require(
                batchSize.bytes() >= 1 && batchSize.bytes() <= RowReader.MAX_ROW_BYTES,
                "batch-size must be 1B to 8MiB");
        require(inFlight >= 1 && inFlight <= MAX_IN_FLIGHT, "in-flight must be 1 to 64");
        require(requestTimeout.isPositive(), "request-timeout must be positive");
        require(giveUpAfter.isPositive(), "give-up-after must be positive");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}

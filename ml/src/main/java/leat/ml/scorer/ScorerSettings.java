package leat.ml.scorer;

import java.time.Duration;
import leat.core.config.Bounds;
import leat.core.config.DataSize;
import leat.core.config.Setting;

/// How the scorer works.
public record ScorerSettings(
        @Setting(
                        description =
                                "The most vectors that one transaction reads, 1 to 100000; a batch is"
                                        + " as small as the rate allows",
                        defaultValue = "5000")
                int maxBatchRecords,
        @Setting(
                        description =
                                "About the most bytes that one transaction reads, 1MiB to 1GiB",
                        defaultValue = "16MiB")
                DataSize maxBatchSize,
        @Setting(
                        description = "The least time between two transactions, 1ms to 10s",
                        defaultValue = "30ms")
                Duration commitInterval,
        @Setting(
                        description =
                                "Threads a scoring, each a member of its group with partitions and"
                                        + " transactions of its own, 1 to 64; 0 takes one a"
                                        + " processor, at most 4",
                        defaultValue = "0")
                int threads,
        @Setting(
                        description =
                                "How long a model may take for a run of at most 1000 vectors, 100ms to"
                                        + " 2m; one that takes longer is asked for fewer, and a"
                                        + " vector that takes longer alone has a prediction that"
                                        + " failed, as have all of a batch that no run began for"
                                        + " within two minutes",
                        defaultValue = "30s")
                Duration timeout,
        @Setting(
                        description =
                                "The time between two looks into the registry for aliases that have"
                                        + " moved, 50ms to 1m",
                        defaultValue = "250ms")
                Duration lookInterval,
        @Setting(
                        description =
                                "How many vectors a version that learns as it scores learns from, of"
                                        + " a partition, between two checkpoints at most, 100 to"
                                        + " 100000; as many are learned from again after a restart",
                        defaultValue = "5000")
                int checkpointVectors,
        @Setting(
                        description =
                                "The longest time between two checkpoints of a partition while"
                                        + " there is something to learn, 1s to 1h",
                        defaultValue = "1m")
                Duration checkpointInterval) {

    public static final ScorerSettings DEFAULT =
            new ScorerSettings(
                    5_000,
                    DataSize.mebibytes(16),
                    Duration.ofMillis(30),
                    0,
                    Duration.ofSeconds(30),
                    Duration.ofMillis(250),
                    5_000,
                    Duration.ofMinutes(1));

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException when one is out of its range
    public ScorerSettings {
        Bounds.within("max-batch-records", maxBatchRecords, 1, 100_000);
        Bounds.within("max-batch-size", maxBatchSize, 1 << 20, 1 << 30);
        Bounds.within(
                "commit-interval", commitInterval, Duration.ofMillis(1), Duration.ofSeconds(10));
        Bounds.within("threads", threads, 0, 64);
        Bounds.within("timeout", timeout, Duration.ofMillis(100), Duration.ofMinutes(2));
        Bounds.within("look-interval", lookInterval, Duration.ofMillis(50), Duration.ofMinutes(1));
        Bounds.within("checkpoint-vectors", checkpointVectors, 100, 100_000);
        Bounds.within(
                "checkpoint-interval",
                checkpointInterval,
                Duration.ofSeconds(1),
                Duration.ofHours(1));
    }
}

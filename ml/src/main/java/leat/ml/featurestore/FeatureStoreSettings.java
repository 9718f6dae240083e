package leat.ml.featurestore;

import java.time.Duration;
import leat.core.config.Bounds;
import leat.core.config.DataSize;
import leat.core.config.Setting;
import leat.ml.featurestore.online.OnlineSettings;

/// How feature views are computed, and served.
public record FeatureStoreSettings(
        @Setting(
                        description =
                                "The time between two transactions of a view, give or take a"
                                        + " quarter, 1ms to 5s: so long a vector waits before"
                                        + " anybody sees it; 500ms while a view is thousands of"
                                        + " events behind its source",
                        defaultValue = "30ms")
                Duration commitInterval,
        @Setting(
                        description =
                                "Threads a view, 1 to 64; a partition of the source is one thread's"
                                        + " at a time",
                        defaultValue = "2")
                int threads,
        @Setting(
                        description =
                                "The most memory for the entities of all views of a process, on the"
                                        + " Java heap, in equal shares for the partitions that it"
                                        + " computes, 1MiB to 64GiB; what does not fit is read from"
                                        + " disk when its next event comes",
                        defaultValue = "64MiB")
                DataSize entityMemory,
        @Setting(
                        description =
                                "The memory of RocksDB for the state of all views of a process, off"
                                        + " the Java heap, 16MiB to 64GiB",
                        defaultValue = "128MiB")
                DataSize storeMemory,
        @Setting(
                        description =
                                "Copies of a partition's state that other instances keep ready, 0 to"
                                        + " 5",
                        defaultValue = "0")
                int standbyReplicas,
        @Setting(description = "The newest vectors, kept for reading") OnlineSettings online) {

    private static final long MOST_MEMORY_BYTES = 64L << 30;

    public static final FeatureStoreSettings DEFAULT =
            new FeatureStoreSettings(
                    Duration.ofMillis(30),
                    2,
                    DataSize.mebibytes(64),
                    DataSize.mebibytes(128),
                    0,
                    OnlineSettings.DEFAULT);

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException when one is out of its range
    public FeatureStoreSettings {
        Bounds.within(
                "commit-interval", commitInterval, Duration.ofMillis(1), Duration.ofSeconds(5));
        Bounds.within("threads", threads, 1, 64);
        Bounds.within("entity-memory", entityMemory, 1 << 20, MOST_MEMORY_BYTES);
        Bounds.within("store-memory", storeMemory, 16 << 20, MOST_MEMORY_BYTES);
        Bounds.within("standby-replicas", standbyReplicas, 0, 5);
    }
}

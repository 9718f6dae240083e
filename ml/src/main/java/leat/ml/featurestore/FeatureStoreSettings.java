package leat.ml.featurestore;

import java.time.Duration;
import leat.core.config.DataSize;
import leat.core.config.Setting;
import leat.ml.featurestore.online.OnlineSettings;

/// How feature views are computed, and served.
public record FeatureStoreSettings(
        @Setting(
                        description =
                                "The least time between two transactions of a view, 1ms to 5s: so"
                                        + " long a vector waits before anybody sees it",
                        defaultValue = "30ms")
                Duration commitInterval,
        @Setting(
                        description =
                                "Threads a view, 1 to 64; a partition of the source is one thread's"
                                        + " at a time",
                        defaultValue = "1")
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

    public static final FeatureStoreSettings DEFAULT =
            new FeatureStoreSettings(
                    Duration.ofMillis(30),
                    1,
                    DataSize.mebibytes(64),
                    DataSize.mebibytes(128),
                    0,
                    OnlineSettings.DEFAULT);

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException when one is out of its range
    public FeatureStoreSettings {
        check(
                commitInterval.toMillis() >= 1
                        && commitInterval.compareTo(Duration.ofSeconds(5)) <= 0,
                "commit-interval",
                "1ms to 5s");
        check(threads >= 1 && threads <= 64, "threads", "1 to 64");
        check(within(entityMemory, 1), "entity-memory", "1MiB to 64GiB");
        check(within(storeMemory, 16), "store-memory", "16MiB to 64GiB");
        check(standbyReplicas >= 0 && standbyReplicas <= 5, "standby-replicas", "0 to 5");
    }

    private static boolean within(DataSize size, long fromMebibytes) {
        return size.bytes() >= fromMebibytes << 20 && size.bytes() <= 64L << 30;
    }

    private static void check(boolean holds, String key, String range) {
        if (!holds) {
            throw new IllegalArgumentException(key + " must be from " + range);
        }
    }
}

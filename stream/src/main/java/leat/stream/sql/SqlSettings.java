package leat.stream.sql;

import java.time.Duration;
import leat.core.config.DataSize;
import leat.core.config.Setting;

/// What SQL queries may use.
public record SqlSettings(
        @Setting(description = "How long one query may run, 1s to 1h", defaultValue = "30s")
                Duration timeLimit,
        @Setting(
                        description =
                                "Rows that one answer may have as JSON, 1 to 1,000,000; CSV and"
                                        + " Arrow are streamed and have no such limit",
                        defaultValue = "100000")
                int maxRows,
        @Setting(
                        description =
                                "Memory for all queries and the log's tail together, at least"
                                        + " 64MiB; beyond it queries use temporary files",
                        defaultValue = "768MiB")
                DataSize memory,
        @Setting(description = "Temporary files of all queries together", defaultValue = "4GiB")
                DataSize temporaryFiles,
        @Setting(description = "Threads for all queries, 1 to 64", defaultValue = "2") int threads,
        @Setting(
                        description =
                                "Queries that run at once, 1 to 64; one more waits up to a second"
                                        + " and is then refused",
                        defaultValue = "4")
                int concurrentQueries,
        @Setting(
                        description =
                                "Memory for the decoded tail of one table's log; beyond it answers"
                                        + " come from the lake alone and say up to when",
                        defaultValue = "128MiB")
                DataSize tailMemory) {

    public static final SqlSettings DEFAULT =
            new SqlSettings(
                    Duration.ofSeconds(30),
                    100_000,
                    DataSize.mebibytes(768),
                    DataSize.mebibytes(4096),
                    2,
                    4,
                    DataSize.mebibytes(128));

    /// Checks the limits.
    ///
    /// @throws IllegalArgumentException when a value is out of its range
    public SqlSettings {
        require(
                timeLimit.compareTo(Duration.ofMillis(100)) >= 0
                        && timeLimit.compareTo(Duration.ofHours(1)) <= 0,
                "time-limit must be from 100ms to 1h");
        require(maxRows >= 1 && maxRows <= 1_000_000, "max-rows must be from 1 to 1000000");
        require(memory.bytes() >= 64 << 20, "memory must be at least 64MiB");
        require(threads >= 1 && threads <= 64, "threads must be from 1 to 64");
        require(
                concurrentQueries >= 1 && concurrentQueries <= 64,
                "concurrent-queries must be from 1 to 64");
        require(
                tailMemory.bytes() <= memory.bytes() / 2,
                "tail-memory must be at most half of memory");
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}

package leat.stream.lake;

import java.time.Duration;
import leat.core.config.DataSize;
import leat.core.config.Setting;

/// How events are loaded into the lake. SQL reads the log's tail too, so that the interval of the
/// commits decides on the size of files, not on how fresh an answer is.
public record LakeLoaderSettings(
        @Setting(
                        description =
                                "Time between commits while events flow, 100 ms to 1 h; longer makes"
                                        + " larger files and a longer tail for SQL to read",
                        defaultValue = "10s")
                Duration commitInterval,
        @Setting(
                        description =
                                "Bytes of events after which a commit does not wait for its interval,"
                                        + " 1 MiB to 4 GiB",
                        defaultValue = "256MiB")
                DataSize commitSize,
        @Setting(
                        description = "Size at which a data file is closed, 1 MiB to 4 GiB",
                        defaultValue = "128MiB")
                DataSize fileSize,
        @Setting(
                        description =
                                "Threads that parse and write for one table, 1 to 64; the second and"
                                        + " later ones work only while the first is behind",
                        defaultValue = "2")
                int writers,
        @Setting(
                        description =
                                "Data files that one writer holds open, one a table partition, 1 to"
                                        + " 256; each buffers up to 16 MiB",
                        defaultValue = "8")
                int openFiles,
        @Setting(
                        description =
                                "Go on where the log starts when retention has deleted events that the"
                                        + " lake has not loaded; otherwise the table's loader stops",
                        defaultValue = "false")
                boolean skipDeleted) {

    /// The defaults.
    public static final LakeLoaderSettings DEFAULT =
            new LakeLoaderSettings(
                    Duration.ofSeconds(10),
                    DataSize.mebibytes(256),
                    DataSize.mebibytes(128),
                    2,
                    8,
                    false);

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException when one is out of its range
    public LakeLoaderSettings {
        check(
                commitInterval.compareTo(Duration.ofMillis(100)) >= 0
                        && commitInterval.compareTo(Duration.ofHours(1)) <= 0,
                "commit-interval must be from 100 ms to 1 h");
        check(inRange(commitSize), "commit-size must be from 1MiB to 4GiB");
        check(inRange(fileSize), "file-size must be from 1MiB to 4GiB");
        check(writers >= 1 && writers <= 64, "writers must be from 1 to 64");
        check(openFiles >= 1 && openFiles <= 256, "open-files must be from 1 to 256");
    }

    private static boolean inRange(DataSize size) {
        return size.bytes() >= 1L << 20 && size.bytes() <= 4L << 30;
    }

    private static void check(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}

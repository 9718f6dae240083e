package leat.stream.lake;

import java.time.Duration;
import leat.core.config.DataSize;
import leat.core.config.Setting;

/// How the lake's tables are kept in shape.
public record LakeMaintenanceSettings(
        @Setting(
                        description = "Time between two rounds of maintenance, 1 s to 1 day",
                        defaultValue = "10m")
                Duration interval,
        @Setting(
                        description =
                                "Size that small data files are rewritten to, 1 MiB to 4 GiB; a round"
                                        + " holds the rows of one run of 100,000 in memory",
                        defaultValue = "128MiB")
                DataSize targetFileSize,
        @Setting(
                        description =
                                "Small files in a partition of the table from which on they are"
                                        + " rewritten, 2 to 10,000",
                        defaultValue = "8")
                int minInputFiles,
        @Setting(
                        description =
                                "Age at which snapshots expire and the files that only they need are"
                                        + " deleted, 1 min or more; must be longer than the time limit of SQL",
                        defaultValue = "1h")
                Duration snapshotAge,
        @Setting(
                        description =
                                "Age at which a file that no snapshot knows is deleted, 2 h or more:"
                                        + " a commit may be under way for one hour",
                        defaultValue = "6h")
                Duration orphanAge) {

    /// The defaults.
    public static final LakeMaintenanceSettings DEFAULT =
            new LakeMaintenanceSettings(
                    Duration.ofMinutes(10),
                    DataSize.mebibytes(128),
                    8,
                    Duration.ofHours(1),
                    Duration.ofHours(6));

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException when one is out of its range
    public LakeMaintenanceSettings {
        check(
                interval.compareTo(Duration.ofSeconds(1)) >= 0
                        && interval.compareTo(Duration.ofDays(1)) <= 0,
                "interval must be from 1 s to 1 day");
        check(
                targetFileSize.bytes() >= 1L << 20 && targetFileSize.bytes() <= 4L << 30,
                "target-file-size must be from 1MiB to 4GiB");
        check(
                minInputFiles >= 2 && minInputFiles <= 10_000,
                "min-input-files must be from 2 to 10000");
        check(
                snapshotAge.compareTo(Duration.ofMinutes(1)) >= 0,
                "snapshot-age must be at least 1 min");
        check(
                orphanAge.compareTo(LakeCommit.MAX_AGE.multipliedBy(2)) >= 0,
                "orphan-age must be at least 2 h");
    }

    private static void check(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}

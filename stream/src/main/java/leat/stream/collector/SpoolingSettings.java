package leat.stream.collector;

import java.nio.file.Path;
import java.time.Duration;
import leat.core.config.Bounds;
import leat.core.config.DataSize;
import leat.core.config.Setting;

/// Whether events are kept on disk while Kafka is away, and how many.
public record SpoolingSettings(
        @Setting(
                        description =
                                "Whether events are accepted into a spool on disk while Kafka is"
                                        + " away; otherwise clients are told 503",
                        defaultValue = "false")
                boolean enabled,
        @Setting(
                        description =
                                "The spool's folder, of one collector alone, from the workspace's",
                        defaultValue = ".leat/spool")
                String folder,
        @Setting(
                        description =
                                "The size of its files; beyond it clients are told 503, 32MiB to"
                                        + " 1024GiB",
                        defaultValue = "1GiB")
                DataSize size,
        @Setting(
                        description =
                                "How long Kafka may take to acknowledge an event before it and all"
                                        + " that follow go to the spool, 200ms to 2m",
                        defaultValue = "2s")
                Duration after) {

    /// No spool.
    public static final SpoolingSettings OFF =
            new SpoolingSettings(
                    false, ".leat/spool", DataSize.mebibytes(1024), Duration.ofSeconds(2));

    private static final long LEAST_BYTES = 32L << 20;
    private static final long MOST_BYTES = 1024L << 30;

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException when a value is out of range
    public SpoolingSettings {
        if (folder.isBlank()) {
            throw new IllegalArgumentException("spool.folder must name a folder");
        }
        Bounds.within("spool.size", size, LEAST_BYTES, MOST_BYTES);
        if (after.toMillis() < 200 || after.compareTo(Duration.ofMinutes(2)) > 0) {
            throw new IllegalArgumentException(
                    "spool.after must be from 200ms to 2m, not " + after);
        }
    }

    /// The folder, seen from `workspace`.
    public Path in(Path workspace) {
        return workspace.resolve(folder);
    }

    /// The same with the folder seen from `workspace`.
    public SpoolingSettings resolvedIn(Path workspace) {
        return new SpoolingSettings(enabled, in(workspace).toString(), size, after);
    }
}

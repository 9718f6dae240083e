package leat.launcher.config;

import leat.core.config.Setting;
import leat.stream.log.LogSettings;

/// `leat.yaml` as a whole.
public record LeatConfig(
        @Setting(description = "The format of this file", defaultValue = "1") int format,
        @Setting(
                        description =
                                "The first part of every topic, group, index and namespace, so that"
                                        + " installations can share a cluster",
                        defaultValue = "leat")
                String prefix,
        @Setting(description = "The log") LogSettings log) {

    private static final int NEWEST_FORMAT = 1;

    /// Checks what belongs to no part.
    ///
    /// @throws IllegalArgumentException when the format is not known
    public LeatConfig {
        if (format != NEWEST_FORMAT) {
            throw new IllegalArgumentException(
                    "format is " + format + ", this program knows " + NEWEST_FORMAT);
        }
    }
}

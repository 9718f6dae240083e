package leat.stream.collector.access;

import java.nio.file.Path;
import java.util.Optional;
import leat.core.config.Setting;

/// Who is let in at the collector's doors.
public record AccessSettings(
        @Setting(
                        description =
                                "`keys` lets in who holds a key of the keys file; `off` lets"
                                        + " everybody in, on loopback addresses only",
                        defaultValue = "off")
                Mode mode,
        @Setting(
                        description =
                                "The file of keys that `leat keys` writes, below the workspace;"
                                        + " absent means `keys.yaml`")
                Optional<Path> keysFile) {

    public static final AccessSettings OFF = new AccessSettings(Mode.OFF, Optional.empty());

    private static final Path DEFAULT_FILE = Path.of("keys.yaml");

    /// Whether anybody is asked.
    public enum Mode {
        OFF,
        KEYS
    }

    /// Where the keys are, as seen from the workspace's folder.
    public Path file() {
        return keysFile.orElse(DEFAULT_FILE);
    }

    /// Whether clients must show a key.
    public boolean asksForKeys() {
        return mode == Mode.KEYS;
    }
}

package leat.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.yaml.Checked;
import leat.core.yaml.Problem;
import leat.core.yaml.Problems;
import leat.core.yaml.YamlNode;
import leat.core.yaml.YamlReader;
import org.junit.jupiter.api.Test;

final class SettingsReaderTest {

    enum Mode {
        READ_ONLY,
        READ_WRITE
    }

    record Door(
            @Setting(description = "The port", defaultValue = "8080") int port,
            @Setting(description = "The patience", defaultValue = "30s") Duration idleTimeout) {
        Door {
            if (port > 65_535) {
                throw new IllegalArgumentException("port must be at most 65535");
            }
        }
    }

    record Settings(
            @Setting(description = "The door") Door door,
            @Setting(description = "A size", defaultValue = "1MiB") DataSize limit,
            @Setting(description = "A mode", defaultValue = "read-only") Mode mode,
            @Setting(description = "A name") Optional<String> name,
            @Setting(description = "Some names") List<String> names,
            @Setting(description = "Some keys") Map<String, String> client) {}

    private static Checked<Settings> read(String... lines) {
        Problems problems = new Problems();
        YamlNode root =
                YamlReader.read(Path.of("leat.yaml"), String.join("\n", lines), problems)
                        .orElseThrow();
        return SettingsReader.bind(root, Settings.class, problems);
    }

    @Test
    void takesDefaultsWhereNothingIsWritten() {
        // When
        Settings settings = SettingsReader.defaults(Settings.class);

        // Then
        assertThat(settings)
                .isEqualTo(
                        new Settings(
                                new Door(8080, Duration.ofSeconds(30)),
                                DataSize.mebibytes(1),
                                Mode.READ_ONLY,
                                Optional.empty(),
                                List.of(),
                                Map.of()));
    }

    @Test
    void bindsEveryKindOfValue() {
        // When
        Settings settings =
                read(
                                "door: {port: 9, idle-timeout: 5m}",
                                "limit: 64KiB",
                                "mode: read-write",
                                "name: leat",
                                "names: [a, b]",
                                "client:",
                                "  security.protocol: SSL")
                        .orThrow();

        // Then
        assertThat(settings)
                .isEqualTo(
                        new Settings(
                                new Door(9, Duration.ofMinutes(5)),
                                new DataSize(64 << 10),
                                Mode.READ_WRITE,
                                Optional.of("leat"),
                                List.of("a", "b"),
                                Map.of("security.protocol", "SSL")));
    }

    @Test
    void reportsEveryProblemWithItsLineAndTheNearestKey() {
        // When
        Checked<Settings> read =
                read("door:", "  prot: 1", "  idle-timeout: soon", "mode: writable", "limit: [1]");

        // Then
        assertThat(read.faults().stream().map(Problem::toString))
                .containsExactlyInAnyOrder(
                        "leat.yaml:2: door.prot: there is no such key. Write 'port' if that was"
                                + " meant.",
                        "leat.yaml:3: door.idle-timeout: 'soon' is not a duration; write e.g."
                                + " 250ms, 10s, 5m, 1h or 7d.",
                        "leat.yaml:4: mode: 'writable' is none of read-only, read-write.",
                        "leat.yaml:5: limit: a list stands here. Write a single value.");
    }

    @Test
    void blamesTheLineOfTheKeyThatARecordRefuses() {
        // When
        Checked<Settings> read = read("limit: 1KiB", "door:", "  port: 70000");

        // Then
        assertThat(read.faults().stream().map(Problem::toString))
                .containsExactly("leat.yaml:3: door: port must be at most 65535.");
    }

    @Test
    void describesEveryKeyInOneTable() {
        // When
        String table = SettingsReference.markdown(Settings.class);

        // Then
        assertThat(table)
                .contains("| `door.idle-timeout` | duration | `30s` | The patience |")
                .contains("| `mode` | `read-only` or `read-write` | `read-only` | A mode |")
                .contains("| `client` | keys with a text | none | Some keys |");
    }
}

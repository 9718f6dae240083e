package leat.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import leat.core.config.SettingsReader;
import leat.core.config.SettingsReference;
import leat.launcher.config.LeatConfig;
import leat.stream.extract.ExtractionSettings;
import org.junit.jupiter.api.Test;

/// Holds the generated pages to the program. `-Dleat.docs.write=true` writes them anew.
final class ReferenceTest {

    private static final Path PAGES = Path.of("..", "docs", "reference");

    @Test
    void thePageOfCommandsIsWhatTheProgramSays() throws IOException {
        holds("commands.md", CommandsReference.markdown());
    }

    @Test
    void thePageOfSettingsIsWhatTheProgramSays() throws IOException {
        String page =
                """
                # Configuration

                Generated from the program; a test fails while this page is stale.

                `leat.yaml` holds these keys, nested at the dots. All have defaults that run on one machine.
                Durations are written `250ms`, `10s`, `5m`, `1h` or `7d`, sizes `512KiB`, `10MiB` or `2GiB`.
                An unknown key, or a value out of its range, is an error that names file and line.

                """
                        + SettingsReference.markdown(LeatConfig.class);
        holds("configuration.md", page);
    }

    @Test
    void thePageOfExtractionsIsWhatTheProgramSays() throws IOException {
        String page =
                """
                # Extractions

                Generated from the program; a test fails while this page is stale.

                A file `extractions/NAME.yaml` holds these keys, nested at the dots: what is pulled, how often and into
                which contract. `contract` must be there, and either `http` with `url` or `jdbc` with `url`, `query`,
                `watermark` and `id`; the rest may be left out. How to use them:
                [how-to](../how-to/extract-from-files-apis-and-databases.md).

                """
                        + SettingsReference.markdown(ExtractionSettings.class);
        holds("extraction.md", page);
    }

    @Test
    void everyDefaultIsUsable() {
        assertThat(SettingsReader.defaults(LeatConfig.class).prefix()).isEqualTo("leat");
    }

    private static void holds(String name, String page) throws IOException {
        Path file = PAGES.resolve(name);
        if (Boolean.getBoolean("leat.docs.write")) {
            Files.writeString(file, page);
        }
        assertThat(file).as("run with -Dleat.docs.write=true").exists();
        assertThat(Files.readString(file)).isEqualTo(page);
    }
}

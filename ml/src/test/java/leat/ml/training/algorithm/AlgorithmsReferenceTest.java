package leat.ml.training.algorithm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Holds the tables of the algorithms' page to the program. `-Dleat.docs.write=true` writes them
/// anew.
final class AlgorithmsReferenceTest {

    private static final Path PAGE = Path.of("..", "docs", "reference", "algorithms.md");

    @Test
    void thePageHasATableOfTheParametersOfEachAlgorithm() throws IOException {
        String page = Files.readString(PAGE);
        for (AlgorithmKind kind : Algorithms.all()) {
            Matcher section =
                    Pattern.compile("(?s)(\n## `" + kind.name() + "`\n.*?\n)(\\| .*?\n)(\n|$)")
                            .matcher(page);
            assertThat(section.find()).as(kind.name()).isTrue();
            if (Boolean.getBoolean("leat.docs.write")) {
                page =
                        page.substring(0, section.start(2))
                                + table(kind)
                                + page.substring(section.end(2));
                Files.writeString(PAGE, page);
            } else {
                assertThat(section.group(1)).contains(kind.meaning() + ".");
                assertThat(section.group(2))
                        .as("run with -Dleat.docs.write=true")
                        .isEqualTo(table(kind));
            }
        }
    }

    @Test
    void thePageHasNoOtherAlgorithm() throws IOException {
        assertThat(
                        Pattern.compile("(?m)^## `(.+)`$")
                                .matcher(Files.readString(PAGE))
                                .results()
                                .map(found -> found.group(1)))
                .containsExactlyElementsOf(Algorithms.names());
    }

    private static String table(AlgorithmKind kind) {
        StringBuilder table = new StringBuilder();
        table.append("| parameter | value | default | meaning |\n|---|---|---|---|\n");
        for (Parameter parameter : kind.parameters()) {
            table.append("| `").append(parameter.name());
            table.append("` | ").append(parameter.range());
            table.append(" | `").append(parameter.fallback());
            table.append("` | ").append(parameter.meaning()).append(" |\n");
        }
        return table.toString();
    }
}

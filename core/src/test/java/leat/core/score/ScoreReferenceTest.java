package leat.core.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Holds the page of the ML Test Score to the program.
final class ScoreReferenceTest {

    private static final Path PAGE = Path.of("../docs/reference/ml-test-score.md");

    /// The words in the first column of a section's table.
    private static List<String> firstColumn(String heading) throws IOException {
        String page = Files.readString(PAGE);
        String section = page.substring(page.indexOf(heading) + heading.length());
        int end = section.indexOf("\n## ");
        return Pattern.compile("^\\| `([a-z.½ -]+)` \\|", Pattern.MULTILINE)
                .matcher(end < 0 ? section : section.substring(0, end))
                .results()
                .map(row -> row.group(1))
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void thePageNamesTheTestsOfEachGroupInTheirOrder(Section section) throws IOException {
        String word = section.word();
        String heading =
                "\n## " + word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1) + "\n";

        assertThat(firstColumn(heading))
                .hasSize(7)
                .isEqualTo(
                        Arrays.stream(ScoreTest.values())
                                .filter(test -> test.section() == section)
                                .map(ScoreTest::word)
                                .toList());
    }

    @Test
    void thePageNamesTheKeysThatAreRead() throws IOException {
        assertThat(firstColumn("\n## Keys of `score`\n"))
                .containsExactlyInAnyOrder(
                        "oldest", "groups", "budget.tiles", "budget.delay", "answers");
        assertThat(ScoreRulesReader.KEYS)
                .containsExactlyInAnyOrder("oldest", "groups", "budget", "answers");
    }
}

package leat.core.feature;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Holds the page of feature views to the program.
class FeaturesReferenceTest {

    private static final Path PAGE = Path.of("../docs/reference/features.md");

    /// The words in the first column of a section's table.
    private static List<String> firstColumn(String heading) throws IOException {
        String page = Files.readString(PAGE);
        String section = page.substring(page.indexOf(heading) + heading.length());
        int end = section.indexOf("\n## ");
        return Pattern.compile("^\\| `([a-z]+)` \\|", Pattern.MULTILINE)
                .matcher(end < 0 ? section : section.substring(0, end))
                .results()
                .map((MatchResult row) -> row.group(1))
                .toList();
    }

    @Test
    void thePageNamesTheKeysThatAreRead() throws IOException {
        assertThat(firstColumn("## Keys of a view\n"))
                .containsExactlyInAnyOrderElementsOf(ViewKeys.VIEW);
        assertThat(firstColumn("## Keys of an entry of `features`\n"))
                .containsExactlyInAnyOrderElementsOf(ViewKeys.FEATURE);
    }

    @Test
    void thePageNamesTheKeysOfSets() throws IOException {
        assertThat(firstColumn("## Keys of a set\n"))
                .containsExactlyInAnyOrderElementsOf(SetKeys.SET);
        assertThat(firstColumn("## Keys of an entry of a set's `features`\n"))
                .containsExactlyInAnyOrderElementsOf(SetKeys.ENTRY);
    }

    @Test
    void thePageNamesTheAggregatesInTheirOrder() throws IOException {
        assertThat(firstColumn("## Aggregates\n"))
                .isEqualTo(Arrays.stream(Aggregate.values()).map(Aggregate::word).toList());
    }
}

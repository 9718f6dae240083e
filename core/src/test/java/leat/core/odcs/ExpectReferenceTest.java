package leat.core.odcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Holds what the page of feature views says of expectations to the program.
class ExpectReferenceTest {

    /// The words in the first column of a table.
    private static List<String> firstColumn(String header) throws IOException {
        String page = Files.readString(Path.of("../docs/reference/features.md"));
        String table = page.substring(page.indexOf(header));
        return Pattern.compile("^\\| `([A-Za-z]+)` \\|", Pattern.MULTILINE)
                .matcher(table.substring(0, table.indexOf("\n\n")))
                .results()
                .map(row -> row.group(1))
                .toList();
    }

    @Test
    void thePageNamesWhatCanBeExpectedAndHowItIsJudged() throws IOException {
        assertThat(firstColumn("| key | of | counts |"))
                .hasSameElementsAs(
                        Stream.concat(
                                        ExpectReader.OF_FEATURES.stream(),
                                        ExpectReader.OF_VIEW.stream())
                                .toList());
        assertThat(firstColumn("| key | says | default |"))
                .containsExactlyInAnyOrderElementsOf(ExpectReader.JUDGING);
    }
}

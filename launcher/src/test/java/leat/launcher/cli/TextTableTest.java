package leat.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TextTableTest {

    @Test
    void alignsTextToTheLeftAndNumbersToTheRight() {
        // Given
        TextTable table = new TextTable("NAME", "COUNT");
        table.row("a", "5");
        table.row("longer", "1000");

        // When
        List<String> lines = table.lines(80);

        // Then
        assertThat(lines).containsExactly("NAME    COUNT", "a           5", "longer   1000");
    }

    @Test
    void aNumberOfThingsIsTextAndANumberWithAUnitIsNot() {
        // Given
        TextTable table = new TextTable("DETAIL", "FRESHNESS");
        table.row("4 topics", "44 s");
        table.row("", "120 ms");

        // When
        List<String> lines = table.lines(80);

        // Then
        assertThat(lines)
                .containsExactly(
                        "DETAIL    FRESHNESS", "4 topics       44 s", "             120 ms");
    }

    @Test
    void staysWithinANarrowTerminal() {
        // Given
        TextTable table = new TextTable("FIRST", "SECOND", "THIRD");
        table.row("x".repeat(15), "y".repeat(15), "z".repeat(15));

        // When
        List<String> lines = table.lines(30);

        // Then
        assertThat(lines).allMatch(line -> line.length() <= 30);
    }

    @Test
    void tellsHowManyColumnsHaveNoRoom() {
        // Given
        TextTable table = new TextTable("FIRST", "SECOND", "THIRD", "N");
        table.row("x".repeat(15), "y".repeat(15), "z".repeat(15), "7");

        // When, Then
        assertThat(table.hiddenColumns(30)).isEqualTo(2);
        assertThat(table.hiddenColumns(52)).isZero();
        assertThat(table.lines(52)).last().asString().endsWith("z  7");
    }
}

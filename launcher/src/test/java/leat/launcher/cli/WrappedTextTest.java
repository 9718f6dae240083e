package leat.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class WrappedTextTest {

    @Test
    void noLineIsWiderThanTheTerminal() {
        assertThat(
                        WrappedText.lines(
                                "  ",
                                "the newest 2000 vectors, to AAAAAAAAAAAAAAAAAAAAAA/0@2001, are like\n"
                                        + "the training",
                                26))
                .containsExactly(
                        "  the newest 2000 vectors,",
                        "  to",
                        "  AAAAAAAAAAAAAAAAAAAAAA/0",
                        "  @2001, are like the",
                        "  training")
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(26));
    }

    @Test
    void linesStayReadableWhereThereIsNoRoom() {
        assertThat(WrappedText.lines("      ", "one two", 10)).containsExactly("      one two");
    }
}

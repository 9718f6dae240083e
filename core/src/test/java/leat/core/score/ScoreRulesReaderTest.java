package leat.core.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ScoreRulesReaderTest {

    private static List<String> problems(String score) {
        return ScoreRulesReader.read(
                        Path.of("failure.yaml"), "score:\n" + score.indent(2), List.of())
                .faults()
                .stream()
                .map(Object::toString)
                .toList();
    }

    @Test
    void allIsRead() {
        ScoreRules rules =
                ScoreRulesReader.read(
                                Path.of("failure.yaml"),
                                """
                                score:
                                  oldest: 7d
                                  groups: [load]
                                  budget: {tiles: 50, delay: 2s}
                                  answers:
                                    - test: new-features
                                      done: took two weeks
                                      link: https://example.org/1
                                      by: Ann
                                      date: 2026-11-28
                                """,
                                List.of())
                        .orThrow();

        assertThat(rules.oldest()).isEqualTo(Duration.ofDays(7));
        assertThat(rules.groups()).containsExactly("load");
        assertThat(rules.budget()).isEqualTo(new ScoreRules.Budget(50, Duration.ofSeconds(2)));
        assertThat(rules.answers())
                .singleElement()
                .hasToString("took two weeks (Ann, 2026-11-28, https://example.org/1)");
        assertThat(ScoreRulesReader.read(Path.of("a.yaml"), "scoring: {}", List.of()).orThrow())
                .isEqualTo(ScoreRules.DEFAULT);
    }

    @Test
    void everythingThatIsWrongIsSaidWithItsRemedy() {
        assertThat(
                        problems(
                                """
                                oldest: soon
                                budget: {tile: 3}
                                answers:
                                  - {test: reviw, done: x, link: "here", by: Ann, date: "28.11.2026"}
                                  - {test: age, done: x, link: "https://a.org", by: Ann}
                                  - {test: age, done: x, link: "https://a.org", by: Ann, date: 2026-11-28}
                                """))
                .hasSize(7)
                .anySatisfy(one -> assertThat(one).contains("there is no test 'reviw'", "review"))
                .anySatisfy(one -> assertThat(one).contains("'here' is no http or https address"))
                .anySatisfy(one -> assertThat(one).contains("'28.11.2026' is no date"))
                .anySatisfy(one -> assertThat(one).contains("has an answer already"))
                .anySatisfy(one -> assertThat(one).contains("date", "is missing"))
                .anySatisfy(one -> assertThat(one).contains("tile", "unknown key"))
                .anySatisfy(one -> assertThat(one).contains("oldest"));
    }
}

package leat.core.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import leat.core.contract.Contract;
import leat.core.contract.QualityRule;
import leat.core.contract.QualityRule.AlertPolicy;
import leat.core.quality.RuleTest;
import leat.core.yaml.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What views expect of their vectors.
class ExpectationsTest {

    private static final Path FILE = Path.of("driving.yaml");

    private static CompiledView view(String text) {
        return FeatureViewReader.read(FILE, text, FeatureContracts.all()).orThrow();
    }

    private static List<QualityRule> rules(String text) {
        return view(text).contract().quality().rules();
    }

    private static List<String> problems(String text) {
        return FeatureViewReader.read(FILE, text, FeatureContracts.all()).faults().stream()
                .map(Problem::toString)
                .toList();
    }

    @Test
    void anExpectationOfAnEntryIsARuleOfEachOfItsFeatures() {
        List<QualityRule> rules =
                rules(
                        """
                        entity: car
                        source: readings
                        features:
                          - name: speed
                            expression: event.speed
                            aggregate: [mean, max]
                            windows: [5m]
                            expect:
                              - range: {minimum: 0, exclusiveMaximum: 60}
                              - {metric: nullValues, unit: percent, mustBeLessThan: 5,
                                 window: 5m, severity: warning, for: 2, resolveAfter: 3}
                        """);

        assertThat(rules)
                .extracting(QualityRule::id, QualityRule::name, QualityRule::field)
                .containsExactly(
                        tuple("speed-mean-5m-range", "speed_mean_5m range", "speed_mean_5m"),
                        tuple("speed-max-5m-range", "speed_max_5m range", "speed_max_5m"),
                        tuple(
                                "speed-mean-5m-nullvalues",
                                "speed_mean_5m nullValues",
                                "speed_mean_5m"),
                        tuple(
                                "speed-max-5m-nullvalues",
                                "speed_max_5m nullValues",
                                "speed_max_5m"));
        assertThat(rules.getFirst().demand()).isEqualTo("must be 0 within 1m");
        assertThat(rules.getFirst().measure())
                .hasToString("OutOfRange[field=speed_mean_5m, range=[0.0, 60.0)]");
        assertThat(rules.getFirst().alert()).contains(new AlertPolicy("error", 1, 1));
        assertThat(rules.getFirst().location().line()).isEqualTo(9);
        assertThat(rules.getLast().demand()).isEqualTo("must be less than 5 percent within 5m");
        assertThat(rules.getLast().alert()).contains(new AlertPolicy("warning", 2, 3));
        assertThat(rules).noneMatch(QualityRule::quarantine);
    }

    @Test
    void theExampleOfTheReferencePageIsSound() throws IOException {
        String page = Files.readString(Path.of("../docs/reference/features.md"));
        String section = page.substring(page.indexOf("\n## Expectations\n"));
        int start = section.indexOf("```yaml\n") + "```yaml\n".length();

        assertThat(
                        rules(
                                "entity: car\nsource: readings\n"
                                        + section.substring(start, section.indexOf("```", start))))
                .extracting(QualityRule::id)
                .contains("freshness", "speed-max-5m-range", "speed-mean-1h-nullvalues")
                .hasSize(10);
    }

    @Test
    void aViewExpectsOfWholeVectorsAndOneExpectationNeedsNoList() {
        CompiledView view =
                view(
                        """
                        entity: car
                        source: readings
                        features:
                          - {name: gear, expression: event.gear, expect: {validValues: [1, 2]}}
                          - {name: driver, expression: event.driver, expect: {pattern: "^[A-Z]"}}
                          - {name: served, expression: event.served}
                        expect:
                          - {freshness: 10m}
                          - {lateness: 5s, unit: percent, mustBeLessThan: 1}
                          - {metric: rowCount, mustBeGreaterThan: 0}
                          - {condition: "event.gear < 7 || event.entity == 'x'", name: gears}
                        """);

        assertThat(view.contract().quality().rules())
                .extracting(QualityRule::id, QualityRule::demand)
                .containsExactly(
                        tuple("freshness", "must be less or equal to 600 within 10m"),
                        tuple("lateness", "must be less than 1 percent within 1m"),
                        tuple("rowcount", "must be greater than 0 within 1m"),
                        tuple("gears", "must be 0 within 1m"),
                        tuple("gear-validvalues", "must be 0 within 1m"),
                        tuple("driver-pattern", "must be 0 within 1m"));
        assertThat(RuleTest.of(view.contract())).hasSize(6);
        assertThat(view.view().expected()).isEqualTo(view.contract().quality());
        assertThat(view.contract().quality().rules().getFirst().window())
                .isEqualTo(Duration.ofMinutes(10));
    }

    /// As where the registered versions of contracts are joined.
    @Test
    void aViewThatIsCompiledAgainStillExpectsIt() {
        CompiledView view =
                view(
                        """
                        entity: car
                        source: readings
                        features:
                          - {name: gear, expression: event.gear, expect: {range: {minimum: -1}}}
                        """);

        Contract again = view.under(FeatureContracts.all()).contract();

        assertThat(again.quality().rules()).hasSize(1);
        assertThat(again).isEqualTo(view.contract());
    }

    /// Of a feature `speed`, a number.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    range: {minimum: 60, maximum: 0} | .range: no value lies in [60.0, 0.0]. Widen the range.
                    range: {} | .range: has no bounds. Write e.g. {minimum: 0}.
                    range: {minimum: low} | .range.minimum: 'low' is not a number.
                    range: {min: 0} | .range.min: unknown key. Use one of exclusiveMaximum, exclusiveMinimum, maximum, minimum.
                    min: 0 | .min: is a bound outside of a range. Write range: {minimum: 0, maximum: 1}.
                    rang: {minimum: 0} | .rang: unknown key. Write 'range' if that was meant.
                    severity: warning | : does not say what is expected. Use one of metric, range, validValues, pattern.
                    range: {minimum: 0}, metric: nullValues | .range: stands beside metric. Make two expectations of them.
                    metric: nulValues | .metric: unknown metric 'nulValues'. Write 'nullValues' if that was meant.
                    metric: rowCount | .metric: rowCount is expected of whole vectors. Move it to the view's expect.
                    freshness: 5m | .freshness: is expected of whole vectors. Move it to the view's expect.
                    pattern: "a+" | .pattern: a pattern is for texts, and 'speed' is of type number. Take it away, or give the feature an entry of its own.
                    validValues: [slow] | .validValues: 'slow' is not a number, which 'speed' is. List values of its type, or give the feature an entry of its own.
                    validValues: [] | .validValues: names none. Write e.g. [a, b].
                    metric: nullValues, unit: share | .unit: unknown unit 'share'. Use rows or percent.
                    metric: nullValues, mustBe: 0, mustBeLessThan: 5 | .mustBeLessThan: stands beside mustBe. Keep one comparison, or use mustBeBetween.
                    metric: nullValues, mustBeLessThan: few | .mustBeLessThan: 'few' is not a number.
                    metric: nullValues, window: 2d | .window: a window is from 1s to 1d here.
                    metric: nullValues, for: 0 | .for: '0' is not a whole number from 1 to 1000.
                    """)
    void anExpectationOfAFeatureThatCannotWorkIsRefusedWithARemedy(String expect, String problem) {
        assertThat(
                        problems(
                                "entity: car\nsource: readings\nfeatures:\n  - name: speed\n"
                                        + "    expression: event.speed\n    expect: {"
                                        + expect
                                        + "}\n"))
                .containsExactly("driving.yaml:6: features[0].expect" + problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    range: {minimum: 0} | .range: is expected of a feature. Move it to the feature's entry.
                    metric: nullValues | .metric: nullValues is expected of a feature. Move it to the feature's entry.
                    metric: rowCount | .metric: says nothing of what the number must be. Write e.g. mustBeGreaterThan: 0.
                    metric: rowCount, mustBe: 1, unit: percent | .unit: rowCount has no share of the vectors. Take it away.
                    freshness: 5m, mustBe: 0 | .mustBe: freshness has its bound in itself. Take it away.
                    freshness: 5m, window: 1m | .window: a window is from 5m to 1d here.
                    freshness: 2d | .freshness: is longer than 1d. Write e.g. 5m.
                    lateness: soon | .lateness: 'soon' is not a duration; write e.g. 250ms, 10s, 5m, 1h or 7d.
                    condition: "event.sped > 0.0" | .condition: undefined field 'sped' in 'event.sped > 0.0'. Write 'speed' if that was meant.
                    condition: event.speed > 0.0, name: "?" | .name: '?' gives no id of 1 to 100 letters and digits. Name the expectation with letters and digits.
                    """)
    void anExpectationOfAViewThatCannotWorkIsRefusedWithARemedy(String expect, String problem) {
        assertThat(
                        problems(
                                "entity: car\nsource: readings\nexpect: {"
                                        + expect
                                        + "}\nfeatures:\n  - {name: speed, expression:"
                                        + " event.speed}\n"))
                .containsExactly("driving.yaml:3: expect" + problem);
    }

    /// Also where it makes no sense of several features of an entry.
    @Test
    void whatFitsNotAllFeaturesOfAnEntryIsToldOnceWithTheFeature() {
        assertThat(
                        problems(
                                """
                                entity: car
                                source: readings
                                features:
                                  - name: driver
                                    expression: event.driver
                                    aggregate: [distinct, last, first]
                                    windows: [5m, 1h]
                                    expect:
                                      - range: {minimum: 1}
                                      - {metric: nullValues, window: 1ms}
                                """))
                .containsExactly(
                        "driving.yaml:9: features[0].expect[0].range: a range is for numbers, and"
                                + " 'driver_last_5m' is of type string. Take it away, or give the"
                                + " feature an entry of its own.",
                        "driving.yaml:10: features[0].expect[1].window: a window is from 1s to 1d"
                                + " here.");
    }

    @Test
    void twoOfOneFeatureNeedNames() {
        String text =
                """
                entity: car
                source: readings
                features:
                  - name: speed
                    expression: event.speed
                    expect:
                      - {range: {maximum: 50}, severity: warning}
                      - {range: {maximum: 60}%s}
                """;

        assertThat(problems(text.formatted("")))
                .containsExactly(
                        "driving.yaml:8: features[0].expect[1].name: 'speed range' is also the name"
                                + " of the rule in line 7. Give the rules names that differ in"
                                + " letters and digits.");
        assertThat(rules(text.formatted(", name: limit")))
                .extracting(QualityRule::id)
                .containsExactly("speed-range", "speed-limit");
    }

    @Test
    void aViewExpectsAtMostTwoHundredThings() {
        String windows =
                IntStream.rangeClosed(1, 101)
                        .mapToObj(i -> i + "s")
                        .collect(Collectors.joining(", "));

        assertThat(
                        problems(
                                """
                                entity: car
                                source: readings
                                features:
                                  - name: speed
                                    expression: event.speed
                                    aggregate: [mean, max]
                                    windows: [%s]
                                    expect: {range: {minimum: 0}}
                                """
                                        .formatted(windows)))
                .containsExactly(
                        "driving.yaml:3: features: and the view expect 202 things, more than 200."
                                + " Expect less, or split the view.");
    }
}

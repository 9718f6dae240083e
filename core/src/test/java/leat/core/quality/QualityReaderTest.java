package leat.core.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import leat.core.contract.Contract;
import leat.core.contract.Quality;
import leat.core.contract.QualityRule;
import leat.core.contract.QualityRule.AlertPolicy;
import leat.core.odcs.OdcsReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QualityReaderTest {

    @Test
    void rulesAreReadWithTheirWindowsAndAlerts() {
        Contract contract =
                QualityContracts.contract(
                        "- {type: custom, engine: leat, implementation: {freshness: 10m},"
                                + " severity: warning}",
                        """
                        - name: Speed known
                          metric: nullValues
                          unit: percent
                          mustBeLessThan: 5
                          customProperties:
                            - {property: leat.window, value: 5m}
                            - {property: leat.alert, value: {for: 2, resolveAfter: 3}}
                        """,
                        "");

        QualityRule freshness = contract.quality().rules().getFirst();
        QualityRule known = contract.quality().rules().getLast();

        assertThat(freshness.id()).isEqualTo("custom");
        assertThat(freshness.window()).isEqualTo(Duration.ofMinutes(10));
        assertThat(freshness.alert()).contains(new AlertPolicy("warning", 1, 1));
        assertThat(known.id()).isEqualTo("speed-known");
        assertThat(known.field()).isEqualTo("speed");
        assertThat(known.demand()).isEqualTo("must be less than 5 percent within 5m");
        assertThat(known.alert()).contains(new AlertPolicy("error", 2, 3));
    }

    @Test
    void rulesForOthersAreNamedAsNotJudged() {
        Contract contract =
                QualityContracts.contract(
                        """
                        - {type: sql, name: totals, query: "select 1", mustBe: 1}
                        - {type: text, description: looks right}
                        - {type: custom, engine: soda, implementation: "checks"}
                        """,
                        "",
                        "");

        assertThat(contract.quality().rules()).isEmpty();
        assertThat(contract.quality().unjudged())
                .extracting(Quality.Unjudged::name)
                .containsExactly("totals", "text", "custom");
    }

    @Test
    void theExampleOfTheReferencePageIsSound() throws IOException {
        String page = Files.readString(Path.of("../docs/reference/quality.md"));
        int start = page.indexOf("```yaml\n") + "```yaml\n".length();
        String schema = page.substring(start, page.indexOf("```", start));
        String head =
                """
                apiVersion: v3.1.0
                kind: DataContract
                id: ride
                version: 1.0.0
                status: active
                """;
        String fields =
                """
                      - {name: car, logicalType: integer}
                      - {name: at, logicalType: timestamp}
                """;

        Contract contract =
                OdcsReader.read(Path.of("ride.odcs.yaml"), head + schema + fields).orThrow();

        assertThat(contract.quality().rules())
                .extracting(QualityRule::id)
                .containsExactly(
                        "enough-rides", "ride-twice", "fresh", "speed-known", "speed-believable");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {metric: nullCount, mustBe: 0}          | unknown metric 'nullCount'
                    {metric: nullValues}                    | says nothing of what the number must be
                    {metric: nullValues, mustBe: 0, mustNotBe: 1} | stands beside
                    {metric: nullValues, mustBe: few}       | 'few' is not a number
                    {metric: nullValues, mustBeBetween: [2, 1]} | is not two numbers in their order
                    {metric: nullValues, mustBe: 0, unit: promille} | unknown unit 'promille'
                    {metric: nullValues, mustBe: 0, must: 1} | unknown key
                    {metric: rowCount, mustBe: 0}           | rowCount is about events
                    {metric: invalidValues, mustBe: 0}      | needs to know what is valid
                    {metric: invalidValues, mustBe: 0, arguments: {validValues: [x]}} | 'x' is not a number
                    {metric: invalidValues, mustBe: 0, arguments: {pattern: "x"}} | a pattern is for strings
                    {metric: missingValues, mustBe: 0}      | needs the values that stand for nothing
                    {type: custom, engine: leat}            | implementation is missing
                    {type: custom, engine: leat, implementation: {range: {minimum: 2, maximum: 1}}} | no value lies in
                    {type: custom, engine: leat, implementation: {condition: "event.sped > 1.0"}} | undefined field 'sped'
                    {type: custom, engine: leat, implementation: {condition: "event.speed"}} | the condition needs bool
                    {type: custom, engine: leat, implementation: {freshness: 5m}, mustBe: 1} | has its bound in itself
                    {type: custom, engine: leat, implementation: {freshness: 25h}} | is longer than 1d
                    {type: magic}                           | unknown type 'magic'
                    {metric: nullValues, mustBe: 0, customProperties: [{property: leat.window, value: 2d}]} | a window is from 1s to 1d
                    {metric: nullValues, mustBe: 0, customProperties: [{property: leat.windows, value: 2d}]} | unknown property 'leat.windows'
                    {metric: duplicateValues, mustBe: 0, customProperties: [{property: leat.quarantine, value: true}]} | cannot quarantine
                    {name: "!", metric: nullValues, mustBe: 0} | gives no id
                    """)
    void aMalformedRuleIsAProblemAtItsPlace(String rule, String complaint) {
        assertThat(QualityContracts.complaints("", "- " + rule.strip(), ""))
                .singleElement()
                .asString()
                .startsWith("ride.odcs.yaml:15: ")
                .contains(complaint.strip());
    }

    @Test
    void aRegisteredFreshnessThatIsTooLongIsReadSoThatItCanBePutRight() {
        String text =
                QualityContracts.text(
                        "", "- {type: custom, engine: leat, implementation: {freshness: 25h}}", "");

        assertThat(OdcsReader.readRegistered(Path.of("ride.odcs.yaml"), text).faults()).isEmpty();
    }

    @Test
    void twoRulesOfOneIdAreAProblem() {
        assertThat(
                        QualityContracts.complaints(
                                "",
                                """
                                - {metric: nullValues, mustBe: 0}
                                - {metric: nullValues, mustBe: 1}
                                """,
                                ""))
                .singleElement()
                .asString()
                .contains("is also the name of the rule in line 15");
    }

    @Test
    void aMalformedAlertIsAProblem() {
        assertThat(
                        QualityContracts.complaints(
                                "",
                                "",
                                """
                                - property: leat.alerts
                                  value:
                                    - {name: a, on: raw, mustBe: 0}
                                    - {name: b, on: dead, when: "event.speed > 1.0", mustBe: 0}
                                """))
                .singleElement()
                .asString()
                .contains("leat.alerts[0].on: is 'raw'");
    }
}

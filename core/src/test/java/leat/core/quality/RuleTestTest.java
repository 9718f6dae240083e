package leat.core.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import leat.core.contract.Contract;
import leat.core.outcome.Outcome;
import leat.core.quality.Verdict.Judgement;
import leat.core.validate.Row;
import leat.core.validate.Validator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RuleTestTest {

    private static final Instant END = Instant.parse("2026-03-01T12:01:00Z");
    private static final long APPENDED = micros("2026-03-01T12:00:30Z");

    private static final List<String> EVENTS =
            List.of(
                    "{\"car\":1,\"speed\":50,\"note\":\"ok\",\"at\":\"2026-03-01T12:00:29Z\"}",
                    "{\"car\":2,\"speed\":500,\"note\":\"N/A\",\"owner\":{\"mail\":\"x\"},"
                            + "\"at\":\"2026-03-01T11:50:00Z\"}",
                    "{\"car\":1,\"note\":\"bad\",\"at\":\"2026-03-01T12:00:10Z\"}",
                    "{\"car\":3,\"speed\":-1,\"owner\":{\"mail\":\"a@b\"},"
                            + "\"at\":\"2026-03-01T12:00:20Z\"}");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    speed  | {metric: nullValues, mustBe: 1}                               | PASSED | 1
                    speed  | {metric: nullValues, unit: percent, mustBeLessThan: 25}       | FAILED | 25
                    speed  | {metric: nullValues, unit: percent, mustBeBetween: [20, 30]}  | PASSED | 25
                    speed  | {metric: invalidValues, arguments: {validValues: [50, -1.0]}, mustBe: 0} | FAILED | 1
                    speed  | {type: custom, engine: leat, implementation: {range: {minimum: 0, maximum: 400}}} | FAILED | 2
                    object | {metric: rowCount, mustBeGreaterOrEqualTo: 4}                 | PASSED | 4
                    object | {metric: duplicateValues, arguments: {properties: [car]}, mustBe: 0} | FAILED | 1
                    object | {metric: duplicateValues, arguments: {properties: [car, note]}, mustBe: 0} | PASSED | 0
                    object | {type: custom, engine: leat, implementation: {condition: "event.speed < 100.0"}} | FAILED | 2
                    object | {type: custom, engine: leat, implementation: {freshness: 31s}} | PASSED | 31
                    object | {type: custom, engine: leat, implementation: {freshness: 30s}} | FAILED | 31
                    object | {type: custom, engine: leat, implementation: {lateness: 15s}} | FAILED | 2
                    """)
    void aRuleCountsWhatItIsAbout(String on, String rule, Judgement judgement, double value) {
        String entry = "- " + rule.strip();

        Verdict verdict =
                verdict(
                        on.strip().equals("speed")
                                ? QualityContracts.contract("", entry, "")
                                : QualityContracts.contract(entry, "", ""));

        assertThat(verdict).isEqualTo(new Verdict(judgement, OptionalDouble.of(value), ""));
    }

    @Test
    void missingValuesAreTextsThatStandForNothing() {
        Contract contract =
                QualityContracts.contract(
                        "- {type: custom, engine: leat, name: mail, implementation: {condition:"
                                + " \"has(event.owner) && event.owner.mail.contains('@')\"}}",
                        "",
                        "");

        assertThat(verdict(contract).value()).hasValue(3);
    }

    @Test
    void aShareOfNoEventsIsNotJudgedAndAnEmptyWindowIsStale() {
        Contract share =
                QualityContracts.contract(
                        "", "- {metric: nullValues, unit: percent, mustBe: 0}", "");
        Contract fresh =
                QualityContracts.contract(
                        "- {type: custom, engine: leat, implementation: {freshness: 5m}}", "", "");

        assertThat(Verdict.of(share.quality().rules().getFirst(), Tally.NONE, END).judgement())
                .isEqualTo(Judgement.NOT_JUDGED);
        assertThat(Verdict.of(fresh.quality().rules().getFirst(), Tally.NONE, END).judgement())
                .isEqualTo(Judgement.FAILED);
    }

    @Test
    void moreIdentitiesThanAreKeptAreNotJudged() {
        Contract contract =
                QualityContracts.contract(
                        "- {metric: duplicateValues, arguments: {properties: [car]}, mustBe: 0}",
                        "",
                        "");
        RuleTest test = RuleTest.of(contract).getFirst();
        Tally.Builder half = new Tally.Builder();
        Tally.Builder other = new Tally.Builder();
        for (int car = 0; car <= Tally.MAX_IDENTITIES; car++) {
            Row row = row(contract, "{\"car\":" + car + "}");
            test.add(
                    new Seen(row, false, APPENDED, APPENDED),
                    car < Tally.MAX_IDENTITIES / 2 ? half : other);
        }

        Tally whole = half.build().plus(other.build());

        assertThat(whole.hits()).isEqualTo(Tally.MAX_IDENTITIES + 1);
        assertThat(Verdict.of(test.rule(), whole, END))
                .isEqualTo(
                        new Verdict(
                                Judgement.NOT_JUDGED,
                                OptionalDouble.empty(),
                                "more than 50000 different values"));
    }

    @Test
    void aQuarantinedEventCountsForTheRuleThatQuarantinedIt() {
        Contract contract =
                QualityContracts.contract(
                        "",
                        """
                        - type: custom
                          engine: leat
                          name: Speed range
                          implementation: {range: {maximum: 400}}
                          unit: percent
                          mustBeLessThan: 10
                          customProperties: [{property: leat.quarantine, value: true}]
                        - {metric: nullValues, mustBe: 0}
                        """,
                        "");
        RuleTest range = RuleTest.of(contract).getFirst();
        RuleTest nulls = RuleTest.of(contract).getLast();
        Seen fast = new Seen(row(contract, EVENTS.get(1)), false, APPENDED, APPENDED);
        Row dead =
                DeadEvent.row(
                        "enricher",
                        List.of("quality"),
                        List.of("speed"),
                        List.of(range.reason().message()));
        Tally.Builder forRange = new Tally.Builder();
        Tally.Builder forNulls = new Tally.Builder();

        range.add(new Seen(dead, true, APPENDED, APPENDED), forRange);
        nulls.add(new Seen(dead, true, APPENDED, APPENDED), forNulls);

        assertThat(range.quarantines(fast)).isTrue();
        assertThat(nulls.quarantines(fast)).isFalse();
        assertThat(forRange.build()).extracting(Tally::rows, Tally::hits).containsExactly(1L, 1L);
        assertThat(forNulls.build()).isEqualTo(Tally.NONE);
    }

    @Test
    void alertsCountEnrichedOrDeadEventsThatMeetACondition() {
        Contract contract =
                QualityContracts.contract(
                        "",
                        "",
                        """
                        - property: leat.alerts
                          value:
                            - {name: speeding, on: enriched, when: "event.speed > 400.0", mustBe: 0}
                            - name: types
                              on: dead
                              when: "'type' in event.codes && event.stage == 'enricher'"
                              unit: percent
                              mustBeLessThan: 10
                        """);
        Row dead = DeadEvent.row("enricher", List.of("type"), List.of("a"), List.of("is a text"));
        List<RuleTest> tests = RuleTest.of(contract);
        Tally.Builder speeding = tally(contract, tests.getFirst());
        Tally.Builder types = tally(contract, tests.getLast());

        tests.getFirst().add(new Seen(dead, true, APPENDED, APPENDED), speeding);
        tests.getLast().add(new Seen(dead, true, APPENDED, APPENDED), types);

        assertThat(Verdict.of(tests.getFirst().rule(), speeding.build(), END).value()).hasValue(1);
        assertThat(Verdict.of(tests.getLast().rule(), types.build(), END).value()).hasValue(20);
    }

    private static Verdict verdict(Contract contract) {
        RuleTest test = RuleTest.of(contract).getFirst();
        return Verdict.of(test.rule(), tally(contract, test).build(), END);
    }

    private static Tally.Builder tally(Contract contract, RuleTest test) {
        Tally.Builder tally = new Tally.Builder();
        for (String event : EVENTS) {
            Row row = row(contract, event);
            Instant time = (Instant) java.util.Objects.requireNonNull(row.value("at"));
            test.add(new Seen(row, false, micros(time.toString()), APPENDED), tally);
        }
        return tally;
    }

    private static Row row(Contract contract, String event) {
        return switch (Validator.forEnriched(contract)
                .validate(event.getBytes(StandardCharsets.UTF_8))) {
            case Outcome.Valid valid -> valid.row();
            case Outcome.Rejected rejected ->
                    throw new IllegalArgumentException(rejected.reasons().toString());
        };
    }

    private static long micros(String instant) {
        return Instant.parse(instant).getEpochSecond() * 1_000_000;
    }
}

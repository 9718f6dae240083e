package leat.stream.enricher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import leat.core.odcs.OdcsReader;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import leat.stream.enricher.EventJudge.Verdict;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ContractJudgeTest {

    private static final long APPENDED = micros("2026-03-01T12:00:00Z");

    private final ContractJudge judge =
            new ContractJudge(
                    OdcsReader.read(
                                    Path.of("thing.odcs.yaml"),
                                    """
                                    apiVersion: v3.1.0
                                    kind: DataContract
                                    id: thing
                                    version: 1.0.0
                                    status: active
                                    schema:
                                      - name: thing
                                        properties:
                                          - {name: a, logicalType: integer, required: true}
                                          - {name: at, logicalType: timestamp}
                                          - {name: source, logicalType: string}
                                    customProperties:
                                      - {property: leat.time, value: at}
                                      - {property: leat.timeBounds, value: {past: 30d}}
                                      - property: leat.enrich
                                        value:
                                          - {field: source, constant: fleet}
                                    """)
                            .orThrow());

    @Test
    void addsTheFieldsAndTakesTheTimeFromTheContractsField() {
        Verdict verdict =
                judge("{\"a\":1,\"at\":\"2026-03-01T11:00:00Z\"}", "2026-03-01T10:00:00Z");

        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Enriched.class,
                        enriched -> {
                            assertThat(new String(enriched.value(), StandardCharsets.UTF_8))
                                    .isEqualTo(
                                            "{\"a\":1,\"at\":\"2026-03-01T11:00:00Z\","
                                                    + "\"source\":\"fleet\"}");
                            assertThat(enriched.eventMicros())
                                    .isEqualTo(micros("2026-03-01T11:00:00Z"));
                        });
    }

    @Test
    void takesTheTimeFromTheHeaderElseFromTheAppend() {
        assertThat(eventMicros(judge("{\"a\":1}", "2026-03-01T11:30:00+01:00")))
                .isEqualTo(micros("2026-03-01T10:30:00Z"));
        assertThat(eventMicros(judge("{\"a\":1}", null))).isEqualTo(APPENDED);
    }

    @Test
    void refusesATimeThatCannotBeBelieved() {
        assertThat(reasons(judge("{\"a\":1,\"at\":\"2025-12-01T11:00:00Z\"}", null)))
                .extracting(Reason::code)
                .containsExactly(ReasonCode.TIME_BOUNDS);
        assertThat(reasons(judge("{\"a\":1}", "yesterday")))
                .extracting(Reason::code)
                .containsExactly(ReasonCode.FORMAT);
    }

    @Test
    void refusesWithTheContractsReasons() {
        assertThat(reasons(judge("{\"a\":\"x\"}", null)))
                .extracting(Reason::code)
                .containsExactly(ReasonCode.TYPE);
        assertThat(reasons(judge("", null))).isNotEmpty();
    }

    @Test
    void quarantinesWhatBreaksARuleThatSaysSoWithEveryRulesReason() {
        ContractJudge strict =
                new ContractJudge(
                        OdcsReader.read(
                                        Path.of("thing.odcs.yaml"),
                                        """
                                        apiVersion: v3.1.0
                                        kind: DataContract
                                        id: thing
                                        version: 1.0.0
                                        status: active
                                        schema:
                                          - name: thing
                                            quality:
                                              - name: timely
                                                type: custom
                                                engine: leat
                                                implementation: {lateness: 1h}
                                                customProperties:
                                                  - {property: leat.quarantine, value: true}
                                            properties:
                                              - name: a
                                                logicalType: integer
                                                quality:
                                                  - name: Small
                                                    type: custom
                                                    engine: leat
                                                    implementation: {range: {maximum: 10}}
                                                    customProperties:
                                                      - {property: leat.quarantine, value: true}
                                                  - {metric: nullValues, mustBe: 0}
                                        """)
                                .orThrow());

        assertThat(
                        reasons(
                                strict.judge(
                                        "{\"a\":11}".getBytes(StandardCharsets.UTF_8),
                                        "2026-03-01T10:59:59Z",
                                        APPENDED)))
                .containsExactly(
                        new Reason(
                                ReasonCode.QUALITY, "", "rule timely: the event breaks 'timely'"),
                        new Reason(
                                ReasonCode.QUALITY, "a", "rule small: the event breaks 'Small'"));
        assertThat(
                        strict.judge(
                                "{}".getBytes(StandardCharsets.UTF_8),
                                "2026-03-01T11:00:00Z",
                                APPENDED))
                .isInstanceOf(Verdict.Enriched.class);
    }

    private Verdict judge(String json, @Nullable String ceTime) {
        return judge.judge(json.getBytes(StandardCharsets.UTF_8), ceTime, APPENDED);
    }

    private static long eventMicros(Verdict verdict) {
        return verdict instanceof Verdict.Enriched enriched ? enriched.eventMicros() : -1;
    }

    private static List<Reason> reasons(Verdict verdict) {
        return verdict instanceof Verdict.Refused refused ? refused.reasons() : List.of();
    }

    private static long micros(String time) {
        return Instant.parse(time).toEpochMilli() * 1_000;
    }
}

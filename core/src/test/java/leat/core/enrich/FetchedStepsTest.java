package leat.core.enrich;

import static leat.core.enrich.Enriching.reason;
import static leat.core.enrich.Enriching.value;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.contract.EnrichQuestion.Source;
import leat.core.enrich.Answers.Answer;
import leat.core.enrich.Answers.Question;
import leat.core.odcs.OdcsReader;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import leat.core.validate.CanonicalText;
import leat.core.yaml.Checked;
import org.junit.jupiter.api.Test;

/// Steps that ask others.
final class FetchedStepsTest {

    private static final String HEAD =
            """
            apiVersion: v3.1.0
            kind: DataContract
            id: trip
            version: 1.0.0
            status: active
            schema:
              - name: trip
                properties:
                  - {name: car, logicalType: string}
                  - {name: km, logicalType: integer}
                  - {name: make, logicalType: string, logicalTypeOptions: {maxLength: 10}}
                  - {name: year, logicalType: integer}
                  - {name: label, logicalType: string}
            customProperties:
              - property: leat.enrich
                value:
            """;

    private static final String ASKING =
            """
                  - {api: cars, key: event.car, send: [km], fields: {make: brand, year: built}%s}
            """;

    private static final String LABELLED =
            ASKING
                    + """
                          - {field: label, expression: "(has(event.make) ? event.make : '?') + '!'"}
                    """;

    /// Answers from a map and keeps what it was asked.
    private static final class Recorded implements Answers {
        private final Map<String, Answer> known = new HashMap<>();
        private final List<List<Question>> asked = new ArrayList<>();

        @Override
        public List<Answer> ask(Source source, List<Question> questions, Duration timeout) {
            asked.add(questions);
            return questions.stream()
                    .map(question ->
                            known.getOrDefault(question.key(), new Answer.Missing("cars@1")))
                    .toList();
        }
    }

    private final Recorded answers = new Recorded();

    private static Contract contract(String steps) {
        return OdcsReader.read(Path.of("trip.odcs.yaml"), HEAD + steps).orThrow();
    }

    private List<Enriched> enriched(String steps, String... events) {
        return Enriching.enriched(contract(steps), answers, events);
    }

    @Test
    void asksOnceForABatchAndTakesTheAnswersInOrder() {
        answers.known.put("a", new Answer.Found(Map.of("brand", "Saab", "built", 1998L), "cars@7"));
        answers.known.put("b", new Answer.Found(Map.of("brand", "Fiat"), ""));

        List<Enriched> all =
                enriched(
                        LABELLED.formatted(""),
                        "{\"car\":\"a\",\"km\":5}",
                        "{\"km\":1}",
                        "{\"car\":\"b\"}",
                        "{\"car\":\"x\"}");

        assertThat(answers.asked)
                .containsExactly(
                        List.of(
                                new Question("a", "{\"km\":5}"),
                                new Question("b", "{}"),
                                new Question("x", "{}")));
        assertThat(all)
                .extracting(one -> value(one, "make"))
                .containsExactly("Saab", "null", "Fiat", "null");
        assertThat(all)
                .extracting(one -> value(one, "year"))
                .containsExactly("1998", "null", "null", "null");
        assertThat(all)
                .extracting(one -> value(one, "label"))
                .containsExactly("Saab!", "?!", "Fiat!", "?!");
        assertThat(all)
                .extracting(Enriched::seen)
                .containsExactly(List.of("cars@7"), List.of(), List.of(), List.of("cars@1"));
        assertThat(all).allSatisfy(one -> assertThat(one.skipped()).isEmpty());
    }

    @Test
    void aFailureIsDeathUnlessTheContractSaysOtherwise() {
        answers.known.put("a", new Answer.Failed("no answer within 1 s"));

        Enriched dead = enriched(LABELLED.formatted(""), "{\"car\":\"a\"}").getFirst();
        Enriched skipped =
                enriched(LABELLED.formatted(", onFailure: skip"), "{\"car\":\"a\"}").getFirst();
        Enriched given =
                enriched(
                                LABELLED.formatted(
                                        ", onFailure: default, defaults: {make: unknown}"),
                                "{\"car\":\"a\"}")
                        .getFirst();

        assertThat(reason(dead))
                .isEqualTo(
                        new Reason(
                                ReasonCode.ENRICHMENT, "make", "api cars: no answer within 1 s"));
        assertThat(skipped.skipped()).containsExactly("make", "year");
        assertThat(value(skipped, "label")).isEqualTo("?!");
        assertThat(value(given, "label")).isEqualTo("unknown!");
        assertThat(given.skipped()).isEmpty();
    }

    @Test
    void nothingKnownIsNoFailureUnlessTheContractSaysSo() {
        Enriched dead =
                enriched(LABELLED.formatted(", onMissing: dead"), "{\"car\":\"x\"}").getFirst();
        Enriched given =
                enriched(
                                LABELLED.formatted(
                                        ", onMissing: default, defaults: {make: none, year: 0}"),
                                "{\"car\":\"x\"}")
                        .getFirst();

        assertThat(reason(dead).message()).isEqualTo("api cars: nothing is known of 'x'");
        assertThat(value(given, "make")).isEqualTo("none");
        assertThat(value(given, "year")).isEqualTo("0");
    }

    @Test
    void whatEntitiesOfAViewAreNamedByCanBeAskedFor() {
        String head =
                """
                apiVersion: v3.1.0
                kind: DataContract
                id: visit
                version: 1.0.0
                status: active
                schema:
                  - name: visit
                    properties:
                      - {name: shop, logicalType: integer}
                      - {name: open, logicalType: boolean}
                      - {name: day, logicalType: date}
                      - {name: at, logicalType: time}
                      - {name: make, logicalType: string}
                customProperties:
                  - property: leat.enrich
                    value:
                      - {lookup: shops, key: KEY, fields: [make]}
                """;
        for (String key :
                List.of("string(event.shop)", "string(event.open)", "event.day", "event.at")) {
            Contract contract =
                    OdcsReader.read(Path.of("visit.odcs.yaml"), head.replace("KEY", key)).orThrow();
            List<Enriched> _ =
                    Enriching.enriched(
                            contract,
                            answers,
                            "{\"shop\":7,\"open\":true,\"day\":\"2026-11-30\",\"at\":\"10:00:00\"}");
        }

        assertThat(answers.asked)
                .extracting(questions -> questions.getFirst().key())
                .containsExactly(
                        CanonicalText.of(7L),
                        CanonicalText.of(true),
                        CanonicalText.of(LocalDate.of(2026, 11, 30)),
                        CanonicalText.of(LocalTime.of(10, 0)));
    }

    @Test
    void whatIsTooOldForTheEventIsAsGoodAsNothing() {
        answers.known.put("a", known("Saab", Enriching.TIME));
        answers.known.put("b", known("Fiat", Enriching.TIME.minusNanos(1_000)));

        List<Enriched> skipped =
                enriched(LABELLED.formatted(""), "{\"car\":\"a\"}", "{\"car\":\"b\"}");
        Enriched dead =
                enriched(LABELLED.formatted(", onMissing: dead"), "{\"car\":\"b\"}").getFirst();

        assertThat(skipped).extracting(one -> value(one, "make")).containsExactly("Saab", "null");
        assertThat(skipped).allSatisfy(one -> assertThat(one.skipped()).isEmpty());
        assertThat(skipped.getLast().seen()).containsExactly("cars@7");
        assertThat(reason(dead).message())
                .isEqualTo("api cars: what is known of 'b' is older than its ttl");
    }

    private static Answer known(String brand, Instant until) {
        return new Answer.Found(Map.of("brand", brand), "cars@7", Optional.of(until));
    }

    @Test
    void anAnswerThatDoesNotFitTheFieldIsAFailureAsAWhole() {
        answers.known.put("a", new Answer.Found(Map.of("brand", "Saab", "built", "soon"), ""));
        answers.known.put("b", new Answer.Found(Map.of("brand", "12345678901", "built", 1), ""));

        List<Enriched> skipped =
                enriched(
                        ASKING.formatted(", onFailure: skip"),
                        "{\"car\":\"a\"}",
                        "{\"car\":\"b\"}");
        List<Enriched> dead = enriched(ASKING.formatted(""), "{\"car\":\"a\"}", "{\"car\":\"b\"}");

        assertThat(skipped).extracting(one -> value(one, "make")).containsOnly("null");
        assertThat(reason(dead.getFirst()).message())
                .isEqualTo("api cars: the answer has soon, which is not of the field's type");
        assertThat(reason(dead.getFirst()).field()).isEqualTo("year");
        assertThat(reason(dead.getLast()).message()).contains("11 characters");
    }

    @Test
    void whoIsDeadAlreadyAsksNobody() {
        String steps =
                """
                      - {field: label, expression: "event.car"}
                """
                        + ASKING.formatted("");

        enriched(steps, "{\"km\":1}", "{\"car\":\"a\"}");

        assertThat(answers.asked).hasSize(1);
        assertThat(answers.asked.getFirst()).extracting(Question::key).containsExactly("a");
    }

    @Test
    void aDerivedFieldFallsBackAsWell() {
        List<Enriched> all =
                enriched(
                        """
                              - {field: year, expression: "10 / event.km", onFailure: skip}
                              - {field: label, expression: "event.car", onFailure: default, default: none}
                        """,
                        "{\"km\":0}");

        assertThat(all.getFirst().skipped()).containsExactly("year");
        assertThat(value(all.getFirst(), "label")).isEqualTo("none");
    }

    @Test
    void whatCannotBeMeantIsAProblemWithItsPlace() {
        assertThat(
                        problems(
                                """
                                      - {lookup: cars, key: event.car, fields: {year: y}, timeout: 1s}
                                """))
                .containsExactly("leat.enrich[0].timeout: unknown key");
        assertThat(
                        problems(
                                """
                                      - {api: cars, fields: [make], timeout: 2h, send: [kmh]}
                                      - {api: cars, key: event.car, fields: [colour]}
                                      - {api: cars, key: event.car, fields: [year], onFailure: wait}
                                      - {api: cars, key: event.car, fields: [label], onMissing: default}
                                """))
                .containsExactlyInAnyOrder(
                        "leat.enrich[0].key: is missing",
                        "leat.enrich[0].timeout: '2h' is not within 1ms to 30s",
                        "leat.enrich[0].send: there is no field 'kmh'",
                        "leat.enrich[1].field: there is no field 'colour'",
                        "leat.enrich[2].onFailure: is 'wait', use dead, default or skip",
                        "leat.enrich[3].onMissing: needs defaults beside it");
        assertThat(problems("      - {lookup: cars, key: event.km, fields: {year: y}}"))
                .containsExactly(
                        "leat.enrich.key: the expression yields int, the key needs string");
    }

    private static List<String> problems(String steps) {
        Checked<Contract> read = OdcsReader.read(Path.of("trip.odcs.yaml"), HEAD + steps);
        return ((Checked.Faulty<Contract>) read)
                .problems().stream()
                        .map(problem ->
                                problem.field().replace("customProperties.", "")
                                        + ": "
                                        + problem.message())
                        .toList();
    }
}

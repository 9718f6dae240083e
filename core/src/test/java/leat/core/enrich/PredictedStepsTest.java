package leat.core.enrich;

import static leat.core.enrich.Enriching.reason;
import static leat.core.enrich.Enriching.value;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import leat.core.contract.Contract;
import leat.core.contract.EnrichQuestion.Source;
import leat.core.odcs.OdcsReader;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import leat.core.scoring.OutputValue;
import leat.core.scoring.Predicted;
import leat.core.scoring.PredictionRequest;
import leat.core.yaml.Checked;
import org.junit.jupiter.api.Test;

/// Steps that ask a model.
final class PredictedStepsTest {

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
                  - {name: speed, logicalType: number}
                  - {name: day, logicalType: date}
                  - {name: risk, logicalType: number, logicalTypeOptions: {maximum: 1}}
                  - {name: verdict, logicalType: string}
            customProperties:
              - property: leat.enrich
                value:
            """;

    private static final String ASKING =
            """
                  - model: failure@champion
                    features: [km, speed]
                    fields: {risk: "probabilities[1]", verdict: label}
                    timeout: 2s%s
            """;

    /// Says what it is told to say of a row.
    private static final class Recorded implements Answers {
        private final List<PredictionRequest> asked = new ArrayList<>();
        private Function<List<Object>, Predicted> says =
                _ -> new Predicted.Values(List.of(0.25, "low"), "failure/3");

        @Override
        public List<Answer> ask(Source source, List<Question> questions, Duration timeout) {
            throw new AssertionError("no step asks " + source);
        }

        @Override
        public List<Predicted> predict(PredictionRequest request) {
            asked.add(request);
            return request.rows().stream().map(says).toList();
        }
    }

    private final Recorded answers = new Recorded();

    private List<Enriched> enriched(String steps, String... events) {
        return Enriching.enriched(
                OdcsReader.read(Path.of("trip.odcs.yaml"), HEAD + steps).orThrow(),
                answers,
                events);
    }

    @Test
    void asksOnceForABatchAndSaysWhichVersionAnswered() {
        List<Enriched> all =
                enriched(
                        ASKING.formatted(""), "{\"km\":1,\"speed\":2.5}", "{\"km\":3,\"speed\":4}");

        assertThat(answers.asked).hasSize(1);
        PredictionRequest asked = answers.asked.getFirst();
        assertThat(asked.model()).hasToString("failure@champion");
        assertThat(asked.features()).containsExactly("km", "speed");
        assertThat(asked.rows()).containsExactly(List.of(1L, 2.5), List.of(3L, 4.0));
        assertThat(asked.wanted())
                .containsExactly(new OutputValue("probabilities", 1), new OutputValue("label", 0));
        assertThat(asked.timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(all)
                .allSatisfy(one -> {
                    assertThat(value(one, "risk")).isEqualTo("0.25");
                    assertThat(value(one, "verdict")).isEqualTo("low");
                    assertThat(one.seen()).containsExactly("failure/3");
                });
    }

    @Test
    void anEventWithoutAFeatureIsNotAskedForAndKeepsNoPrediction() {
        List<Enriched> all = enriched(ASKING.formatted(""), "{\"km\":1}", "{\"km\":1,\"speed\":2}");

        assertThat(answers.asked.getFirst().rows()).hasSize(1);
        assertThat(value(all.get(0), "risk")).isEqualTo("null");
        assertThat(all.get(0).skipped()).isEmpty();
        assertThat(value(all.get(1), "risk")).isEqualTo("0.25");
    }

    @Test
    void anEventWithoutAFeatureIsDeadWhereTheContractSaysSo() {
        List<Enriched> all = enriched(ASKING.formatted("\n        onMissing: dead"), "{\"km\":1}");

        assertThat(answers.asked).isEmpty();
        assertThat(reason(all.getFirst()))
                .isEqualTo(
                        new Reason(
                                ReasonCode.ENRICHMENT,
                                "risk",
                                "model failure@champion: the event has no speed, which the model"
                                        + " takes"));
    }

    @Test
    void aModelThatFailsForOneRowKillsThatEventAlone() {
        answers.says =
                row ->
                        row.getFirst().equals(1L)
                                ? new Predicted.Failed("it took too long")
                                : new Predicted.Values(List.of(0.5, "low"), "failure/3");

        List<Enriched> all =
                enriched(ASKING.formatted(""), "{\"km\":1,\"speed\":2}", "{\"km\":2,\"speed\":2}");

        assertThat(reason(all.get(0)).message())
                .isEqualTo("model failure@champion: it took too long");
        assertThat(value(all.get(1), "risk")).isEqualTo("0.5");
    }

    @Test
    void whatTheFieldsCannotTakeIsAFailureAsAWhole() {
        for (Object bad : List.of(Double.NaN, Double.POSITIVE_INFINITY, 1.5, "high")) {
            answers.says = _ -> new Predicted.Values(List.of(bad, "low"), "failure/3");

            Enriched dead = enriched(ASKING.formatted(""), "{\"km\":1,\"speed\":2}").getFirst();
            Enriched marked =
                    enriched(
                                    ASKING.formatted("\n        onFailure: skip"),
                                    "{\"km\":1,\"speed\":2}")
                            .getFirst();

            assertThat(reason(dead).field()).isEqualTo("risk");
            assertThat(marked.skipped()).containsExactly("risk", "verdict");
            assertThat(value(marked, "verdict")).isEqualTo("null");
        }
    }

    @Test
    void whatCannotBeMeantIsAProblemWithItsPlace() {
        assertThat(
                        problems(
                                """
                                      - {model: failure, features: [km], fields: {risk: score}}
                                      - {model: m/0, features: [kmh], fields: {verdict: score}}
                                      - {model: m/1, fields: {car: score}, features: []}
                                      - {model: m@a, features: [day], fields: {speed: score}}
                                """))
                .containsExactlyInAnyOrder(
                        "leat.enrich[0].model: 'failure' names no version of a registered model:"
                                + " write NAME/3 or NAME@ALIAS",
                        "leat.enrich[1].model: 'm/0' names no version of a registered model: write"
                                + " NAME/3 or NAME@ALIAS",
                        "leat.enrich[1].features: there is no field 'kmh'",
                        "leat.enrich[2].features: is missing",
                        "leat.enrich[3].features: 'day' is no number, boolean or text");
    }

    @Test
    void aModelTakesNoKey() {
        assertThat(problems("      - {model: m/1, features: [km], fields: {risk: s}, key: k}"))
                .containsExactly("leat.enrich[0].key: unknown key");
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

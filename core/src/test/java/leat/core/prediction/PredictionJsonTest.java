package leat.core.prediction;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import leat.core.outcome.Outcome;
import leat.core.scoring.Predicted;
import leat.core.validate.Validator;
import org.junit.jupiter.api.Test;

final class PredictionJsonTest {

    private final Scoring scoring =
            Scorings.scoring(
                    """
                    outputs:
                      score: out
                      steps: {output: steps, type: integer}
                      alarm: {output: alarm, type: boolean}
                      label: {output: label, type: text}
                    """);
    private final PredictionJson json = new PredictionJson(scoring);
    private final PredictionJson.Subject subject =
            new PredictionJson.Subject(
                    "car \"1\"",
                    TimeUnit.SECONDS.toMicros(
                                    Instant.parse("2026-01-02T03:04:05Z").getEpochSecond())
                            + 6,
                    "topic/2@17");
    private final Lineup.Answering by =
            new Lineup.Answering(
                    new Standing("champion", "failure-risk/3", OptionalLong.of(9)),
                    PredictionRole.CHAMPION);

    private String text(Predicted predicted) {
        byte[] value = json.of(subject, json.author(by), json.fitting(predicted));
        assertThat(Validator.forEnriched(scoring.contract()).validate(value))
                .isInstanceOf(Outcome.Valid.class);
        return new String(value, UTF_8);
    }

    private String given(Object... values) {
        return text(new Predicted.Values(List.of(values), "failure-risk/3"));
    }

    @Test
    void aPredictionSaysWhoMadeItOfWhat() {
        assertThat(given(0.25, 3L, true, "soon"))
                .isEqualTo(
                        """
                        {"entity":"car \\"1\\"","query_time":"2026-01-02T03:04:05.000006Z",\
                        "score":0.25,"steps":3,"alarm":true,"label":"soon","role":"champion",\
                        "model_version":"failure-risk/3","alias":"champion","alias_position":9,\
                        "view":"driving.v2","vector":"topic/2@17"}\
                        """);
    }

    @Test
    void valuesTakeTheTypesOfTheirFields() {
        assertThat(given(1L, 2.0, 1L, "x"))
                .contains("\"score\":1.0,\"steps\":2,\"alarm\":true,\"label\":\"x\"");
    }

    @Test
    void whatAFieldCannotHaveIsAFailureAndNoValue() {
        assertThat(given(Double.NaN, 3L, true, "soon"))
                .contains("\"failure\":\"the model gave NaN for score\"")
                .doesNotContain("steps");
        assertThat(given(1.0, 2.5, true, "soon"))
                .contains("\"failure\":\"the model gave 2.5 for steps\"");
        assertThat(given(1.0, 2L, 7L, "soon"))
                .contains("\"failure\":\"the model gave 7 for alarm\"");
    }

    @Test
    void aNumberThatIsNotFiniteIsToldFromOneThatDoesNotFit() {
        assertThat(PredictionJson.isNotFinite("the model gave NaN for score")).isTrue();
        assertThat(PredictionJson.isNotFinite("the model gave -Infinity for score")).isTrue();
        assertThat(PredictionJson.isNotFinite("the model gave 2.5 for steps")).isFalse();
        assertThat(PredictionJson.isNotFinite("the model gave NaNny for label")).isFalse();
    }

    @Test
    void aFailureOfTheModelIsCutWhereItIsLong() {
        assertThat(text(new Predicted.Failed("x".repeat(5_000))))
                .contains("\"failure\":\"" + "x".repeat(500) + "\"");
    }
}

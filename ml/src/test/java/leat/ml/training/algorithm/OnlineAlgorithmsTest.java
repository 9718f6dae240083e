package leat.ml.training.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import leat.ml.online.Learner;
import leat.ml.online.OnlineModel;
import leat.ml.online.OnlineRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What learns as it scores, as training makes it.
final class OnlineAlgorithmsTest {

    private static final Rows TRAINING = MadeRows.of(600, 1);
    private static final Rows OTHERS = MadeRows.of(300, 2);

    static Stream<Arguments> algorithms() {
        return Stream.of(
                Arguments.of("random-cut-forest", Map.of("trees", 20, "sample-size", 64)),
                Arguments.of("online-k-means", Map.of("clusters", 5, "memory", 100)),
                Arguments.of("metric-anomaly", Map.of("streams", 18)));
    }

    @ParameterizedTest
    @MethodSource("algorithms")
    void theSameSeedGivesTheSameFile(String name, Map<String, Object> parameters) {
        Fitted fitted = Algorithms.of(name, parameters).fit(TRAINING, 5);

        assertThat(fitted.fileName()).isEqualTo("online.json");
        assertThat(Algorithms.of(name, parameters).fit(TRAINING, 5).file())
                .isEqualTo(fitted.file());
        assertThat(Algorithms.of(name, parameters).fit(TRAINING, 6).file())
                .isNotEqualTo(fitted.file());
        OnlineModel read = OnlineModel.read(fitted.file());
        assertThat(read.bytes()).isEqualTo(fitted.file());
        assertThat(read.features()).isEqualTo(MadeRows.FEATURES);
    }

    @ParameterizedTest
    @MethodSource("algorithms")
    void scoresAreThoseOfALearnerOfTheFile(String name, Map<String, Object> parameters) {
        Fitted fitted = Algorithms.of(name, parameters).fit(TRAINING, 5);
        OnlineModel model = OnlineModel.read(fitted.file());
        Learner learner = model.begin();
        int place = model.place(fitted.score().output());

        float[] scores = fitted.scores(OTHERS);

        for (int i = 0; i < scores.length; i++) {
            OnlineRow row = model.row(OTHERS.entity(i), OTHERS.millis(i), OTHERS.row(i));
            assertThat(scores[i]).isEqualTo(((Double) learner.say(row).get(place)).floatValue());
            learner.learn(row);
        }
        assertThat(scores).isEqualTo(fitted.scores(OTHERS));
    }

    @Test
    void aForestThatIsTooLargeOrLearnsFromTooLittleIsRefused() {
        assertThatThrownBy(() ->
                        Algorithms.of(
                                        "random-cut-forest",
                                        Map.of("trees", 1_000, "sample-size", 4_096))
                                .fit(TRAINING, 1))
                .isInstanceOf(TrainingRefused.class)
                .hasMessage(
                        "trees x sample-size x (features + 16) is 90112000, and may be 2000000");
        Rows few = Rows.of(List.of("a")).add(1f).add(2f).build();
        assertThatThrownBy(() -> Algorithms.of("random-cut-forest", Map.of()).fit(few, 1))
                .isInstanceOf(TrainingRefused.class)
                .hasMessage("there are 2 rows, fewer than warm-up");
    }

    @Test
    void moreStreamsThanItMayWatchAreRefusedWithTheRemedy() {
        assertThatThrownBy(() ->
                        Algorithms.of("metric-anomaly", Map.of("streams", 12)).fit(TRAINING, 1))
                .isInstanceOfSatisfying(
                        TrainingRefused.class,
                        refused ->
                                assertThat(refused.remedy())
                                        .isEqualTo(
                                                "raise streams, up to 150, or take fewer features"
                                                        + " or a view of fewer entities"))
                .hasMessage(
                        "the model watches 12 streams, entities times features, and with machine-2"
                                + " there were more than streams, which is 12");
    }
}

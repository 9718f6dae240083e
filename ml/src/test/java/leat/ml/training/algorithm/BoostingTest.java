package leat.ml.training.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Random;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BoostingTest {

    private static Boosting boosting(Map<String, Object> parameters) {
        return (Boosting) Algorithms.of("xgboost", parameters);
    }

    @ParameterizedTest
    @ValueSource(strings = {"classification", "regression"})
    void scoresAreThoseOfTheBooster(String objective) throws XGBoostError {
        Boosting boosting = boosting(Map.of("objective", objective, "rounds", 30));
        Rows training = MadeRows.of(1_000, 1);
        Rows others = MadeRows.of(10_000, 2);
        Booster booster = boosting.booster(training, 3);
        DMatrix matrix = Boosting.matrix(others);
        try {
            float[][] predicted = booster.predict(matrix);

            float[] scores = boosting.fit(training, 3).scores(others);

            for (int i = 0; i < scores.length; i++) {
                assertThat(scores[i]).isEqualTo(predicted[i][0], within(2e-6f));
            }
        } finally {
            matrix.dispose();
            booster.dispose();
        }
    }

    @Test
    void aMissingValueGoesTheWayThatWasLearned() {
        Rows.Builder rows = Rows.labelled(List.of("a"));
        for (int i = 0; i < 100; i++) {
            rows.add(new float[] {i < 50 ? Float.NaN : i}, i < 50 ? 1 : 0);
            rows.add(new float[] {i + 200}, 1);
        }
        Fitted fitted = boosting(Map.of("rounds", 20)).fit(rows.build(), 1);

        float[] scores =
                fitted.scores(Rows.of(List.of("a")).add(Float.NaN).add(70).add(250).build());

        assertThat(scores[0]).isGreaterThan(0.9f);
        assertThat(scores[1]).isLessThan(0.1f);
        assertThat(scores[2]).isGreaterThan(0.9f);
    }

    @Test
    void aNumberIsLearned() {
        Random random = new Random(1);
        Rows.Builder rows = Rows.labelled(List.of("a", "b"));
        for (int i = 0; i < 2_000; i++) {
            float a = random.nextFloat();
            float b = random.nextFloat();
            rows.add(new float[] {a, b}, 100 + 10 * a * b);
        }
        Algorithm algorithm = boosting(Map.of("objective", "regression", "rounds", 50));

        Fitted fitted = algorithm.fit(rows.build(), 1);

        assertThat(algorithm.task()).isEqualTo(Task.REGRESSION);
        assertThat(fitted.score().output()).isEqualTo("value");
        Rows one = Rows.of(List.of("a", "b")).add(0.5f, 0.5f).build();
        assertThat(fitted.scores(one)[0]).isEqualTo(102.5f, within(0.3f));
    }

    @Test
    void aRareClassCountsMoreWhenItIsAskedFor() {
        Rows rows = Machines.made(3_000, 3);

        float plain = sum(boosting(Map.of("rounds", 5)).fit(rows, 1).scores(rows));
        float balanced =
                sum(
                        boosting(Map.of("rounds", 5, "positive-weight", "balanced"))
                                .fit(rows, 1)
                                .scores(rows));

        assertThat(balanced).isGreaterThan(1.5f * plain);
    }

    private static float sum(float[] scores) {
        float sum = 0;
        for (float score : scores) {
            sum += score;
        }
        return sum;
    }

    @Test
    void labelsThatAreNoClassesAreRefused() {
        Rows two =
                Rows.labelled(List.of("a")).add(new float[] {1}, 0).add(new float[] {1}, 2).build();
        Rows same = Rows.labelled(List.of("a")).add(new float[] {1}, 1).build();
        Rows none = Rows.of(List.of("a")).add(1f).build();
        Rows empty = Rows.labelled(List.of("a")).build();

        refused(two, "row 2 has the label 2.0, not 0 or 1");
        refused(same, "all rows have the label 1");
        refused(none, "xgboost learns from labels, and the rows have none");
        refused(empty, "there are no rows");
    }

    private static void refused(Rows rows, String message) {
        assertThatThrownBy(() -> boosting(Map.of()).fit(rows, 1))
                .isInstanceOf(TrainingRefused.class)
                .hasMessage(message);
    }
}

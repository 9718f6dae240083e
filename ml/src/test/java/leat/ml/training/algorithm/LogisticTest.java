package leat.ml.training.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LogisticTest {

    private static LogisticLoss loss(Rows rows, double l2) {
        return new LogisticLoss(rows, Scaling.of(rows, Scaling.NO_BOUND), l2, 1);
    }

    @Test
    void theLossIsFlatAtTheOptimum() {
        Rows rows = MadeRows.of(5_000, 1);
        LogisticLoss loss = loss(rows, 1);

        double[] optimum = Logistic.optimum(loss, rows.width() + 1, 1e-9 * rows.size());

        double[] gradient = new double[optimum.length];
        double least = loss.add(optimum, gradient, new double[0][]);
        assertThat(gradient).containsOnly(new double[7], within(1e-5));
        for (int j = 0; j < optimum.length; j++) {
            double[] beside = optimum.clone();
            beside[j] += 0.01;
            assertThat(loss.add(beside, new double[7], new double[0][])).isGreaterThan(least);
        }
    }

    @Test
    void slopesAreWhatTheLossChangesBy() {
        Rows rows = MadeRows.of(200, 1);
        LogisticLoss loss = loss(rows, 0.5);
        double[] at = {0.3, -0.2, 0.1, 0.4, -0.5, 0.2, 0.1};
        double[] gradient = new double[7];
        double[][] curvature = new double[7][];
        Arrays.setAll(curvature, j -> new double[j + 1]);
        loss.add(at, gradient, curvature);

        for (int j = 0; j < at.length; j++) {
            double[] up = at.clone();
            double[] down = at.clone();
            up[j] += 1e-5;
            down[j] -= 1e-5;
            double[] upper = new double[7];
            double[] lower = new double[7];
            double change =
                    loss.add(up, upper, new double[0][]) - loss.add(down, lower, new double[0][]);
            assertThat(change / 2e-5).isEqualTo(gradient[j], within(1e-5));
            assertThat((upper[j] - lower[j]) / 2e-5).isEqualTo(curvature[j][j], within(1e-4));
        }
    }

    @Test
    void aKnownSlopeIsFoundAgain() {
        Rows.Builder rows = Rows.labelled(List.of("a"));
        Random random = new Random(4);
        for (int i = 0; i < 50_000; i++) {
            float a = (float) random.nextGaussian();
            double probability = 1 / (1 + Math.exp(-(0.5 + 2 * a)));
            rows.add(new float[] {a}, random.nextDouble() < probability ? 1 : 0);
        }

        Fitted fitted = Algorithms.of("logistic", Map.of()).fit(rows.build(), 1);

        float[] scores = fitted.scores(Rows.of(List.of("a")).add(0).add(1).build());
        assertThat(scores[0]).isEqualTo(0.622f, within(0.01f));
        assertThat(scores[1]).isEqualTo(0.924f, within(0.01f));
    }

    @Test
    void classesThatAreFullyApartHaveAnOptimumToo() {
        Rows.Builder rows = Rows.labelled(List.of("a"));
        for (int i = 0; i < 100; i++) {
            rows.add(new float[] {i}, i < 50 ? 0 : 1);
        }

        Fitted fitted = Algorithms.of("logistic", Map.of("l2", 1e-6)).fit(rows.build(), 1);

        assertThat(fitted.scores(rows.build())[0]).isLessThan(0.01f);
    }

    @Test
    void aFeatureThatIsNeverThereIsRefused() {
        Rows rows =
                Rows.labelled(List.of("a", "b"))
                        .add(new float[] {1, Float.NaN}, 0)
                        .add(new float[] {2, Float.NaN}, 1)
                        .build();

        assertThatThrownBy(() -> Algorithms.of("logistic", Map.of()).fit(rows, 1))
                .isInstanceOf(TrainingRefused.class)
                .hasMessage("b is missing in all rows that count");
    }
}

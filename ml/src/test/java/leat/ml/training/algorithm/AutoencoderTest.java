package leat.ml.training.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class AutoencoderTest {

    private static final List<String> FEATURES = List.of("a", "b", "c", "d");

    private static final Fitted FITTED = fitted(Map.of());

    /// Features that hang together by two causes.
    private static float[] usual(Random random) {
        double one = random.nextGaussian();
        double other = random.nextGaussian();
        return new float[] {
            (float) (50 + 10 * one),
            (float) (3 * one + 0.2 * random.nextGaussian()),
            (float) (1_000 - 100 * other),
            (float) (one + other + 0.1 * random.nextGaussian())
        };
    }

    private static Rows usual(int count, long seed) {
        Random random = new Random(seed);
        Rows.Builder rows = Rows.of(FEATURES);
        for (int i = 0; i < count; i++) {
            rows.add(usual(random));
        }
        return rows.build();
    }

    private static Fitted fitted(Map<String, Object> parameters) {
        return Algorithms.of("autoencoder", parameters).fit(usual(3_000, 1), 1);
    }

    @Test
    void slopesAreWhatTheErrorChangesBy() {
        Rows rows = MadeRows.of(50, 1);
        Network network = new Network(6, 5, 3, 5, 6);
        double[] weights = network.draw(new Random(1));
        for (int i = 0; i < weights.length; i++) {
            weights[i] += 0.01 * (i % 7);
        }
        Reconstruction reconstruction = new Reconstruction(network, Scaling.of(rows, 10));
        double[] gradient = new double[weights.length];
        for (int i = 0; i < rows.size(); i++) {
            reconstruction.add(weights, rows, i, 0.5, gradient);
        }

        for (int w = 0; w < weights.length; w++) {
            double kept = weights[w];
            weights[w] = kept + 1e-5;
            double up = sum(reconstruction, weights, rows);
            weights[w] = kept - 1e-5;
            double down = sum(reconstruction, weights, rows);
            weights[w] = kept;
            assertThat(0.5 * (up - down) / 2e-5)
                    .as("weight %d", w)
                    .isEqualTo(gradient[w], within(1e-6));
        }
    }

    private static double sum(Reconstruction reconstruction, double[] weights, Rows rows) {
        double sum = 0;
        for (int i = 0; i < rows.size(); i++) {
            sum += reconstruction.error(weights, rows, i);
        }
        return sum;
    }

    @Test
    void plantedAnomaliesScoreAboveUsualRows() {
        Random random = new Random(2);
        Rows.Builder planted = Rows.of(FEATURES);
        for (int i = 0; i < 200; i++) {
            // Each value is usual, but two do not belong together.
            float[] row = usual(random);
            row[1] = row[0] > 50 ? -4 : 4;
            planted.add(row);
        }

        float[] usual = FITTED.scores(usual(2_000, 3));
        float[] anomalies = FITTED.scores(planted.build());

        assertThat(shareAbove(usual, 0.5f)).isLessThan(0.03);
        assertThat(shareAbove(anomalies, 0.5f)).isGreaterThan(0.9);
    }

    private static double shareAbove(float[] scores, float limit) {
        int above = 0;
        for (float score : scores) {
            assertThat(score).isBetween(0f, 1f);
            above += score > limit ? 1 : 0;
        }
        return (double) above / scores.length;
    }

    @Test
    void theUsualShareOfTheTrainingScoresBelowAHalf() {
        double above =
                shareAbove(
                        fitted(Map.of("usual-share", 0.9, "epochs", 2)).scores(usual(3_000, 1)),
                        0.5f);

        assertThat(above).isEqualTo(0.1, within(0.001));
    }

    @Test
    void whatIsMissingIsNotHeldAgainstARow() {
        float[] row = usual(new Random(5));
        float[] partly = row.clone();
        partly[3] = Float.NaN;
        float nan = Float.NaN;

        float[] scores =
                FITTED.scores(
                        Rows.of(FEATURES).add(row).add(partly).add(nan, nan, nan, nan).build());

        assertThat(scores[1]).isLessThan(0.8f);
        assertThat(scores[2]).isZero();
    }

    @Test
    void rowsThatWeighNothingTeachNothing() {
        Rows.Builder rows = Rows.weighted(FEATURES);
        Random random = new Random(1);
        for (int i = 0; i < 1_280; i++) {
            float[] row = usual(random);
            if (i % 4 == 0) {
                row[1] = -row[1] + 100;
            }
            rows.add(row, 0, i % 4 == 0 ? 0 : 1);
        }

        Fitted fitted = Algorithms.of("autoencoder", Map.of()).fit(rows.build(), 1);

        float[] odd = usual(new Random(9));
        odd[1] += 100;
        assertThat(fitted.scores(Rows.of(FEATURES).add(odd).build())[0]).isGreaterThan(0.9f);
    }
}

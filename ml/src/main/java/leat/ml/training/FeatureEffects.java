package leat.ml.training;

import java.util.LinkedHashMap;
import java.util.Random;
import java.util.SequencedMap;
import leat.core.evaluation.Ranking;
import leat.ml.training.algorithm.Fitted;
import leat.ml.training.algorithm.Rows;

/// What each feature does for a model: its values are exchanged among the rows, and the scores are
/// looked at again. L. Breiman, "Random Forests", 2001, <https://doi.org/10.1023/A:1010933404324>,
/// section 10.
///
/// @param seed of the exchange
record FeatureEffects(Fitted model, long seed) {

    private static final int FEWEST_ROWS = 10;
    private static final int MOST_ROWS = 10_000;

    /// So many values are scored, of all features together.
    private static final int MOST_VALUES = 4_000_000;

    /// `effect/FEATURE`, by how much scores differ on average, and where rows have labels
    /// `importance/FEATURE`, by how much the average precision falls. Nothing of very few rows.
    SequencedMap<String, Double> of(Rows all) {
        SequencedMap<String, Double> metrics = new LinkedHashMap<>();
        int size =
                Math.min(
                        all.size(),
                        Math.clamp(
                                MOST_VALUES / ((long) all.width() * all.width()),
                                FEWEST_ROWS,
                                MOST_ROWS));
        if (size < FEWEST_ROWS) {
            return metrics;
        }
        Rows rows = all.part(all.size() - size, all.size());
        float[] scores = model.scores(rows);
        double precision = precision(rows, scores);
        for (int feature = 0; feature < rows.width(); feature++) {
            String name = rows.features().get(feature);
            float[] shuffled = model.scores(rows.exchanged(feature, order(rows.size(), feature)));
            metrics.put("effect/" + name, difference(scores, shuffled));
            double without = precision(rows, shuffled);
            if (Double.isFinite(precision) && Double.isFinite(without)) {
                metrics.put("importance/" + name, precision - without);
            }
        }
        return metrics;
    }

    private static double precision(Rows rows, float[] scores) {
        return rows.hasLabels()
                ? Ranking.averagePrecision(Judging.scored(rows, scores))
                : Double.NaN;
    }

    private static double difference(float[] one, float[] other) {
        double sum = 0;
        for (int row = 0; row < one.length; row++) {
            sum += Math.abs((double) one[row] - other[row]);
        }
        return sum / one.length;
    }

    private int[] order(int size, int feature) {
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            order[i] = i;
        }
        Random random = new Random(seed * 31 + feature);
        for (int i = size - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
        return order;
    }
}

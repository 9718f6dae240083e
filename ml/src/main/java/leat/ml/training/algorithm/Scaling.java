package leat.ml.training.algorithm;

import java.util.List;
import leat.ml.online.Standard;
import leat.ml.training.onnx.OnnxGraph;

/// Brings each feature to mean 0 and deviation 1 by the rows it was learned from, and puts the mean
/// where a value is missing. What is further away than a bound comes to the bound, infinity too.
/// Computed in floats, so that the graph does the very same.
final class Scaling {

    /// Further away than any of a hundred million rows can be from their mean.
    static final float NO_BOUND = 1e4f;

    private final float[] means;
    private final float[] deviations;
    private final float bound;

    private Scaling(float[] means, float[] deviations, float bound) {
        this.means = means;
        this.deviations = deviations;
        this.bound = bound;
    }

    /// Learns means and deviations, each row by its weight.
    ///
    /// @param bound in deviations
    /// @throws TrainingRefused when a feature has no value in any row that counts
    static Scaling of(Rows rows, float bound) {
        int width = rows.width();
        double[] weights = new double[width];
        double[] means = new double[width];
        for (int i = 0; i < rows.size(); i++) {
            for (int j = 0; j < width; j++) {
                float value = rows.value(i, j);
                if (!Float.isNaN(value)) {
                    weights[j] += rows.weight(i);
                    means[j] += rows.weight(i) * (double) value;
                }
            }
        }
        for (int j = 0; j < width; j++) {
            if (weights[j] == 0) {
                throw new TrainingRefused(
                        rows.features().get(j) + " is missing in all rows that count",
                        "leave the feature out");
            }
            means[j] /= weights[j];
        }
        return new Scaling(floats(means), deviations(rows, means, weights), bound);
    }

    private static float[] deviations(Rows rows, double[] means, double[] weights) {
        double[] squares = new double[means.length];
        for (int i = 0; i < rows.size(); i++) {
            for (int j = 0; j < means.length; j++) {
                double away = rows.value(i, j) - means[j];
                squares[j] += Double.isNaN(away) ? 0 : rows.weight(i) * away * away;
            }
        }
        float[] deviations = new float[means.length];
        for (int j = 0; j < means.length; j++) {
            float deviation = (float) Math.sqrt(squares[j] / weights[j]);
            // What never changes in training has no scale of its own.
            deviations[j] = deviation > 0 && Float.isFinite(deviation) ? deviation : 1;
        }
        return deviations;
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    float mean(int feature) {
        return means[feature];
    }

    float deviation(int feature) {
        return deviations[feature];
    }

    /// The same for what learns as it scores.
    Standard standard() {
        return Standard.of(means, deviations);
    }

    int width() {
        return means.length;
    }

    /// A row's features, scaled.
    void row(Rows rows, int row, double[] target) {
        for (int j = 0; j < means.length; j++) {
            float value = rows.value(row, j);
            float scaled = Float.isNaN(value) ? 0 : (value - means[j]) / deviations[j];
            target[j] = Math.clamp(scaled, -bound, bound);
        }
    }

    /// The same in a graph. Among its names are `missing`, `means` and `deviations`.
    ///
    /// @return the scaled features
    String nodes(OnnxGraph graph) {
        String mean = graph.constant("means", means, width());
        String deviation = graph.constant("deviations", deviations, width());
        String missing = graph.node("IsNaN", "missing", List.of(ModelGraph.FEATURES));
        String filled = graph.node("Where", "filled", List.of(missing, mean, ModelGraph.FEATURES));
        String centred = graph.node("Sub", "centred", List.of(filled, mean));
        String scaled = graph.node("Div", "unbounded", List.of(centred, deviation));
        String least = graph.constant("least", new float[] {-bound});
        String most = graph.constant("most", new float[] {bound});
        return graph.node("Clip", "scaled", List.of(scaled, least, most));
    }
}

package leat.ml.training.algorithm;

import java.util.Arrays;
import java.util.List;
import leat.core.scoring.OutputValue;
import leat.ml.training.onnx.OnnxGraph;

/// A weighted sum of scaled features as log-odds.
final class LogisticModel implements Fitted {

    private final List<String> features;
    private final Scaling scaling;

    /// Of each feature, and the constant.
    private final float[] coefficients;

    LogisticModel(List<String> features, Scaling scaling, float[] coefficients) {
        this.features = features;
        this.scaling = scaling;
        this.coefficients = coefficients;
    }

    @Override
    public byte[] file() {
        int width = features.size();
        OnnxGraph graph = ModelGraph.of("logistic", features);
        String scaled = scaling.nodes(graph);
        String factors =
                graph.constant("coefficients", Arrays.copyOf(coefficients, width), width, 1);
        String constant = graph.constant("constant", new float[] {coefficients[width]}, 1);
        return ModelGraph.classes(
                graph, graph.node("Gemm", "margin", List.of(scaled, factors, constant)));
    }

    @Override
    public OutputValue score() {
        return ModelGraph.PROBABILITY;
    }

    @Override
    public float[] scores(Rows rows) {
        ModelGraph.checkSame(features, rows);
        float[] scores = new float[rows.size()];
        double[] row = new double[features.size()];
        for (int i = 0; i < scores.length; i++) {
            scaling.row(rows, i, row);
            double margin = coefficients[row.length];
            for (int j = 0; j < row.length; j++) {
                margin += coefficients[j] * row[j];
            }
            scores[i] = ModelGraph.probability(margin);
        }
        return scores;
    }
}

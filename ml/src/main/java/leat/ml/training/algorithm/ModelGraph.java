package leat.ml.training.algorithm;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import leat.core.scoring.OutputValue;
import leat.ml.training.onnx.OnnxAttribute;
import leat.ml.training.onnx.OnnxGraph;
import leat.ml.training.onnx.OnnxType;
import tools.jackson.databind.json.JsonMapper;

/// What the graphs of all algorithms have: the input, and the outputs of classifiers.
final class ModelGraph {

    static final String FEATURES = "features";
    static final OutputValue PROBABILITY = OutputValue.parse("probabilities[1]");

    private ModelGraph() {}

    /// A graph that has its input.
    static OnnxGraph of(String algorithm, List<String> features) {
        SequencedMap<String, String> metadata = new LinkedHashMap<>();
        metadata.put("leat.algorithm", algorithm);
        metadata.put("leat.features", JsonMapper.shared().writeValueAsString(features));
        OnnxGraph graph = new OnnxGraph(metadata);
        graph.input(FEATURES, OnnxType.FLOAT, OnnxGraph.ROWS, features.size());
        return graph;
    }

    /// Ends a classifier.
    ///
    /// @param margin a column of log-odds
    static byte[] classes(OnnxGraph graph, String margin) {
        String one = graph.node("Sigmoid", "positive", List.of(margin));
        String unit = graph.constant("unit", new float[] {1}, 1);
        String zero = graph.node("Sub", "negative", List.of(unit, one));
        graph.node("Concat", "probabilities", List.of(zero, one), OnnxAttribute.whole("axis", 1));
        String half = graph.constant("half", new float[] {0.5f}, 1);
        String above = graph.node("Greater", "above", List.of(one, half));
        String column =
                graph.node(
                        "Cast",
                        "class",
                        List.of(above),
                        OnnxAttribute.whole("to", OnnxType.INT64.number()));
        graph.node("Squeeze", "label", List.of(column, secondAxis(graph)));
        graph.output("label", OnnxType.INT64, OnnxGraph.ROWS);
        graph.output("probabilities", OnnxType.FLOAT, OnnxGraph.ROWS, 2);
        return graph.bytes();
    }

    /// The axis of the columns, for operators that take it as an input. Once a graph.
    static String secondAxis(OnnxGraph graph) {
        return graph.constant("columns", new long[] {1}, 1);
    }

    /// Log-odds as a probability, by arithmetic that is the same everywhere.
    static float probability(double margin) {
        return (float) (1 / (1 + StrictMath.exp(-margin)));
    }

    static void checkSame(List<String> learned, Rows rows) {
        if (!learned.equals(rows.features())) {
            throw new IllegalArgumentException(
                    "learned from " + learned + ", and asked for " + rows.features());
        }
    }
}

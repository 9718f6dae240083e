package leat.ml.training.algorithm;

import java.util.List;
import leat.core.scoring.OutputValue;
import leat.ml.training.onnx.OnnxAttribute;
import leat.ml.training.onnx.OnnxGraph;
import leat.ml.training.onnx.OnnxType;

/// A network that gives rows back, and what its errors mean: an error `e` is the score `e / (e +
/// middle)`, from 0 to 1, and 0.5 at the middle.
final class AutoencoderModel implements Fitted {

    /// Where all rows of the training are given back to the last digit.
    static final double LEAST_MIDDLE = 1e-6;

    private static final OutputValue SCORE = OutputValue.parse("score");

    private final List<String> features;
    private final Scaling scaling;
    private final Network network;
    private final double[] weights;
    private final float middle;

    /// A model.
    ///
    /// @param weights all of which are floats
    AutoencoderModel(
            List<String> features,
            Scaling scaling,
            Network network,
            double[] weights,
            double middle) {
        this.features = features;
        this.scaling = scaling;
        this.network = network;
        this.weights = weights;
        this.middle = (float) middle;
    }

    @Override
    public OutputValue score() {
        return SCORE;
    }

    @Override
    public float[] scores(Rows rows) {
        ModelGraph.checkSame(features, rows);
        Reconstruction reconstruction = new Reconstruction(network, scaling);
        float[] scores = new float[rows.size()];
        for (int i = 0; i < scores.length; i++) {
            double error = reconstruction.error(weights, rows, i);
            scores[i] = (float) (error / (error + middle));
        }
        return scores;
    }

    @Override
    public byte[] file() {
        OnnxGraph graph = ModelGraph.of("autoencoder", features);
        String scaled = scaling.nodes(graph);
        String back = layers(graph, scaled);
        String error = error(graph, scaled, back);
        String middleError = graph.constant("middle", new float[] {middle}, 1);
        String sum = graph.node("Add", "errorAndMiddle", List.of(error, middleError));
        graph.node("Div", "score", List.of(error, sum));
        String wide = graph.node("Mul", "wide", List.of(back, "deviations"));
        graph.node("Add", "reconstruction", List.of(wide, "means"));
        graph.output("score", OnnxType.FLOAT, OnnxGraph.ROWS);
        graph.output("reconstruction", OnnxType.FLOAT, OnnxGraph.ROWS, features.size());
        return graph.bytes();
    }

    private String layers(OnnxGraph graph, String scaled) {
        String at = scaled;
        int from = network.inputs();
        for (int layer = 0; layer < network.layers(); layer++) {
            int to = network.units(layer);
            int begin = network.begin(layer);
            String factors = graph.constant("weights" + layer, floats(begin, from * to), to, from);
            String constants =
                    graph.constant("constants" + layer, floats(begin + from * to, to), to);
            String sum =
                    graph.node(
                            "Gemm",
                            "sum" + layer,
                            List.of(at, factors, constants),
                            OnnxAttribute.whole("transB", 1));
            at =
                    layer == network.layers() - 1
                            ? sum
                            : graph.node("Tanh", "layer" + layer, List.of(sum));
            from = to;
        }
        return at;
    }

    private float[] floats(int begin, int count) {
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
            floats[i] = (float) weights[begin + i];
        }
        return floats;
    }

    /// The mean square over what is known. Uses `missing` of the scaling.
    private static String error(OnnxGraph graph, String scaled, String back) {
        String columns = ModelGraph.secondAxis(graph);
        String zero = graph.constant("zero", new float[] {0}, 1);
        String one = graph.constant("one", new float[] {1}, 1);
        String off = graph.node("Sub", "off", List.of(back, scaled));
        String offKnown = graph.node("Where", "offKnown", List.of("missing", zero, off));
        String squares = graph.node("Mul", "squares", List.of(offKnown, offKnown));
        String sum = reduced(graph, "squareSum", squares, columns);
        String known = graph.node("Where", "known", List.of("missing", zero, one));
        String count = reduced(graph, "count", known, columns);
        String divisor = graph.node("Max", "divisor", List.of(count, one));
        return graph.node("Div", "error", List.of(sum, divisor));
    }

    private static String reduced(OnnxGraph graph, String name, String from, String axis) {
        return graph.node(
                "ReduceSum", name, List.of(from, axis), OnnxAttribute.whole("keepdims", 0));
    }
}

package leat.ml.scoring;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import leat.ml.training.onnx.OnnxGraph;
import leat.ml.training.onnx.OnnxType;
import leat.ml.weights.Weight;
import leat.ml.weights.WeightType;
import leat.ml.weights.Weights;

/// ONNX files that give `2a - 3b` and a number of one's choice as `variable`.
public final class LinearModel {

    private static final byte[] BEFORE_NUMBER = "intercepts=".getBytes(US_ASCII);

    private LinearModel() {}

    /// `linear.onnx` with another intercept.
    public static byte[] adding(float number) {
        try (InputStream file = LinearModel.class.getResourceAsStream("linear.onnx")) {
            byte[] onnx = Objects.requireNonNull(file).readAllBytes();
            ByteBuffer.wrap(onnx)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putFloat(place(onnx) + BEFORE_NUMBER.length, number);
            return onnx;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// The same as an operator with initializers, which can be exchanged.
    public static byte[] weighted(float number) {
        OnnxGraph graph = new OnnxGraph(Map.of());
        String x = graph.input("X", OnnxType.FLOAT, OnnxGraph.ROWS, 2);
        String product =
                graph.node(
                        "MatMul",
                        "product",
                        List.of(x, graph.constant("W", new float[] {2, -3}, 2, 1)));
        graph.node(
                "Add",
                "variable",
                List.of(product, graph.constant("intercept", new float[] {number}, 1)));
        graph.output("variable", OnnxType.FLOAT, OnnxGraph.ROWS, 1);
        return graph.bytes();
    }

    /// A file of the intercept alone, for [#weighted].
    public static byte[] weightsAdding(float number) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        Weight intercept =
                new Weight(
                        WeightType.FLOAT,
                        List.of(1L),
                        ByteString.copyFrom(bytes.putFloat(number).flip()));
        return new Weights(new TreeMap<>(Map.of("intercept", intercept))).safeTensors();
    }

    private static int place(byte[] onnx) {
        for (int at = 0; at + BEFORE_NUMBER.length < onnx.length; at++) {
            if (Arrays.equals(
                    onnx, at, at + BEFORE_NUMBER.length, BEFORE_NUMBER, 0, BEFORE_NUMBER.length)) {
                return at;
            }
        }
        throw new AssertionError("the model has no intercept");
    }
}

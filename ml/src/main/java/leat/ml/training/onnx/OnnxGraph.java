package leat.ml.training.onnx;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A graph of operators in the making. Values are known by names: of an input, of a constant, or of
/// an operator's output. Written is `ModelProto` of
/// <https://github.com/onnx/onnx/blob/main/onnx/onnx.proto>, without times, so that the same calls
/// give the same bytes.
public final class OnnxGraph {

    /// A dimension of as many as there are rows.
    public static final long ROWS = -1;

    private static final int IR_VERSION = 8;
    private static final int OPERATORS_VERSION = 17;
    private static final int ML_OPERATORS_VERSION = 3;
    private static final String ML_DOMAIN = "ai.onnx.ml";

    /// Fields of the messages.
    private static final class Field {
        static final int MODEL_IR_VERSION = 1;
        static final int MODEL_PRODUCER = 2;
        static final int MODEL_GRAPH = 7;
        static final int MODEL_OPERATORS = 8;
        static final int MODEL_METADATA = 14;
        static final int GRAPH_NODE = 1;
        static final int GRAPH_NAME = 2;
        static final int GRAPH_CONSTANT = 5;
        static final int GRAPH_INPUT = 11;
        static final int GRAPH_OUTPUT = 12;
        static final int NODE_INPUT = 1;
        static final int NODE_OUTPUT = 2;
        static final int NODE_NAME = 3;
        static final int NODE_OPERATOR = 4;
        static final int NODE_ATTRIBUTE = 5;
        static final int NODE_DOMAIN = 7;
        static final int TENSOR_DIMENSION = 1;
        static final int TENSOR_TYPE = 2;
        static final int TENSOR_NAME = 8;
        static final int TENSOR_RAW = 9;

        private Field() {}
    }

    private final Map<String, String> metadata;
    private final List<ProtoMessage> nodes = new ArrayList<>();
    private final List<ProtoMessage> constants = new ArrayList<>();
    private final List<ProtoMessage> inputs = new ArrayList<>();
    private final List<ProtoMessage> outputs = new ArrayList<>();

    /// Begins a graph.
    ///
    /// @param metadata what the file says of itself, in the map's order
    public OnnxGraph(Map<String, String> metadata) {
        this.metadata = metadata;
    }

    public String input(String name, OnnxType type, long... dimensions) {
        inputs.add(value(name, type, dimensions));
        return name;
    }

    public void output(String name, OnnxType type, long... dimensions) {
        outputs.add(value(name, type, dimensions));
    }

    public String constant(String name, float[] values, long... dimensions) {
        ByteBuffer raw = raw(values.length * Float.BYTES);
        for (float value : values) {
            raw.putFloat(value);
        }
        return constant(name, OnnxType.FLOAT, raw, dimensions);
    }

    public String constant(String name, long[] values, long... dimensions) {
        ByteBuffer raw = raw(values.length * Long.BYTES);
        for (long value : values) {
            raw.putLong(value);
        }
        return constant(name, OnnxType.INT64, raw, dimensions);
    }

    private static ByteBuffer raw(int sizeBytes) {
        return ByteBuffer.allocate(sizeBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private String constant(String name, OnnxType type, ByteBuffer raw, long... dimensions) {
        ProtoMessage tensor = new ProtoMessage();
        for (long dimension : dimensions) {
            tensor.whole(Field.TENSOR_DIMENSION, dimension);
        }
        constants.add(
                tensor.whole(Field.TENSOR_TYPE, type.number())
                        .text(Field.TENSOR_NAME, name)
                        .bytes(Field.TENSOR_RAW, ByteString.copyFrom(raw.flip())));
        return name;
    }

    /// Adds an operator of ONNX itself.
    ///
    /// @param output the name of what comes out
    /// @return the output
    public String node(
            String operator, String output, List<String> given, OnnxAttribute... attributes) {
        nodes.add(node(operator, output, given, List.of(attributes)));
        return output;
    }

    /// Adds an operator of ONNX's `ai.onnx.ml`.
    ///
    /// @param output the name of what comes out
    /// @return the output
    public String mlNode(
            String operator, String output, List<String> given, List<OnnxAttribute> attributes) {
        nodes.add(node(operator, output, given, attributes).text(Field.NODE_DOMAIN, ML_DOMAIN));
        return output;
    }

    private static ProtoMessage node(
            String operator, String output, List<String> given, List<OnnxAttribute> attributes) {
        ProtoMessage node = new ProtoMessage();
        given.forEach(name -> node.text(Field.NODE_INPUT, name));
        node.text(Field.NODE_OUTPUT, output)
                .text(Field.NODE_NAME, output)
                .text(Field.NODE_OPERATOR, operator);
        attributes.forEach(one -> node.message(Field.NODE_ATTRIBUTE, one.message()));
        return node;
    }

    /// `ValueInfoProto`, with a `TypeProto` of a tensor and its `TensorShapeProto` in it.
    private static ProtoMessage value(String name, OnnxType type, long... dimensions) {
        ProtoMessage shape = new ProtoMessage();
        for (long dimension : dimensions) {
            shape.message(
                    1,
                    dimension == ROWS
                            ? new ProtoMessage().text(2, "rows")
                            : new ProtoMessage().whole(1, dimension));
        }
        ProtoMessage tensor = new ProtoMessage().whole(1, type.number()).message(2, shape);
        return new ProtoMessage().text(1, name).message(2, new ProtoMessage().message(1, tensor));
    }

    /// The file.
    public byte[] bytes() {
        ProtoMessage graph = new ProtoMessage();
        nodes.forEach(node -> graph.message(Field.GRAPH_NODE, node));
        graph.text(Field.GRAPH_NAME, "leat");
        constants.forEach(constant -> graph.message(Field.GRAPH_CONSTANT, constant));
        inputs.forEach(input -> graph.message(Field.GRAPH_INPUT, input));
        outputs.forEach(output -> graph.message(Field.GRAPH_OUTPUT, output));
        ProtoMessage model =
                new ProtoMessage()
                        .whole(Field.MODEL_IR_VERSION, IR_VERSION)
                        .text(Field.MODEL_PRODUCER, "leat")
                        .message(Field.MODEL_GRAPH, graph)
                        .message(Field.MODEL_OPERATORS, operators("", OPERATORS_VERSION))
                        .message(Field.MODEL_OPERATORS, operators(ML_DOMAIN, ML_OPERATORS_VERSION));
        metadata.forEach((key, value) ->
                model.message(
                        Field.MODEL_METADATA, new ProtoMessage().text(1, key).text(2, value)));
        return model.toBytes().toByteArray();
    }

    private static ProtoMessage operators(String domain, int version) {
        return new ProtoMessage().text(1, domain).whole(2, version);
    }
}

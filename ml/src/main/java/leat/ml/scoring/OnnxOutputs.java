package leat.ml.scoring;

import ai.onnxruntime.MapInfo;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxMap;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.SequenceInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import leat.core.scoring.ElementType;
import leat.core.scoring.ModelFailed;
import leat.core.scoring.Port;
import leat.core.scoring.Shape;
import leat.core.scoring.Tensor;
import leat.core.scoring.TensorValues;

/// What ONNX models give. Beside tensors that may be a map for each row, as the converters of
/// scikit-learn make it of probabilities: it becomes a table with a column for each key, in the
/// order of the keys.
final class OnnxOutputs {

    private static final Shape TABLE = Shape.of(Shape.FREE, Shape.FREE);

    private OnnxOutputs() {}

    /// @throws ModelFailed when one is neither
    static List<Port> ports(Map<String, NodeInfo> nodes) {
        List<Port> ports = new ArrayList<>();
        for (NodeInfo node : nodes.values()) {
            ports.add(
                    node.getInfo() instanceof SequenceInfo sequence && sequence.isSequenceOfMaps()
                            ? new Port(node.getName(), type(node.getName(), sequence), TABLE)
                            : OnnxTensors.port(node));
        }
        return ports;
    }

    private static ElementType type(String name, SequenceInfo sequence) {
        MapInfo map = sequence.mapInfo;
        return OnnxTensors.type(name, map.valueType);
    }

    /// A copy, which stays when the value is closed.
    static Tensor tensor(Port port, OnnxValue value) throws OrtException {
        return switch (value) {
            case OnnxTensor tensor -> OnnxTensors.fromOnnx(tensor);
            case OnnxSequence sequence -> table(port, sequence);
            default -> throw new ModelFailed("output " + port.name() + " is " + value.getInfo());
        };
    }

    private static Tensor table(Port port, OnnxSequence sequence) throws OrtException {
        List<Object> values = new ArrayList<>();
        List<? extends OnnxValue> rows = sequence.getValue();
        int columns = 0;
        try {
            for (OnnxValue row : rows) {
                if (!(row instanceof OnnxMap map)) {
                    throw new ModelFailed("output " + port.name() + " has a row that is no map");
                }
                Map<Object, Object> sorted = new TreeMap<>(map.getValue());
                columns = sorted.size();
                values.addAll(sorted.values());
            }
        } finally {
            // The sequence's end is not that of its rows.
            rows.forEach(OnnxValue::close);
        }
        return TensorValues.tensor(port, Shape.of(rows.size(), columns), values);
    }
}

package leat.core.scoring;

import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Rows of features as the inputs of a model. One input takes all features in their order as its
/// columns; of several inputs, each takes the feature of its name.
public final class FeatureRows {

    private FeatureRows() {}

    /// The inputs of one run.
    ///
    /// @param rows of each the features by position: numbers, booleans or texts
    /// @throws ModelFailed when the model takes other features
    public static Map<String, Tensor> tensors(
            Signature signature, List<String> features, List<List<Object>> rows) {
        if (signature.inputs().size() == 1) {
            Port port = signature.inputs().getFirst();
            return Map.of(port.name(), columns(signature, features, rows));
        }
        if (signature.inputs().size() != features.size()) {
            throw mismatch(signature, features);
        }
        Map<String, Tensor> inputs = new HashMap<>();
        for (Port port : signature.inputs()) {
            int place = features.indexOf(port.name());
            if (place < 0) {
                throw mismatch(signature, features);
            }
            Shape shape = shape(signature, port, rows.size(), 1);
            List<Object> values = rows.stream().map(row -> row.get(place)).toList();
            inputs.put(port.name(), TensorValues.tensor(port, shape, values));
        }
        return inputs;
    }

    private static Tensor columns(
            Signature signature, List<String> features, List<List<Object>> rows) {
        Port port = signature.inputs().getFirst();
        long wanted = port.shape().rowSize();
        if (wanted != Shape.FREE && wanted != features.size()) {
            throw mismatch(signature, features);
        }
        Shape shape = shape(signature, port, rows.size(), features.size());
        Tensor numbers = numbers(port, shape, rows);
        if (numbers != null) {
            return numbers;
        }
        List<Object> values = new ArrayList<>(rows.size() * features.size());
        rows.forEach(values::addAll);
        return TensorValues.tensor(port, shape, values);
    }

    /// The same of [NumberRow]s for an input of floats or doubles; else null.
    private static @Nullable Tensor numbers(Port port, Shape shape, List<List<Object>> rows) {
        long count = 0;
        for (List<Object> row : rows) {
            if (!(row instanceof NumberRow)) {
                return null;
            }
            count += row.size();
        }
        if (count != shape.size()) {
            return null;
        }
        return switch (port.type()) {
            case FP32 -> {
                FloatBuffer floats = FloatBuffer.allocate(shape.size());
                rows.forEach(row -> ((NumberRow) row).putInto(floats));
                yield new Tensor.Floats(shape, floats.flip());
            }
            case FP64 -> {
                DoubleBuffer doubles = DoubleBuffer.allocate(shape.size());
                rows.forEach(row -> ((NumberRow) row).putInto(doubles));
                yield new Tensor.Doubles(shape, doubles.flip());
            }
            case BOOL, INT8, INT16, INT32, INT64, UINT8, BYTES -> null;
        };
    }

    private static Shape shape(Signature signature, Port port, long rows, long columns) {
        Shape table = Shape.of(rows, columns);
        if (port.shape().admits(table)) {
            return table;
        }
        Shape list = Shape.of(rows);
        if (columns == 1 && port.shape().admits(list)) {
            return list;
        }
        throw new ModelFailed(
                "rows of features are asked for, and the model takes " + signature.inputs());
    }

    private static ModelFailed mismatch(Signature signature, List<String> features) {
        return new ModelFailed(
                "the model takes " + signature.inputs() + ", and is given " + features);
    }
}

package leat.core.scoring;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Rows of features as the inputs of a model. One input takes all features in their order as its
/// columns; of several inputs, each takes the feature of its name.
final class FeatureRows {

    private FeatureRows() {}

    /// @param rows of each the features by position: numbers, booleans or texts
    /// @throws ModelFailed when the model takes other features
    static Map<String, Tensor> tensors(
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
        List<Object> values = new ArrayList<>(rows.size() * features.size());
        rows.forEach(values::addAll);
        return TensorValues.tensor(
                port, shape(signature, port, rows.size(), features.size()), values);
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
        throw new ModelFailed("a step asks for rows, and the model takes " + signature.inputs());
    }

    private static ModelFailed mismatch(Signature signature, List<String> features) {
        return new ModelFailed(
                "the model takes " + signature.inputs() + ", and is given " + features);
    }
}

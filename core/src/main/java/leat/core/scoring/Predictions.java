package leat.core.scoring;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What a model says of rows of features: of each the values that were asked for.
public final class Predictions {

    private Predictions() {}

    /// Asks a model for many rows at once.
    ///
    /// Asks a model once, or row by row where it takes one at a time.
    ///
    /// @param model that the request means
    /// @return of each row the wanted values by position
    /// @throws ModelFailed when the model takes other features or has no such output, or fails
    public static List<List<Object>> of(Model model, PredictionRequest request) {
        List<OutputValue> wanted = request.wanted();
        List<List<Object>> rows = request.rows();
        wanted.forEach(value -> check(model.signature(), value));
        long most =
                model.signature().inputs().stream()
                        .mapToLong(port -> port.shape().rows())
                        .max()
                        .orElse(1);
        List<List<Object>> predictions = new ArrayList<>(rows.size());
        int step = most == Shape.FREE ? rows.size() : 1;
        for (int from = 0; from < rows.size(); from += step) {
            List<List<Object>> part = rows.subList(from, from + step);
            Map<String, Tensor> outputs =
                    model.run(
                            FeatureRows.tensors(model.signature(), request.features(), part),
                            request.timeout());
            for (int row = 0; row < part.size(); row++) {
                predictions.add(values(outputs, wanted, row, part.size()));
            }
        }
        return predictions;
    }

    private static void check(Signature signature, OutputValue wanted) {
        Port port =
                signature
                        .output(wanted.output())
                        .orElseThrow(() ->
                                new ModelFailed(
                                        "the model has no output '"
                                                + wanted.output()
                                                + "', but "
                                                + names(signature)));
        long size = port.shape().rowSize();
        if (size != Shape.FREE && wanted.index() >= size) {
            throw new ModelFailed(wanted + " is not there: the model's output is " + port);
        }
    }

    private static String names(Signature signature) {
        return signature.outputs().stream().map(Port::name).collect(Collectors.joining(", "));
    }

    private static List<Object> values(
            Map<String, Tensor> outputs, List<OutputValue> wanted, int row, int rows) {
        List<Object> values = new ArrayList<>(wanted.size());
        for (OutputValue one : wanted) {
            Tensor tensor = outputs.get(one.output());
            if (tensor == null || tensor.shape().rows() != rows) {
                throw new ModelFailed(
                        "output " + one.output() + " does not have a row for each that was given");
            }
            long size = tensor.shape().rowSize();
            if (one.index() >= size) {
                throw new ModelFailed(one + " is not there: a row has " + size + " values");
            }
            values.add(tensor.value(Math.toIntExact(row * size + one.index())));
        }
        return values;
    }
}

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
    /// How many rows a model takes in a run: one, or as many as anybody wants.
    ///
    /// @param most what is wanted
    public static int rowsAtOnce(Signature signature, int most) {
        return signature.inputs().stream().allMatch(port -> port.shape().rows() == Shape.FREE)
                ? most
                : 1;
    }

    /// Runs a model once.
    ///
    /// @param request of as many rows as the model takes
    /// @return of each row the wanted values by position
    /// @throws ModelFailed when the model takes other features or has no such output, or fails
    /// @throws ModelTooSlow when it takes too long
    public static List<List<Object>> of(Model model, PredictionRequest request) {
        request.wanted().forEach(value -> check(model.signature(), value));
        Map<String, Tensor> outputs =
                model.run(
                        FeatureRows.tensors(model.signature(), request.features(), request.rows()),
                        request.timeout());
        int rows = request.rows().size();
        List<Column> columns =
                request.wanted().stream().map(one -> column(outputs, one, rows)).toList();
        List<List<Object>> predictions = new ArrayList<>(rows);
        for (int row = 0; row < rows; row++) {
            predictions.add(values(columns, row));
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

    /// One wanted value of all rows.
    ///
    /// @param first the place of the first row's
    /// @param step from one row's to the next one's
    private record Column(Tensor tensor, int first, int step) {
        Object value(int row) {
            return tensor.value(first + row * step);
        }
    }

    private static Column column(Map<String, Tensor> outputs, OutputValue wanted, int rows) {
        Tensor tensor = outputs.get(wanted.output());
        if (tensor == null || tensor.shape().rows() != rows) {
            throw new ModelFailed(
                    "output " + wanted.output() + " does not have a row for each that was given");
        }
        long size = tensor.shape().rowSize();
        if (wanted.index() >= size) {
            throw new ModelFailed(wanted + " is not there: a row has " + size + " values");
        }
        return new Column(tensor, wanted.index(), Math.toIntExact(size));
    }

    private static List<Object> values(List<Column> columns, int row) {
        if (columns.size() == 1) {
            return List.of(columns.getFirst().value(row));
        }
        List<Object> values = new ArrayList<>(columns.size());
        for (Column column : columns) {
            values.add(column.value(row));
        }
        return values;
    }
}

package leat.core.scoring;

import java.time.Duration;
import java.util.List;
import leat.core.model.ModelReference;

/// What is asked of a model for many rows at once.
///
/// @param features the names of the features
/// @param rows of each the features by position: numbers, booleans or texts
/// @param wanted which values of the outputs
/// @param timeout how long one run of the model may take
public record PredictionRequest(
        ModelReference model,
        List<String> features,
        List<List<Object>> rows,
        List<OutputValue> wanted,
        Duration timeout) {

    public PredictionRequest {
        features = List.copyOf(features);
        rows = List.copyOf(rows);
        wanted = List.copyOf(wanted);
    }

    /// The same of other rows.
    public PredictionRequest of(List<List<Object>> others) {
        return new PredictionRequest(model, features, others, wanted, timeout);
    }
}

package leat.ml.scoring.protocol;

import java.util.List;
import java.util.Map;
import leat.core.scoring.Tensor;

/// What a model is asked.
///
/// @param id of the caller's choice, for the answer; may be empty
/// @param inputs by name
/// @param outputs that are wanted; all where none is named
/// @param binary whether outputs without a word of their own come in binary
public record InferenceRequest(
        String id, Map<String, Tensor> inputs, List<Wanted> outputs, boolean binary) {

    public InferenceRequest {
        inputs = Map.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /// An output that is wanted.
    public record Wanted(String name, boolean binary) {}
}

package leat.ml.scoring.protocol;

import java.util.List;
import leat.core.scoring.Tensor;

/// What a model answers.
///
/// @param version of the model, as the protocol has it, a text
/// @param id of the request; may be empty
public record InferenceResponse(String model, String version, String id, List<Output> outputs) {

    public InferenceResponse {
        outputs = List.copyOf(outputs);
    }

    /// One of its outputs.
    ///
    /// @param binary whether it goes behind the JSON
    public record Output(String name, Tensor tensor, boolean binary) {}
}

package leat.core.contract;

import java.time.Duration;
import java.util.List;
import leat.core.model.ModelReference;

/// What a step asks a model.
///
/// @param features top-level fields of the event, in the order of the model's columns
/// @param timeout how long an event waits for the answer at most
public record ModelQuestion(ModelReference model, List<String> features, Duration timeout) {

    public ModelQuestion {
        features = List.copyOf(features);
    }
}

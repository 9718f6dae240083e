package leat.ml.scorer;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// One prediction, with all that the log still has of how it came about.
///
/// @param id of the prediction
/// @param scoring `NAME.vN`
/// @param prediction as it was written
/// @param predictsSince the position of the vector from which on this line-up predicts
/// @param event that the vector was written with; empty where the log does not have it any more
/// @param explained empty where a feature is missing, so that no model was asked
public record Explanation(
        String id,
        String scoring,
        JsonNode prediction,
        Optional<String> predictsSince,
        List<FeatureValue> features,
        Optional<SourceEvent> event,
        Optional<Explained> explained) {

    public Explanation {
        features = List.copyOf(features);
    }

    /// A feature as the model was given it.
    ///
    /// @param value empty where the vector lacks it
    /// @param made what it is made of, as the view's definition says
    /// @param from events from this time on count, of a window
    /// @param adds what it adds to the output, in its unit; empty where there was nothing to
    ///   compare with
    public record FeatureValue(
            String name,
            Optional<Object> value,
            String made,
            Optional<Instant> from,
            Optional<Double> adds) {}

    /// The event that a vector was written with.
    ///
    /// @param value as it is in the log
    public record SourceEvent(String position, String topic, JsonNode value) {}

    /// What of the prediction is explained, and what it is compared with.
    ///
    /// @param output the field of the prediction that is explained
    /// @param now what the version says today; empty where it fails or gives no number
    /// @param expected the mean of what it says of the vectors that this one was compared with
    /// @param compared how many these are
    public record Explained(
            String output, Optional<Double> now, Optional<Double> expected, int compared) {}
}

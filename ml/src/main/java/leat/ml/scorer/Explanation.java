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
/// @param eventsRead where the events of features were looked for, one a view; empty where nobody
///   asked for them
/// @param sourceVectors those vectors that are events of features, of views that read another
///   one's, and what of them is read in turn; the nearest view's first
public record Explanation(
        String id,
        String scoring,
        JsonNode prediction,
        Optional<String> predictsSince,
        List<FeatureValue> features,
        Optional<SourceEvent> event,
        Optional<Explained> explained,
        List<EventsRead> eventsRead,
        List<SourceVector> sourceVectors) {

    /// Retention has deleted events.
    public static final String DELETED = "deleted";

    /// The time was up before all events were read.
    public static final String UNREAD = "unread";

    public Explanation {
        features = List.copyOf(features);
        eventsRead = List.copyOf(eventsRead);
        sourceVectors = List.copyOf(sourceVectors);
    }

    /// A feature as the model was given it.
    ///
    /// @param value empty where the vector lacks it
    /// @param made what it is made of, as the view's definition says
    /// @param from events from this time on count, of a window
    /// @param adds what it adds to the output, in its unit; empty where there was nothing to
    ///   compare with
    /// @param events that the value is a function of; empty where nobody asked for them
    public record FeatureValue(
            String name,
            Optional<Object> value,
            String made,
            Optional<Instant> from,
            Optional<Double> adds,
            Optional<FeatureEvents> events) {}

    /// The events that a value is a function of: of a window those in it that have a value for the
    /// feature, else the entity's newest one. They stand up to the event that the vector was
    /// written with.
    ///
    /// @param count how many were found
    /// @param complete whether these are all; else there may have been more before
    /// @param newest of them, the newest first
    /// @param deciding those that alone decide the value, the newest first, whether they are among
    ///   the newest or not; empty where no event does so, and where an event that was not found
    ///   might
    public record FeatureEvents(
            long count, boolean complete, List<NamedEvent> newest, List<NamedEvent> deciding) {
        public FeatureEvents {
            newest = List.copyOf(newest);
            deciding = List.copyOf(deciding);
        }
    }

    /// An event of the view's source.
    ///
    /// @param position in the source's topic; of a view of a view that of the vector which is the
    ///   event
    /// @param time when it happened
    /// @param id the `ce_id`; empty of a vector
    /// @param source the `ce_source`; empty of a vector
    /// @param event of a vector, the position of the event that it was written with
    public record NamedEvent(
            String position,
            Instant time,
            Optional<String> id,
            Optional<String> source,
            Optional<String> event) {}

    /// Where the events of a view's features were looked for.
    ///
    /// @param view `NAME.vN`
    /// @param topic that has the events of an entity on one partition
    /// @param from the first position that was read
    /// @param to the last one, of the event that the vector was written with
    /// @param lacking why some features' events are not all known, those from before `from`:
    ///   [#DELETED] or [#UNREAD]; empty where all are
    /// @param vectorsOf the view whose vectors are the events; empty where these are a contract's
    public record EventsRead(
            String view,
            String topic,
            String from,
            String to,
            Optional<String> lacking,
            Optional<String> vectorsOf) {}

    /// A vector that is named as an event of a feature, with what the features that are made of it
    /// read of it.
    ///
    /// @param view `NAME.vN`, whose vector it is
    /// @param position as the event's
    /// @param time its query time
    /// @param event the position with which it was written; empty where the vector is not known
    /// @param features what is read of it, in its view's order; nothing where it is not known
    /// @param lacking why the vector is not known: [#DELETED], or [#UNREAD] where the time was up
    public record SourceVector(
            String view,
            String position,
            Instant time,
            Optional<String> event,
            List<FeatureValue> features,
            Optional<String> lacking) {
        public SourceVector {
            features = List.copyOf(features);
        }
    }

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

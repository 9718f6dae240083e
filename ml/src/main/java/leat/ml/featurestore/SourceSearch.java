package leat.ml.featurestore;

import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.config.DurationText;
import leat.core.event.EventIdentity;
import leat.core.event.Position;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureView;
import leat.core.feature.Shape;
import leat.stream.log.LogReader;
import org.apache.kafka.common.TopicPartition;

/// Looks in the log for the events that the features of vectors are made of: reads the one
/// partition that a view sees an entity's events in, from the event that the vector was written
/// with backwards, as far as the widest window needs.
///
/// How far that is, [EarlierVectors] know. Where they are deleted, or too many, it is known from
/// the times at which records were appended, since no event happens later than `leat.timeBounds` of
/// its contract lets it after that: records that are appended before a window begins, less that
/// bound, have nothing in it.
public final class SourceSearch {

    private final LogReader log;
    private final Limits limits;

    public SourceSearch(LogReader log, Limits limits) {
        this.log = log;
        this.limits = limits;
    }

    /// How much is looked for.
    ///
    /// @param newest how many events of each feature are named, at least 1
    /// @param within after so long nothing more is read; up to a second later
    public record Limits(int newest, Duration within) {

        /// Each of these events is in memory once a feature.
        public static final int MOST_NEWEST = 1_000;

        private static final Duration LONGEST = Duration.ofDays(1);

        public Limits {
            if (newest < 1 || newest > MOST_NEWEST) {
                throw new IllegalArgumentException(
                        newest + " events of a feature are not 1 to " + MOST_NEWEST);
            }
            if (within.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(
                        DurationText.of(within) + " is longer than " + DurationText.of(LONGEST));
            }
        }
    }

    /// A vector whose events are looked for.
    ///
    /// @param queryMicros its query time, in microseconds since 1970
    /// @param features those whose events are looked for, by their names in the view
    /// @param partition of the topic of vectors
    /// @param offset its own there
    /// @param event the position with which it was written, in the topic that the view reads
    public record Vector(
            CompiledView view,
            String entity,
            long queryMicros,
            List<String> features,
            TopicPartition partition,
            long offset,
            Position event) {
        public Vector {
            features = List.copyOf(features);
        }

        /// What of the view these features are.
        Shape shape() {
            List<String> names =
                    view.view().features().stream().map(FeatureView.Feature::name).toList();
            Shape whole = view.shape();
            return new Shape(
                    whole.hopMicros(),
                    whole.series(),
                    features.stream()
                            .map(name -> whole.outputs().get(names.indexOf(name)))
                            .toList());
        }
    }

    /// An event that a feature is made of.
    ///
    /// @param position in the topic of the view's source
    /// @param timeMicros when it happened, microseconds since 1970
    /// @param identity empty of a vector, and of what has none
    /// @param event of a vector that is the event: the event that it goes back to
    public record Event(
            Position position,
            long timeMicros,
            Optional<EventIdentity> identity,
            Optional<Position> event) {}

    /// The events of one feature.
    ///
    /// @param count how many were found
    /// @param complete whether these are all; else there may have been more before
    /// @param newest of them, the newest first
    /// @param deciding those that alone decide the value, the newest first, wherever they stand
    ///   among all; empty where no event does so, and where an event that was not found might
    public record OfFeature(
            long count, boolean complete, List<Event> newest, List<Event> deciding) {

        /// Nothing was found, and there may be events.
        static final OfFeature UNKNOWN = new OfFeature(0, false, List.of(), List.of());

        public OfFeature {
            newest = List.copyOf(newest);
            deciding = List.copyOf(deciding);
        }
    }

    /// Why what stood before the first offset that was read is not known.
    public enum Lacking {
        /// Retention has deleted it.
        DELETED,
        /// The time was up.
        UNREAD
    }

    /// What was found.
    ///
    /// @param from the first offset that was looked at
    /// @param lacking empty where all that was needed was read
    /// @param features of each vector, in the order of [Vector#features]
    public record Found(
            long from, Optional<Lacking> lacking, Map<Vector, List<OfFeature>> features) {
        public Found {
            features = Map.copyOf(features);
        }

        /// Nothing, since the topic is deleted.
        public static Found gone(List<Vector> vectors) {
            Map<Vector, List<OfFeature>> features = new HashMap<>();
            for (Vector vector : vectors) {
                features.put(
                        vector, Collections.nCopies(vector.features().size(), OfFeature.UNKNOWN));
            }
            long end = vectors.stream().mapToLong(one -> one.event().offset()).max().orElse(-1) + 1;
            return new Found(end, Optional.of(Lacking.DELETED), features);
        }
    }

    /// Looks for the events of vectors, in one reading.
    ///
    /// @param partition of the topic that the views read
    /// @param vectors at least one, all written with events of the partition
    /// @throws leat.stream.log.LogUnavailable when Kafka does not answer
    /// @throws ViewRefused when there are events of a newer contract than the views'
    public Found of(TopicPartition partition, List<Vector> vectors) {
        try {
            return new PartitionSearch(log, limits, partition, vectors).found();
        } catch (ContractOutdated e) {
            throw new ViewRefused(String.valueOf(e.getMessage()), "take the workspace that has it");
        }
    }
}

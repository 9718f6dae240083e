package leat.ml.featurestore;

import java.time.Instant;
import java.util.Map;
import leat.core.event.TopicId;

/// Since when a version of a view is the one that serves: of an event at these positions or behind
/// them, its vector is the served one, up to where the next term begins.
///
/// @param sourceTopic the id of the topic that the positions are of
/// @param from by partition, the first offset; 0 where a partition is not named
/// @param since when that was decided
public record ServingTerm(
        int version, TopicId sourceTopic, Map<Integer, Long> from, Instant since) {

    public ServingTerm {
        from = Map.copyOf(from);
    }

    /// Whether it covers an event, unless a later term does.
    boolean reaches(TopicId topic, int partition, long offset) {
        return sourceTopic.equals(topic) && offset >= from.getOrDefault(partition, 0L);
    }
}

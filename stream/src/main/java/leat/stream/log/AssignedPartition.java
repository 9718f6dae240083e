package leat.stream.log;

import leat.core.event.TopicId;
import org.apache.kafka.common.TopicPartition;

/// A partition as it was given to a stage.
///
/// @param topicId the id of the topic that now has the name
/// @param offset where the stage goes on: the group's committed position in this very topic, else
///   the earliest record
/// @param counts what became of the records below `offset`
public record AssignedPartition(
        TopicPartition partition, TopicId topicId, long offset, Counts counts) {

    StagePosition position() {
        return new StagePosition(offset, counts);
    }
}

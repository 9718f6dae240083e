package leat.ml.featurestore;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import leat.core.event.Names;
import leat.core.event.TopicId;
import leat.stream.log.LogUnavailable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// Looks whether a view can run: whether the log answers and has what the view reads and writes.
///
/// @param admin stays the caller's
record SourceLook(Admin admin, Names names, FeatureFlow flow) {

    private static final int PATIENCE_MILLIS = 3_000;

    /// What a look has found.
    sealed interface Found {

        /// All that is needed is there.
        record Source(TopicId topic) implements Found {}

        /// Something is not there now, and may come.
        record Missing(String why) implements Found {}

        /// Something is wrong that does not pass.
        record Wrong(String why) implements Found {}
    }

    Found look() {
        String source = names.enriched(flow.source());
        List<String> topics =
                List.of(source, names.vectors(flow.vectors()), names.latest(flow.vectors()));
        try {
            Map<String, TopicDescription> found =
                    admin.describeTopics(
                                    topics, new DescribeTopicsOptions().timeoutMs(PATIENCE_MILLIS))
                            .allTopicNames()
                            .get();
            return found(source, found);
        } catch (ExecutionException e) {
            return new Found.Missing(
                    e.getCause() instanceof UnknownTopicOrPartitionException
                            ? "one of the topics " + String.join(", ", topics) + " is not there"
                            : "Kafka does not answer: " + e.getMessage());
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
    }

    private static Found found(String source, Map<String, TopicDescription> topics) {
        TopicDescription read = Objects.requireNonNull(topics.get(source));
        int partitions = read.partitions().size();
        for (TopicDescription topic : topics.values()) {
            if (topic.partitions().size() != partitions) {
                return new Found.Wrong(
                        "topic "
                                + topic.name()
                                + " has "
                                + topic.partitions().size()
                                + " partitions, "
                                + source
                                + " has "
                                + partitions
                                + ": count the view's version up, so that it gets topics of its"
                                + " own");
            }
        }
        return new Found.Source(new TopicId(read.topicId().toString()));
    }
}

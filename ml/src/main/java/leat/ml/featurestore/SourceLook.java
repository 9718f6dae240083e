package leat.ml.featurestore;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import leat.core.event.Names;
import leat.core.event.TopicId;
import leat.stream.log.LogUnavailable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/// Looks whether a view can run: whether the log answers and has what the view reads and writes.
///
/// @param admin stays the caller's
record SourceLook(Admin admin, Names names, FeatureFlow flow) {

    private static final int PATIENCE_MILLIS = 3_000;

    /// What a look has found.
    sealed interface Found {

        /// All that is needed is there.
        record Source(ViewTopology.Ids ids) implements Found {}

        /// Something is not there now, and may come.
        record Missing(String why) implements Found {}

        /// Something is wrong that does not pass.
        record Wrong(String why) implements Found {}
    }

    Found look() {
        String source = flow.sourceTopic(names);
        String input = flow.input(names);
        Set<String> topics = new LinkedHashSet<>();
        topics.add(source);
        topics.add(input);
        topics.add(names.vectors(flow.vectors()));
        topics.add(names.latest(flow.vectors()));
        try {
            Map<String, TopicDescription> found =
                    admin.describeTopics(
                                    topics, new DescribeTopicsOptions().timeoutMs(PATIENCE_MILLIS))
                            .allTopicNames()
                            .get();
            return found(source, input, found);
        } catch (ExecutionException e) {
            return new Found.Missing(
                    e.getCause() instanceof UnknownTopicOrPartitionException
                            ? "one of the topics " + String.join(", ", topics) + " is not there"
                            : "Kafka does not answer: " + e.getMessage());
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
    }

    private static Found found(String source, String input, Map<String, TopicDescription> topics) {
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
        return new Found.Source(new ViewTopology.Ids(id(read), id(topics.get(input))));
    }

    private static TopicId id(@Nullable TopicDescription topic) {
        return new TopicId(Objects.requireNonNull(topic).topicId().toString());
    }
}

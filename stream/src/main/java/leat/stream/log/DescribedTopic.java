package leat.stream.log;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import leat.core.event.TopicId;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/// Asks what a topic is, for who reads it without a group: without waiting where that matters.
public final class DescribedTopic {

    private static final int TIMEOUT_MILLIS = 5_000;

    private final Admin admin;
    private final String name;

    /// @param admin stays the caller's
    public DescribedTopic(Admin admin, String name) {
        this.admin = admin;
        this.name = name;
    }

    /// What Kafka says of the topic.
    public sealed interface State {

        /// It is there.
        record Present(TopicId id, int partitions) implements State {}

        /// It is not.
        record Absent() implements State {}
    }

    /// Fails with the reason when Kafka does not answer within five seconds.
    public CompletableFuture<State> ask() {
        Map<String, KafkaFuture<TopicDescription>> answers =
                admin.describeTopics(
                                List.of(name),
                                new DescribeTopicsOptions().timeoutMs(TIMEOUT_MILLIS))
                        .topicNameValues();
        return Objects.requireNonNull(answers.get(name))
                .toCompletionStage()
                .toCompletableFuture()
                .handle(DescribedTopic::state);
    }

    /// Waits for the answer.
    ///
    /// @throws LogUnavailable when there is none, or no such topic
    public State.Present present() {
        try {
            return switch (ask().get()) {
                case State.Present present -> present;
                case State.Absent _ ->
                        throw new LogUnavailable(
                                "topic " + name + " does not exist; leat up makes it", null);
            };
        } catch (ExecutionException e) {
            throw new LogUnavailable("cannot describe topic " + name, e.getCause());
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
    }

    private static State state(
            @Nullable TopicDescription description, @Nullable Throwable failure) {
        if (description != null) {
            return new State.Present(
                    new TopicId(description.topicId().toString()), description.partitions().size());
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        if (cause instanceof UnknownTopicOrPartitionException) {
            return new State.Absent();
        }
        throw new CompletionException(cause);
    }
}

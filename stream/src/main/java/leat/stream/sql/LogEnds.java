package leat.stream.sql;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import leat.core.event.TopicId;
import leat.stream.log.LogUnavailable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/// Where the committed records of topics start and end, asked of the brokers for each query.
record LogEnds(Map<String, TopicId> topics, Map<TopicPartition, Span> spans) {

    /// The offsets `[from, to)` of one partition: `to` is the last stable offset, so every
    /// transaction before it is committed or aborted.
    record Span(long from, long to) {}

    /// @throws LogUnavailable when the brokers do not answer within `timeout`
    static LogEnds read(Admin admin, Collection<String> names, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        Map<String, TopicId> topics = new HashMap<>();
        Map<TopicPartition, OffsetSpec> starts = new HashMap<>();
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        admin.describeTopics(names)
                .topicNameValues()
                .forEach((name, future) -> {
                    TopicDescription description = await(future, deadline);
                    if (description == null) {
                        return;
                    }
                    topics.put(name, new TopicId(description.topicId().toString()));
                    description
                            .partitions()
                            .forEach(p -> {
                                TopicPartition partition = new TopicPartition(name, p.partition());
                                starts.put(partition, OffsetSpec.earliest());
                                ends.put(partition, OffsetSpec.latest());
                            });
                });
        if (topics.isEmpty()) {
            return new LogEnds(Map.of(), Map.of());
        }
        ListOffsetsOptions committed = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
        KafkaFuture<Map<TopicPartition, ListOffsetsResult.ListOffsetsResultInfo>> first =
                admin.listOffsets(starts, committed).all();
        KafkaFuture<Map<TopicPartition, ListOffsetsResult.ListOffsetsResultInfo>> last =
                admin.listOffsets(ends, committed).all();
        Map<TopicPartition, ListOffsetsResult.ListOffsetsResultInfo> from = await(first, deadline);
        Map<TopicPartition, ListOffsetsResult.ListOffsetsResultInfo> to = await(last, deadline);
        if (from == null || to == null) {
            throw new LogUnavailable("a topic was deleted while it was asked for", null);
        }
        Map<TopicPartition, Span> spans = new HashMap<>();
        to.forEach((partition, end) ->
                spans.put(
                        partition,
                        new Span(
                                Objects.requireNonNull(from.get(partition)).offset(),
                                end.offset())));
        return new LogEnds(Map.copyOf(topics), Map.copyOf(spans));
    }

    /// `null` when the topic does not exist.
    private static <T> @Nullable T await(KafkaFuture<T> future, long deadlineNanos) {
        try {
            return future.get(Math.max(1, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return null;
            }
            throw new LogUnavailable("cannot read the log's ends", e.getCause());
        } catch (TimeoutException e) {
            throw new LogUnavailable("the log did not answer in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LogUnavailable("interrupted while waiting for the log", e);
        }
    }
}

package leat.ml.featurestore;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import leat.core.event.Names;
import leat.stream.log.LogUnavailable;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/// How far versions of views have come in their sources.
///
/// @param admin stays the caller's
record ViewPositions(Admin admin, Names names) {

    private static final int PATIENCE_MILLIS = 5_000;

    /// How far a version has come, by partition of its source.
    ///
    /// @param begins the first offset that the source still has
    /// @param positions the first offset that is not computed and committed: all vectors of events
    ///   before it are written, or, where the view brings its events to a topic of its own, all
    ///   these events. Never less than `begins`
    /// @param ends the first offset behind what can be read
    record Standing(
            Map<Integer, Long> begins, Map<Integer, Long> positions, Map<Integer, Long> ends) {

        Standing {
            begins = Map.copyOf(begins);
            positions = Map.copyOf(positions);
            ends = Map.copyOf(ends);
        }

        /// How many records are behind it.
        long processed() {
            return sum(positions) - sum(begins);
        }

        /// How many records the source has.
        long total() {
            return sum(ends) - sum(begins);
        }

        private static long sum(Map<Integer, Long> offsets) {
            return offsets.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /// What is read is a lower bound: a transaction that is about to be committed may count
    /// already, or not yet.
    ///
    /// @throws LogUnavailable when Kafka does not answer
    Standing of(FeatureFlow flow) {
        return of(flow.application(names), flow);
    }

    /// How far another version has come, of which only the group is known, and which sees the same
    /// source.
    Standing of(String group, FeatureFlow flow) {
        return of(group, flow.sourceTopic(names), IsolationLevel.READ_COMMITTED);
    }

    /// How far a version has come in the topic that it makes vectors of. The ends are those of all
    /// that is written, committed or not: of what counts as read in the source, nothing stands
    /// behind them.
    Standing ofInput(FeatureFlow flow) {
        return of(flow.application(names), flow.input(names), IsolationLevel.READ_UNCOMMITTED);
    }

    private Standing of(String group, String topic, IsolationLevel isolation) {
        List<TopicPartition> source = partitions(admin, topic);
        Map<Integer, Long> begins = offsets(source, OffsetSpec.earliest(), isolation);
        Map<Integer, Long> positions = new HashMap<>(begins);
        committed(group, source)
                .forEach((partition, offset) -> positions.merge(partition, offset, Math::max));
        return new Standing(begins, positions, offsets(source, OffsetSpec.latest(), isolation));
    }

    /// The partitions of a topic; none where it is not there.
    static List<TopicPartition> partitions(Admin admin, String topic) {
        int count = new Topics(admin, 1).partitionCounts(List.of(topic)).getOrDefault(topic, 0);
        return IntStream.range(0, count)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    /// By partition of a topic the first offset that it still has.
    Map<Integer, Long> begins(String topic) {
        return offsets(
                partitions(admin, topic), OffsetSpec.earliest(), IsolationLevel.READ_COMMITTED);
    }

    /// By partition of a topic the first offset behind what can be read.
    Map<Integer, Long> ends(String topic) {
        return offsets(
                partitions(admin, topic), OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
    }

    private Map<Integer, Long> committed(String group, List<TopicPartition> source) {
        try {
            Map<TopicPartition, OffsetAndMetadata> found =
                    admin.listConsumerGroupOffsets(
                                    Map.of(
                                            group,
                                            new ListConsumerGroupOffsetsSpec()
                                                    .topicPartitions(source)),
                                    new ListConsumerGroupOffsetsOptions()
                                            .timeoutMs(PATIENCE_MILLIS))
                            .partitionsToOffsetAndMetadata(group)
                            .get();
            Map<Integer, Long> committed = new TreeMap<>();
            found.forEach((partition, at) -> {
                if (at != null) {
                    committed.put(partition.partition(), at.offset());
                }
            });
            return committed;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return Map.of();
            }
            throw new LogUnavailable("cannot read the positions of " + group, e.getCause());
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
    }

    private Map<Integer, Long> offsets(
            List<TopicPartition> source, OffsetSpec which, IsolationLevel isolation) {
        return await(
                        admin.listOffsets(
                                        source.stream()
                                                .collect(
                                                        Collectors.toMap(
                                                                partition -> partition,
                                                                _ -> which)),
                                        new ListOffsetsOptions(isolation)
                                                .timeoutMs(PATIENCE_MILLIS))
                                .all())
                .entrySet()
                .stream()
                .collect(
                        Collectors.toMap(
                                at -> at.getKey().partition(), at -> at.getValue().offset()));
    }

    private static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new LogUnavailable("Kafka refused a request", e.getCause());
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
    }
}

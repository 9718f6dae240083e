package leat.ml.featurestore;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import leat.core.event.Names;
import leat.core.event.TopicId;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;

/// Replays the log and compares every vector that was written with what the replay gives, bit for
/// bit, and the newest of each entity that online stores are made of: up to the positions that the
/// view has committed, whether it runs or not. Nothing of the state that the view keeps is used.
public record FeatureVerify(LogConnection log, Names names) {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// Compares all partitions of a view.
    ///
    /// @throws ViewRefused when the log does not have what is needed any more
    /// @throws LogUnavailable when Kafka does not answer
    public VerifyReport run(FeatureFlow flow) {
        List<VerifyReport.Difference> first = new ArrayList<>();
        long events = 0;
        long vectors = 0;
        long entities = 0;
        long differences = 0;
        for (PartitionReplay.Scope scope : scopes(flow)) {
            PartitionReplay.Result result = new PartitionReplay(log, flow, scope).run();
            events += result.events();
            vectors += result.vectors();
            entities += result.entities();
            differences += result.differences();
            first.addAll(result.first());
        }
        if (flow.rekeys()) {
            List<VerifyReport.Difference> moved = rekeyed(flow);
            differences += moved.size();
            first.addAll(moved);
        }
        return new VerifyReport(
                flow.name(),
                events,
                vectors,
                entities,
                differences,
                first.stream().limit(VerifyReport.TOLD).toList());
    }

    private List<PartitionReplay.Scope> scopes(FeatureFlow flow) {
        String input = flow.input(names);
        String vectors = names.vectors(flow.vectors());
        String latest = names.latest(flow.vectors());
        try (Admin admin = log.admin()) {
            TopicId inputId = id(admin, input);
            id(admin, vectors);
            id(admin, latest);
            List<PartitionReplay.Scope> scopes = new ArrayList<>();
            committed(admin, flow.application(names), ViewPositions.partitions(admin, input))
                    .forEach((partition, offset) -> {
                        TopicPartition all = new TopicPartition(vectors, partition.partition());
                        TopicPartition newest = new TopicPartition(latest, partition.partition());
                        scopes.add(
                                new PartitionReplay.Scope(
                                        inputId,
                                        partition,
                                        offset,
                                        all,
                                        end(admin, all),
                                        newest,
                                        end(admin, newest)));
                    });
            return scopes;
        }
    }

    private List<VerifyReport.Difference> rekeyed(FeatureFlow flow) {
        String source = flow.sourceTopic(names);
        try (Admin admin = log.admin()) {
            TopicId sourceId = id(admin, source);
            Map<TopicPartition, Long> sources =
                    committed(
                            admin,
                            flow.application(names),
                            ViewPositions.partitions(admin, source));
            Map<TopicPartition, Long> ends = new LinkedHashMap<>();
            for (TopicPartition partition : ViewPositions.partitions(admin, flow.input(names))) {
                ends.put(partition, end(admin, partition));
            }
            return new RekeyReplay(log, flow, sourceId).run(sources, ends);
        }
    }

    private static TopicId id(Admin admin, String topic) {
        return required(new Topics(admin, 1).ids(List.of(topic)).get(topic), topic);
    }

    private static TopicId required(@Nullable TopicId id, String topic) {
        return Optional.ofNullable(id)
                .orElseThrow(() ->
                        new ViewRefused(
                                "the topic " + topic + " is not there",
                                "run the view first, with leat up or leat run features"));
    }

    /// The positions behind which nothing is known to be written; asked for before the ends of the
    /// vectors, so that what belongs to them stands below these. While a transaction on a position
    /// is open, which of a running view is often the case, Kafka leaves the partition out of its
    /// answer, and is asked again.
    private static Map<TopicPartition, Long> committed(
            Admin admin, String group, List<TopicPartition> partitions) {
        Map<TopicPartition, Long> committed = new LinkedHashMap<>();
        List<TopicPartition> left = new ArrayList<>(partitions);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!left.isEmpty()) {
            Map<TopicPartition, OffsetAndMetadata> positions = positions(admin, group, left);
            for (TopicPartition partition : left) {
                Optional.ofNullable(positions.get(partition))
                        .ifPresent(at -> committed.put(partition, at.offset()));
            }
            left.removeAll(positions.keySet());
            if (System.nanoTime() > deadline) {
                throw new LogUnavailable(
                        "transactions on the positions of " + group + " do not end", null);
            }
        }
        return committed;
    }

    /// Null for a partition without a position.
    private static Map<TopicPartition, OffsetAndMetadata> positions(
            Admin admin, String group, List<TopicPartition> partitions) {
        try {
            return admin.listConsumerGroupOffsets(
                            Map.of(
                                    group,
                                    new ListConsumerGroupOffsetsSpec().topicPartitions(partitions)),
                            new ListConsumerGroupOffsetsOptions().requireStable(true))
                    .partitionsToOffsetAndMetadata(group)
                    .get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                throw new ViewRefused(
                        "nothing has run as " + group,
                        "run the view first, with leat up or leat run features");
            }
            throw new LogUnavailable("cannot read the positions of " + group, e.getCause());
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
    }

    private static long end(Admin admin, TopicPartition partition) {
        return await(
                        admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                                .partitionResult(partition))
                .offset();
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

package leat.stream.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import leat.core.event.TopicId;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/// Kafka as an audit reads it: an admin client for positions and one consumer in no group, whose
/// reads see committed records only. Not for several threads at once.
public final class KafkaAuditLog implements AuditLog, AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    private final Admin admin;
    private final Topics topics;
    private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> reader;
    private final Duration patience;

    /// @param patience how long a read may make no progress
    public KafkaAuditLog(LogConnection connection, Duration patience) {
        this.admin = connection.admin();
        this.topics = new Topics(admin, 1);
        this.reader =
                connection.pastReader(
                        "leat-audit", Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000));
        this.patience = patience;
    }

    @Override
    public Optional<TopicId> topicId(String topic) {
        return Optional.ofNullable(topics.ids(List.of(topic)).get(topic));
    }

    @Override
    public Map<Integer, OffsetRange> bounds(String topic) {
        Map<Integer, ListOffsetsResultInfo> first = offsets(topic, _ -> OffsetSpec.earliest());
        Map<Integer, ListOffsetsResultInfo> last = offsets(topic, _ -> OffsetSpec.latest());
        Map<Integer, OffsetRange> bounds = new HashMap<>();
        last.forEach((partition, end) -> {
            ListOffsetsResultInfo start = first.getOrDefault(partition, end);
            bounds.put(partition, new OffsetRange(start.offset(), end.offset()));
        });
        return bounds;
    }

    @Override
    public Map<Integer, TimedOffset> firstAt(String topic, Instant time) {
        long millis = Math.max(0, TimeRange.millisRoundedUp(time));
        Map<Integer, TimedOffset> found = new HashMap<>();
        offsets(topic, _ -> OffsetSpec.forTimestamp(millis))
                .forEach((partition, at) -> {
                    if (at.offset() >= 0) {
                        found.put(
                                partition,
                                new TimedOffset(at.offset(), Instant.ofEpochMilli(at.timestamp())));
                    }
                });
        return found;
    }

    @Override
    public Map<Integer, Long> committed(String group, String topic) {
        Map<Integer, Long> committed = new HashMap<>();
        try {
            Map<TopicPartition, OffsetAndMetadata> offsets =
                    admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
            offsets.forEach((partition, offset) -> {
                // Kafka gives null for a partition without a position.
                Optional.ofNullable(offset)
                        .filter(_ -> partition.topic().equals(topic))
                        .ifPresent(at -> committed.put(partition.partition(), at.offset()));
            });
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof GroupIdNotFoundException)) {
                throw new LogUnavailable("cannot read the positions of " + group, e.getCause());
            }
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
        return committed;
    }

    @Override
    public void read(
            String topic,
            int partition,
            OffsetRange range,
            Consumer<ConsumerRecord<byte[], byte[]>> consumer) {
        TopicPartition source = new TopicPartition(topic, partition);
        reader.assign(List.of(source));
        reader.seek(source, range.from());
        long position = range.from();
        long deadline = System.nanoTime() + patience.toNanos();
        while (position < range.to()) {
            for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
                if (record.offset() < range.to()) {
                    consumer.accept(record);
                }
            }
            long reached = reader.position(source);
            if (reached > position) {
                position = reached;
                deadline = System.nanoTime() + patience.toNanos();
            } else if (System.nanoTime() > deadline) {
                throw new LogUnavailable(
                        "reading "
                                + source
                                + " made no progress at offset "
                                + position
                                + " for "
                                + patience
                                + "; a transaction may be open there",
                        null);
            }
        }
    }

    @Override
    public void close() {
        reader.close();
        admin.close();
    }

    private Map<Integer, ListOffsetsResultInfo> offsets(
            String topic, IntFunction<OffsetSpec> spec) {
        int partitions = topics.partitionCounts(List.of(topic)).getOrDefault(topic, 0);
        Map<TopicPartition, OffsetSpec> wanted =
                IntStream.range(0, partitions)
                        .boxed()
                        .collect(
                                Collectors.toMap(
                                        partition -> new TopicPartition(topic, partition),
                                        spec::apply));
        Map<Integer, ListOffsetsResultInfo> offsets = new HashMap<>();
        await(admin.listOffsets(wanted).all())
                .forEach((partition, at) -> offsets.put(partition.partition(), at));
        return offsets;
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

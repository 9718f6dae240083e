package leat.ml.scorer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import leat.core.event.TopicId;
import leat.stream.log.AssignedPartition;
import leat.stream.log.Counts;
import leat.stream.log.Emissions;
import leat.stream.log.LogReader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/// What was committed, in memory; topics have one partition.
final class MemoryLog implements LogReader {

    private final TopicId topicId;
    private final Map<String, List<ConsumerRecord<byte[], byte[]>>> topics = new HashMap<>();
    private final Map<String, Long> starts = new HashMap<>();
    private long position;
    int read;

    /// @param topicId of the topic whose position is the group's
    MemoryLog(TopicId topicId) {
        this.topicId = topicId;
    }

    List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        return topics.computeIfAbsent(topic, _ -> new ArrayList<>());
    }

    /// The newest value of each key of a compacted topic; null where it was deleted.
    Map<String, byte @Nullable []> newest(String topic) {
        Map<String, byte @Nullable []> newest = new HashMap<>();
        records(topic)
                .forEach(record -> newest.put(new String(record.key(), UTF_8), record.value()));
        return newest;
    }

    void append(ConsumerRecord<byte[], byte[]> record) {
        records(record.topic()).add(record);
    }

    /// A transaction that stands.
    ///
    /// @param end the group's position with it
    void commit(Emissions emissions, long end) {
        for (ProducerRecord<byte[], byte[]> record : emissions.records()) {
            Long timestamp = record.timestamp();
            append(
                    new ConsumerRecord<>(
                            record.topic(),
                            0,
                            records(record.topic()).size(),
                            timestamp == null ? 0 : timestamp,
                            TimestampType.CREATE_TIME,
                            0,
                            0,
                            record.key(),
                            record.value(),
                            new RecordHeaders(record.headers().toArray()),
                            Optional.empty()));
        }
        position = end;
    }

    long position() {
        return position;
    }

    /// Records below are deleted.
    void delete(String topic, long below) {
        starts.put(topic, below);
    }

    @Override
    public AssignedPartition assigned(TopicPartition partition) {
        return new AssignedPartition(
                partition, topicId, Math.max(position, start(partition)), Counts.NONE);
    }

    @Override
    public void read(
            TopicPartition partition,
            long from,
            long to,
            Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        for (ConsumerRecord<byte[], byte[]> record : records(partition.topic())) {
            if (record.offset() >= Math.max(from, start(partition)) && record.offset() < to) {
                sink.accept(record);
                read++;
            }
        }
    }

    @Override
    public long start(TopicPartition partition) {
        return starts.getOrDefault(partition.topic(), 0L);
    }

    @Override
    public long end(TopicPartition partition) {
        return records(partition.topic()).size();
    }

    @Override
    public OptionalLong firstOffsetSince(TopicPartition partition, long timestampMillis) {
        return records(partition.topic()).stream()
                .filter(record -> record.timestamp() >= timestampMillis)
                .mapToLong(ConsumerRecord::offset)
                .findFirst();
    }

    @Override
    public OptionalLong timestampBelow(TopicPartition partition, long offset) {
        throw new UnsupportedOperationException("nobody asks");
    }
}

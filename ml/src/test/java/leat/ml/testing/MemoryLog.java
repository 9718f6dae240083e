package leat.ml.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
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
import leat.stream.log.LogCursor;
import leat.stream.log.LogReader;
import leat.stream.log.LogUnavailable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/// What was committed, in memory. A topic that is named alone has one partition.
public final class MemoryLog implements LogReader {

    /// So many records a cursor gives at a time.
    private static final int AT_ONCE = 100;

    private final TopicId topicId;
    private final Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> partitions =
            new HashMap<>();
    private final Map<TopicPartition, Long> starts = new HashMap<>();
    private long position;
    private int read;
    private boolean away;

    /// @param topicId of the topic whose position is the group's
    public MemoryLog(TopicId topicId) {
        this.topicId = topicId;
    }

    public List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        return records(new TopicPartition(topic, 0));
    }

    private List<ConsumerRecord<byte[], byte[]>> records(TopicPartition partition) {
        return partitions.computeIfAbsent(partition, _ -> new ArrayList<>());
    }

    /// The newest value of each key of a compacted topic; null where it was deleted.
    public Map<String, byte @Nullable []> newest(String topic) {
        Map<String, byte @Nullable []> newest = new HashMap<>();
        records(topic)
                .forEach(record -> newest.put(new String(record.key(), UTF_8), record.value()));
        return newest;
    }

    public void append(ConsumerRecord<byte[], byte[]> record) {
        records(new TopicPartition(record.topic(), record.partition())).add(record);
    }

    /// Appends a record without a key.
    ///
    /// @return it, whose headers are still to be given
    public ConsumerRecord<byte[], byte[]> append(
            TopicPartition partition, long millis, byte[] value) {
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>(
                        partition.topic(),
                        partition.partition(),
                        records(partition).size(),
                        millis,
                        TimestampType.LOG_APPEND_TIME,
                        0,
                        value.length,
                        new byte[0],
                        value,
                        new RecordHeaders(),
                        Optional.empty());
        append(record);
        return record;
    }

    /// A transaction that stands.
    ///
    /// @param end the group's position with it
    public void commit(Emissions emissions, long end) {
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

    public long position() {
        return position;
    }

    /// How many records were read.
    public int read() {
        return read;
    }

    /// Records below are deleted.
    public void delete(String topic, long below) {
        starts.put(new TopicPartition(topic, 0), below);
    }

    /// Whether nothing can be read for a time.
    public void away(boolean isAway) {
        away = isAway;
    }

    private List<ConsumerRecord<byte[], byte[]>> answered(TopicPartition partition) {
        if (away) {
            throw new LogUnavailable("Kafka is away", null);
        }
        return records(partition);
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
        for (ConsumerRecord<byte[], byte[]> record : answered(partition)) {
            if (record.offset() >= Math.max(from, start(partition)) && record.offset() < to) {
                sink.accept(record);
                read++;
            }
        }
    }

    @Override
    public LogCursor cursor(TopicPartition partition) {
        return new LogCursor() {
            private long offset = start(partition);

            @Override
            public void seek(long to) {
                offset = Math.max(to, start(partition));
            }

            @Override
            public List<ConsumerRecord<byte[], byte[]>> next(Duration patience) {
                List<ConsumerRecord<byte[], byte[]>> next = new ArrayList<>();
                read(partition, offset, offset + AT_ONCE, next::add);
                if (!next.isEmpty()) {
                    offset = next.getLast().offset() + 1;
                }
                return next;
            }

            @Override
            public void close() {
                // it holds nothing
            }
        };
    }

    @Override
    public long start(TopicPartition partition) {
        return starts.getOrDefault(partition, 0L);
    }

    @Override
    public long end(TopicPartition partition) {
        return answered(partition).size();
    }

    @Override
    public OptionalLong firstOffsetSince(TopicPartition partition, long timestampMillis) {
        return answered(partition).stream()
                .filter(record -> record.timestamp() >= timestampMillis)
                .mapToLong(ConsumerRecord::offset)
                .findFirst();
    }

    @Override
    public OptionalLong timestampBelow(TopicPartition partition, long offset) {
        return answered(partition).stream()
                .filter(record -> record.offset() < offset)
                .mapToLong(ConsumerRecord::timestamp)
                .max();
    }
}

package leat.ml.monitor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import leat.core.contract.Contract;
import leat.stream.log.LogReader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// What was appended to a topic in a stretch of time.
record LogStretch(List<Part> parts) {

    static final int MAX_ROWS = 200_000;

    LogStretch {
        parts = List.copyOf(parts);
    }

    /// The offsets of a partition.
    record Part(TopicPartition partition, long from, long to) {}

    /// @param contract of the topic
    static LogStretch between(
            LogReader reader, String topic, Contract contract, long startMillis, long endMillis) {
        List<Part> parts = new ArrayList<>();
        for (int number = 0; number < contract.log().partitions(); number++) {
            TopicPartition partition = new TopicPartition(topic, number);
            long end = reader.end(partition);
            long from = reader.firstOffsetSince(partition, startMillis).orElse(end);
            long to = reader.firstOffsetSince(partition, endMillis).orElse(end);
            parts.add(new Part(partition, from, Math.max(from, to)));
        }
        return new LogStretch(parts);
    }

    /// Of one in how many something may be kept, so that it is about [#MAX_ROWS] at most.
    long every() {
        long size = parts.stream().mapToLong(part -> part.to() - part.from()).sum();
        return Math.max(1, Math.ceilDiv(size, MAX_ROWS));
    }

    /// Gives every record.
    void read(LogReader reader, Consumer<ConsumerRecord<byte[], byte[]>> all) {
        for (Part part : parts) {
            reader.read(part.partition(), part.from(), part.to(), all);
        }
    }

    /// @param all is given every record
    /// @param some is given those that are looked at
    void read(
            LogReader reader,
            Consumer<ConsumerRecord<byte[], byte[]>> all,
            Consumer<ConsumerRecord<byte[], byte[]>> some) {
        long every = every();
        read(
                reader,
                record -> {
                    all.accept(record);
                    if (isOneOf(every, record.offset())) {
                        some.accept(record);
                    }
                });
    }

    /// Scattered, so that no period in the log meets the sample's.
    static boolean isOneOf(long every, long key) {
        long mixed = (key ^ (key >>> 31)) * 0x9E3779B97F4A7C15L;
        return Long.remainderUnsigned(mixed ^ (mixed >>> 29), every) == 0;
    }
}

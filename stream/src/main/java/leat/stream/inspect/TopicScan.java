package leat.stream.inspect;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/// One consumer in no group over all partitions of some topics; it sees committed records only.
/// Owned by one thread.
public final class TopicScan implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions = new ArrayList<>();

    /// @param topics those that do not exist are left out
    public TopicScan(LogConnection connection, Collection<String> topics) {
        this.consumer =
                connection.pastReader(
                        "leat-inspect", Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000));
        Map<String, List<PartitionInfo>> known = consumer.listTopics();
        for (String topic : topics) {
            for (PartitionInfo partition : known.getOrDefault(topic, List.of())) {
                partitions.add(new TopicPartition(topic, partition.partition()));
            }
        }
    }

    public List<TopicPartition> partitions() {
        return List.copyOf(partitions);
    }

    /// The oldest offsets that are kept.
    public Map<TopicPartition, Long> begins() {
        return consumer.beginningOffsets(partitions);
    }

    /// Behind the last committed records; open transactions are not waited for.
    public Map<TopicPartition, Long> ends() {
        return consumer.endOffsets(partitions);
    }

    /// The first records at or after `time`, or the end.
    public Map<TopicPartition, Long> firstAt(Instant time, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> wanted = new HashMap<>();
        partitions.forEach(partition -> wanted.put(partition, Math.max(0, time.toEpochMilli())));
        Map<TopicPartition, Long> offsets = new HashMap<>(ends);
        Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(wanted);
        for (TopicPartition partition : partitions) {
            OffsetAndTimestamp first = found.get(partition);
            if (first != null) {
                offsets.put(partition, first.offset());
            }
        }
        return offsets;
    }

    /// Reads from `starts` to `ends`, each partition in its order.
    public void read(
            Map<TopicPartition, Long> starts,
            Map<TopicPartition, Long> ends,
            Consumer<ConsumerRecord<byte[], byte[]>> taker) {
        List<TopicPartition> open = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            if (offset(starts, partition) < offset(ends, partition)) {
                open.add(partition);
            }
        }
        seek(open, starts);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!open.isEmpty()) {
            long before = open.stream().mapToLong(consumer::position).sum();
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                TopicPartition source = new TopicPartition(record.topic(), record.partition());
                if (record.offset() < offset(ends, source)) {
                    taker.accept(record);
                }
            }
            if (open.stream().mapToLong(consumer::position).sum() > before) {
                deadline = System.nanoTime() + PATIENCE.toNanos();
            } else if (System.nanoTime() > deadline) {
                throw new LogUnavailable("Kafka sent nothing of " + open + " any more", null);
            }
            if (open.removeIf(
                    partition -> consumer.position(partition) >= offset(ends, partition))) {
                consumer.assign(open);
            }
        }
    }

    /// Makes [#poll] go on from `starts` in all partitions.
    void follow(Map<TopicPartition, Long> starts) {
        seek(partitions, starts);
    }

    /// What has come since, after at most a tenth of a second.
    List<ConsumerRecord<byte[], byte[]>> poll() {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        consumer.poll(POLL).forEach(records::add);
        return records;
    }

    @Override
    public void close() {
        consumer.close();
    }

    private void seek(List<TopicPartition> some, Map<TopicPartition, Long> starts) {
        consumer.assign(some);
        some.forEach(partition -> consumer.seek(partition, offset(starts, partition)));
    }

    static long offset(Map<TopicPartition, Long> offsets, TopicPartition partition) {
        return offsets.getOrDefault(partition, 0L);
    }
}

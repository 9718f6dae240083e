package leat.stream.log;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/// A topic of one partition that is small enough to be read whole, from its first record on. For
/// one thread.
public final class SmallTopic implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Map<String, Object> IMPATIENT =
            Map.of(
                    ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                    Math.toIntExact(PATIENCE.toMillis()));

    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final Duration patience;

    /// @param consumer is closed with this
    /// @param patience for one reading
    SmallTopic(Consumer<byte[], byte[]> consumer, TopicPartition partition, Duration patience) {
        this.consumer = consumer;
        this.partition = partition;
        this.patience = patience;
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
    }

    /// The topic has to be there.
    ///
    /// @param clientId says to the brokers who reads
    public static SmallTopic open(LogConnection log, String clientId, String topic) {
        return new SmallTopic(
                log.pastReader(clientId, IMPATIENT), new TopicPartition(topic, 0), PATIENCE);
    }

    /// What a reading gives, in the order of the records.
    @FunctionalInterface
    public interface Batch {
        void read(Iterable<ConsumerRecord<byte[], byte[]>> records);
    }

    /// Reads what was committed before the call and not read yet.
    ///
    /// @param batch takes what came with one answer of the log; it counts as read from then on
    /// @throws LogUnavailable when the log does not answer, or not everything came within 10 s
    public void readOn(Batch batch) {
        try {
            readTo(consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L), batch);
        } catch (KafkaException e) {
            throw new LogUnavailable("cannot read " + partition.topic(), e);
        }
    }

    /// Reads what was not read yet up to a record whose transaction was committed, also where Kafka
    /// does not show it to readers yet.
    ///
    /// @param batch as in [#readOn]
    /// @throws LogUnavailable when the log does not answer, or not everything came within 10 s
    public void readThrough(long offset, Batch batch) {
        try {
            readTo(offset + 1, batch);
        } catch (KafkaException e) {
            throw new LogUnavailable("cannot read " + partition.topic(), e);
        }
    }

    private void readTo(long end, Batch batch) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (consumer.position(partition) < end) {
            if (System.nanoTime() > deadline) {
                throw new LogUnavailable(
                        partition.topic()
                                + " could not be read within "
                                + patience.toSeconds()
                                + " s",
                        null);
            }
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            if (!records.isEmpty()) {
                batch.read(records);
            }
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}

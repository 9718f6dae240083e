package leat.ml.featurestore;

import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// The committed records of a partition up to an offset, one after the other. It waits for the end
/// of transactions that are open below.
final class CommittedRecords implements Iterator<ConsumerRecord<byte[], byte[]>>, AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final long from;
    private final long to;
    private Iterator<ConsumerRecord<byte[], byte[]>> polled = Collections.emptyIterator();
    private @Nullable ConsumerRecord<byte[], byte[]> next;

    /// @param to the first offset that is not read
    /// @throws LogUnavailable when the log does not say where the partition begins
    CommittedRecords(LogConnection log, TopicPartition partition, long to) {
        this.partition = partition;
        this.to = to;
        this.consumer =
                log.pastReader(
                        "leat-verify", Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000));
        this.from = begin();
    }

    private long begin() {
        try {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            return consumer.position(partition);
        } catch (KafkaException e) {
            consumer.close();
            throw new LogUnavailable("cannot read " + partition, e);
        }
    }

    /// The first offset that the partition still has.
    long from() {
        return from;
    }

    /// The next record without taking it; null behind the last.
    @Nullable ConsumerRecord<byte[], byte[]> peek() {
        if (next == null) {
            next = read();
        }
        return next;
    }

    @Override
    public boolean hasNext() {
        return peek() != null;
    }

    @Override
    public ConsumerRecord<byte[], byte[]> next() {
        ConsumerRecord<byte[], byte[]> record = peek();
        if (record == null) {
            throw new NoSuchElementException();
        }
        next = null;
        return record;
    }

    private @Nullable ConsumerRecord<byte[], byte[]> read() {
        try {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!polled.hasNext() && consumer.position(partition) < to) {
                long before = consumer.position(partition);
                polled = consumer.poll(POLL).iterator();
                if (consumer.position(partition) > before) {
                    deadline = System.nanoTime() + PATIENCE.toNanos();
                } else if (System.nanoTime() > deadline) {
                    throw new LogUnavailable(
                            partition + " could not be read beyond " + before, null);
                }
            }
        } catch (KafkaException e) {
            throw new LogUnavailable("cannot read " + partition, e);
        }
        if (!polled.hasNext()) {
            return null;
        }
        ConsumerRecord<byte[], byte[]> record = polled.next();
        return record.offset() < to ? record : null;
    }

    @Override
    public void close() {
        consumer.close();
    }
}

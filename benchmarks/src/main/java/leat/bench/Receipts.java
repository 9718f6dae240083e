package leat.bench;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.event.Position;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/// A read_committed consumer of enriched that notes when it has which event.
final class Receipts implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> consumer;
    private final Thread thread;
    private final List<Receipt> receipts = new ArrayList<>();
    private volatile boolean stopping;

    /// One event received.
    ///
    /// @param partition its raw partition
    /// @param offset its raw offset
    /// @param appendedMillis when it was appended to raw
    /// @param millis how long after that it was received
    record Receipt(int partition, long offset, long appendedMillis, double millis) {}

    /// The events of one round.
    record Window(List<Receipt> receipts) {
        Window {
            receipts = List.copyOf(receipts);
        }

        double[] enrichedMillis() {
            return receipts.stream().mapToDouble(Receipt::millis).toArray();
        }
    }

    private Receipts(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
        this.thread = Thread.ofPlatform().name("bench-receipts").unstarted(this::run);
    }

    /// Reads enriched from its end on.
    static Receipts start(Workbench bench, Names names) {
        Consumer<byte[], byte[]> consumer =
                bench.log().reader("bench-receipts", LatencyBench.eager());
        List<TopicPartition> partitions = bench.partitions(names.enriched(bench.contract()));
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        Receipts receipts = new Receipts(consumer);
        receipts.thread.start();
        return receipts;
    }

    /// How many events were received so far.
    synchronized long count() {
        return receipts.size();
    }

    /// Waits until `to` events were received and gives those from the `from`-th on.
    ///
    /// @throws IllegalStateException when they do not come
    synchronized Window await(long from, long to, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (receipts.size() < to) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new IllegalStateException(
                        (receipts.size() - from)
                                + " of "
                                + (to - from)
                                + " events came in time; the others were refused, or this machine"
                                + " is too slow for the rate");
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
        return new Window(receipts.subList((int) from, (int) to));
    }

    private void run() {
        try (consumer) {
            while (!stopping) {
                List<Receipt> polled = new ArrayList<>();
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    polled.add(receipt(record, nowMicros()));
                }
                if (!polled.isEmpty()) {
                    add(polled);
                }
            }
        }
    }

    private synchronized void add(List<Receipt> polled) {
        receipts.addAll(polled);
        notifyAll();
    }

    private static Receipt receipt(ConsumerRecord<byte[], byte[]> record, long nowMicros) {
        Header header = record.headers().lastHeader(EventHeaders.POSITION);
        Position raw = Position.parse(new String(header.value(), StandardCharsets.US_ASCII));
        return new Receipt(
                raw.partition(),
                raw.offset(),
                record.timestamp(),
                (nowMicros - record.timestamp() * 1_000) / 1e3);
    }

    private static long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    @Override
    public void close() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package leat.launcher.demo;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/// Reads topics as any consumer of committed events would, from their ends on, and measures how
/// long after its acceptance each event is there: an enriched record's timestamp is the append time
/// of the raw one.
final class EnrichedProbe implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> consumer;
    private final InstantSource clock = InstantSource.system();
    private final LatencyHistogram latencies = new LatencyHistogram();
    private final LongAdder seen = new LongAdder();
    private final Thread thread;
    private volatile boolean running = true;

    /// Starts reading at the topics' ends.
    EnrichedProbe(LogConnection log, Collection<String> topics) {
        this.consumer =
                log.reader("leat-demo-probe", Map.of(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50));
        List<TopicPartition> partitions =
                topics.stream()
                        .flatMap(topic -> consumer.partitionsFor(topic).stream())
                        .map((PartitionInfo p) -> new TopicPartition(p.topic(), p.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        this.thread = Thread.ofPlatform().name("enriched-probe").start(this::read);
    }

    long seen() {
        return seen.sum();
    }

    LatencyHistogram latencies() {
        return latencies;
    }

    private void read() {
        while (running) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                latencies.record(clock.millis() - record.timestamp());
                seen.increment();
            }
        }
    }

    @Override
    public void close() {
        running = false;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        consumer.close();
    }
}

package leat.launcher.demo;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;
import leat.stream.log.EventHeader;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// Reads topics from their ends on, as any consumer of committed records would, and counts what
/// comes; what is of the sources' time from some moment on, it hands on.
final class FlowWatch implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> consumer;
    private final Map<String, LongAdder> counts = new HashMap<>();
    private final java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> live;
    private final long liveMicros;
    private final Thread thread;
    private volatile boolean running = true;

    /// Starts reading.
    ///
    /// @param liveMicros the moment, in microseconds since 1970
    /// @param live is given the records from that moment on, by one thread
    FlowWatch(
            LogConnection log,
            Collection<String> topics,
            long liveMicros,
            java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> live) {
        this.live = live;
        this.liveMicros = liveMicros;
        this.consumer = log.reader("leat-demo-watch", Map.of());
        List<TopicPartition> partitions =
                topics.stream()
                        .distinct()
                        .flatMap(topic -> consumer.partitionsFor(topic).stream())
                        .map(one -> new TopicPartition(one.topic(), one.partition()))
                        .toList();
        topics.forEach(topic -> counts.put(topic, new LongAdder()));
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        this.thread = Thread.ofPlatform().name("flow-watch").start(this::read);
    }

    /// The records of topics that have come.
    long all(Collection<String> topics) {
        return topics.stream().mapToLong(topic -> count(topic).sum()).sum();
    }

    private LongAdder count(String topic) {
        LongAdder count = counts.get(topic);
        if (count == null) {
            throw new IllegalArgumentException(topic + " is not watched");
        }
        return count;
    }

    private void read() {
        while (running) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                OptionalLong time = EventHeader.eventMicros(record.headers());
                if (time.isPresent() && time.getAsLong() >= liveMicros) {
                    live.accept(record);
                }
                count(record.topic()).increment();
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

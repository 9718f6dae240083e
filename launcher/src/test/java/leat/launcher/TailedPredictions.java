package leat.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// The predictions that come into a topic from now on, with the versions that made them.
final class TailedPredictions implements AutoCloseable {

    private static final Pattern VERSION = Pattern.compile("\"model_version\":\"([^\"]+)\"");

    private final Consumer<byte[], byte[]> consumer;
    private final List<Seen> seen = new ArrayList<>();

    /// A prediction.
    record Seen(int partition, String version) {}

    TailedPredictions(LogConnection log, String topic) {
        this.consumer = log.reader("test", Map.of());
        List<TopicPartition> partitions =
                consumer.partitionsFor(topic).stream()
                        .map(one -> new TopicPartition(topic, one.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
    }

    /// Reads on until a version has predicted as often as that.
    ///
    /// @return all that came, in the order of each partition; or, where the version does not come
    ///   in time, as much as there was
    List<Seen> until(String version, int times, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < deadline
                && seen.stream().filter(one -> one.version().equals(version)).count() < times) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                Matcher matcher = VERSION.matcher(new String(record.value(), UTF_8));
                seen.add(new Seen(record.partition(), matcher.find() ? matcher.group(1) : "none"));
            }
        }
        return List.copyOf(seen);
    }

    @Override
    public void close() {
        consumer.close();
    }
}

package leat.ml.featurestore;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/// Looks into a source's topic for records that can be read.
record SourceGaps(LogConnection log, String topic) implements TakeOver.Gaps {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Override
    public boolean isEmpty(int partition, long from, long to) {
        TopicPartition read = new TopicPartition(topic, partition);
        try (Consumer<byte[], byte[]> consumer =
                log.pastReader(
                        "leat-features", Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1))) {
            consumer.assign(List.of(read));
            consumer.seek(read, from);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (consumer.position(read) < to && System.nanoTime() < deadline) {
                if (!consumer.poll(POLL).isEmpty()) {
                    return consumer.position(read) > to;
                }
            }
            return consumer.position(read) >= to;
        } catch (KafkaException e) {
            throw new LogUnavailable("cannot read " + read, e);
        }
    }
}

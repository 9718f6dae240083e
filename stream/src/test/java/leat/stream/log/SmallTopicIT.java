package leat.stream.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import leat.stream.testing.SharedKafka;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/// A small topic of a real broker.
final class SmallTopicIT {

    private static final int READINGS = 5;

    /// A consumer's last question stays at the broker for half a second unless it is told better.
    @Test
    void closingItWaitsForNothingNew() throws Exception {
        String topic = SharedKafka.freshNames().shared("small");
        SharedKafka.create(List.of(TopicSpec.compacted(topic, 1)));
        try (Producer<byte[], byte[]> producer =
                SharedKafka.connection().producer("small", Map.of())) {
            producer.send(new ProducerRecord<>(topic, new byte[] {1}, new byte[] {2})).get();
        }

        List<Duration> took = new ArrayList<>();
        for (int i = 0; i < READINGS; i++) {
            List<byte[]> read = new ArrayList<>();
            SmallTopic small = SmallTopic.open(SharedKafka.connection(), "small", topic);
            small.readOn(batch -> batch.forEach(record -> read.add(record.value())));
            long start = System.nanoTime();
            small.close();
            took.add(Duration.ofNanos(System.nanoTime() - start));
            assertThat(read).containsExactly(new byte[] {2});
        }

        // A busy machine may delay some.
        assertThat(took).anyMatch(one -> one.compareTo(Duration.ofMillis(300)) < 0);
    }
}

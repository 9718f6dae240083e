package leat.stream.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.junit.jupiter.api.Test;

final class SmallTopicTest {

    private static final TopicPartition PARTITION = new TopicPartition("small", 0);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    private final List<String> read = new ArrayList<>();

    private SmallTopic topic(Duration patience) {
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        return new SmallTopic(consumer, PARTITION, patience);
    }

    private void written(long offset, String value) {
        consumer.addRecord(
                new ConsumerRecord<>(
                        "small", 0, offset, "key".getBytes(UTF_8), value.getBytes(UTF_8)));
        consumer.updateEndOffsets(Map.of(PARTITION, offset + 1));
    }

    private void collect(Iterable<ConsumerRecord<byte[], byte[]>> records) {
        records.forEach(record -> read.add(new String(record.value(), UTF_8)));
    }

    @Test
    void readsToTheEndAndLaterWhatWasWrittenSince() {
        try (SmallTopic topic = topic(Duration.ofMinutes(1))) {
            written(0, "a");
            written(1, "b");
            topic.readOn(this::collect);
            assertThat(read).containsExactly("a", "b");

            topic.readOn(this::collect);
            written(2, "c");
            topic.readOn(this::collect);

            assertThat(read).containsExactly("a", "b", "c");
        }
        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void readsThroughToARecordThatIsNotShownYet() {
        try (SmallTopic topic = topic(Duration.ofMinutes(1))) {
            consumer.updateEndOffsets(Map.of(PARTITION, 0L));
            consumer.schedulePollTask(() -> {});
            consumer.schedulePollTask(() -> written(0, "a"));

            topic.readThrough(0, this::collect);

            assertThat(read).containsExactly("a");
        }
    }

    @Test
    void givesUpWhatDoesNotComeInTime() {
        try (SmallTopic topic = topic(Duration.ofMillis(1))) {
            consumer.updateEndOffsets(Map.of(PARTITION, 5L));

            assertThatThrownBy(() -> topic.readOn(this::collect))
                    .isInstanceOf(LogUnavailable.class)
                    .hasMessageContaining("small could not be read within");
        }
    }

    @Test
    void saysWhatTheLogRefused() {
        try (SmallTopic topic = topic(Duration.ofMinutes(1))) {
            written(0, "a");
            consumer.setPollException(new AuthorizationException("not you"));

            assertThatThrownBy(() -> topic.readOn(this::collect))
                    .isInstanceOf(LogUnavailable.class)
                    .hasMessage("cannot read small: not you");
        }
    }
}

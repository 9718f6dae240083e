package leat.ml.featurestore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

final class NeededHeadersTest {

    private static final TopicPartition EVENTS = new TopicPartition("events", 3);
    private static final TopicPartition OTHERS = new TopicPartition("others", 0);

    private static NeededHeaders keeping(String... names) {
        NeededHeaders needed = new NeededHeaders();
        needed.configure(
                Map.of(
                        NeededHeaders.TOPIC,
                        EVENTS.topic(),
                        NeededHeaders.NAMES,
                        List.of(names),
                        "fetch.min.bytes",
                        1));
        return needed;
    }

    private static ConsumerRecord<byte[], byte[]> record(TopicPartition of, long offset) {
        RecordHeaders headers = new RecordHeaders();
        for (String header : List.of("a=1", "b=2", "c=3", "b=4")) {
            headers.add(header.substring(0, 1), header.substring(2).getBytes(UTF_8));
        }
        return new ConsumerRecord<>(
                of.topic(),
                of.partition(),
                offset,
                1_800_000_000_000L + offset,
                TimestampType.LOG_APPEND_TIME,
                1,
                5,
                "k".getBytes(UTF_8),
                "value".getBytes(UTF_8),
                headers,
                Optional.of(7));
    }

    private static List<String> headers(ConsumerRecord<byte[], byte[]> record) {
        return Arrays.stream(record.headers().toArray())
                .map(header -> header.key() + "=" + new String(header.value(), UTF_8))
                .toList();
    }

    @Test
    void keepsTheLastOfEachNeededHeaderAndAllElseOfARecord() {
        ConsumerRecords<byte[], byte[]> polled =
                new ConsumerRecords<>(
                        Map.of(
                                EVENTS,
                                List.of(record(EVENTS, 10), record(EVENTS, 12)),
                                OTHERS,
                                List.of(record(OTHERS, 5))),
                        Map.of(
                                EVENTS,
                                new OffsetAndMetadata(13),
                                OTHERS,
                                new OffsetAndMetadata(6)));

        ConsumerRecords<byte[], byte[]> kept = keeping("b", "a", "none").onConsume(polled);

        assertThat(kept.records(EVENTS))
                .extracting(NeededHeadersTest::headers)
                .containsExactly(List.of("b=4", "a=1"), List.of("b=4", "a=1"));
        assertThat(kept.records(EVENTS))
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("headers")
                .isEqualTo(polled.records(EVENTS));
        assertThat(headers(Objects.requireNonNull(kept.records(OTHERS).getFirst())))
                .containsExactly("a=1", "b=2", "c=3", "b=4");
        assertThat(kept.nextOffsets()).isEqualTo(polled.nextOffsets());
    }

    @Test
    void refusesToStartWithoutItsSettings() {
        assertThatThrownBy(() -> new NeededHeaders().configure(Map.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is not set");
    }
}

package leat.stream.enricher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import leat.core.event.EventHeaders;
import leat.core.event.TopicId;
import leat.stream.log.EventHeader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class OutgoingRecordsTest {

    private static final byte[] VALUE = "{}".getBytes(StandardCharsets.UTF_8);

    private static OutgoingRecords records(Optional<String> latest) {
        return new OutgoingRecords(
                new Flow(
                        "cars",
                        "1.2.0",
                        "raw",
                        "enriched",
                        "dead",
                        latest,
                        Duration.ofHours(1),
                        Optional.empty(),
                        (value, _, _) -> new EventJudge.Verdict.Enriched(value, 7)),
                new TopicId("AAAAAAAAAAAAAAAAAAAAAA"));
    }

    private static ConsumerRecord<byte[], byte[]> raw(byte @Nullable [] key) {
        RecordHeaders headers = new RecordHeaders();
        EventHeader.add(headers, EventHeaders.ID, "1");
        return new ConsumerRecord<>(
                "raw",
                3,
                41,
                1_000,
                TimestampType.LOG_APPEND_TIME,
                -1,
                -1,
                key,
                VALUE,
                headers,
                Optional.empty());
    }

    @Test
    void aRecordWithoutAnIdentityIsKnownByItsPosition() {
        ProducerRecord<byte[], byte[]> enriched =
                records(Optional.empty())
                        .enriched(raw(null), new EventJudge.Verdict.Enriched(VALUE, 7));

        assertThat(EventHeader.text(enriched.headers(), EventHeaders.SOURCE)).isEqualTo("position");
        assertThat(EventHeader.text(enriched.headers(), EventHeaders.ID))
                .isEqualTo(EventHeader.text(enriched.headers(), EventHeaders.POSITION));
        assertThat(EventHeader.text(enriched.headers(), EventHeaders.ID_ORIGIN))
                .isEqualTo("server");
    }

    private static Optional<ProducerRecord<byte[], byte[]>> latest(
            OutgoingRecords records, byte @Nullable [] key) {
        return records.latest(
                records.enriched(raw(key), new EventJudge.Verdict.Enriched(VALUE, 7)));
    }

    @Test
    void theNewestEventOfAKeyIsTheEnrichedEventWithItsPosition() {
        // Given
        byte[] key = {'k'};

        // When
        ProducerRecord<byte[], byte[]> latest =
                latest(records(Optional.of("latest")), key).orElseThrow();

        // Then
        assertThat(latest.topic()).isEqualTo("latest");
        assertThat(latest.partition()).isEqualTo(3);
        assertThat(latest.timestamp()).isEqualTo(1_000);
        assertThat(latest.key()).isEqualTo(key);
        assertThat(latest.value()).isEqualTo(VALUE);
        assertThat(Arrays.stream(latest.headers().toArray()).map(Header::key))
                .containsExactlyInAnyOrder(
                        EventHeaders.POSITION,
                        EventHeaders.EVENT_TIME,
                        EventHeaders.CONTRACT_VERSION);
        assertThat(EventHeader.text(latest.headers(), EventHeaders.POSITION))
                .isEqualTo("AAAAAAAAAAAAAAAAAAAAAA/3@41");
    }

    @Test
    void otherContractsAndRecordsWithoutAKeyChangeNoRow() {
        assertThat(latest(records(Optional.empty()), new byte[] {'k'})).isEmpty();
        assertThat(latest(records(Optional.of("latest")), null)).isEmpty();
    }
}

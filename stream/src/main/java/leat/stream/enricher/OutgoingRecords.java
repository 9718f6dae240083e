package leat.stream.enricher;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import leat.core.encoding.PayloadFormat;
import leat.core.event.EventHeaders;
import leat.core.event.Hash128;
import leat.core.event.IdOrigin;
import leat.core.event.Names;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.core.outcome.Reason;
import leat.stream.log.EventHeader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/// Makes the records that leave the enricher: same partition and key as raw, raw's append time as
/// timestamp, raw's headers and ours. Where the contract protects fields, enriched events have its
/// key instead, and of the client's headers only those that say what the event is.
final class OutgoingRecords {

    /// What only we may say; a retried dead letter brings old ones along.
    private static final Set<String> OURS =
            Set.of(
                    EventHeaders.POSITION,
                    EventHeaders.EVENT_TIME,
                    EventHeaders.CONTRACT_VERSION,
                    EventHeaders.SKIPPED,
                    EventHeaders.LOOKUPS,
                    EventHeaders.STAGE,
                    EventHeaders.REASONS,
                    EventHeaders.DEAD_ID,
                    EventHeaders.APPENDED,
                    EventHeaders.ENRICHED_OFFSET,
                    EventHeaders.RETRY_POSITION);

    /// What of an enriched event's headers the newest event of its key keeps.
    private static final Set<String> OF_A_ROW =
            Set.of(EventHeaders.POSITION, EventHeaders.EVENT_TIME, EventHeaders.CONTRACT_VERSION);

    /// What a client writes freely, e.g. `ce_subject`, may hold what the contract protects.
    private static final Set<String> HANDED_ON_BESIDE_PROTECTED =
            Set.of(
                    EventHeaders.ID,
                    EventHeaders.SOURCE,
                    EventHeaders.TYPE,
                    EventHeaders.TIME,
                    EventHeaders.SPEC_VERSION,
                    EventHeaders.CONTENT_TYPE,
                    EventHeaders.ID_ORIGIN,
                    EventHeaders.ATTEMPT,
                    "ce_traceparent");

    private static final String STAGE = Names.DeadStage.ENRICHER.word();

    private final Flow flow;
    private final TopicId topicId;
    private final byte[] version;

    OutgoingRecords(Flow flow, TopicId topicId) {
        this.flow = flow;
        this.topicId = topicId;
        this.version = flow.versionHeader();
    }

    ProducerRecord<byte[], byte[]> enriched(
            ConsumerRecord<byte[], byte[]> raw, EventJudge.Verdict.Enriched enriched) {
        RecordHeaders headers = headers(raw, position(raw));
        if (flow.judge().protects()) {
            withhold(headers);
        }
        headers.add(EventHeaders.EVENT_TIME, utf8(Long.toString(enriched.eventMicros())));
        if (flow.decoder().isPresent()) {
            headers.remove(EventHeaders.CONTENT_TYPE);
            headers.add(EventHeaders.CONTENT_TYPE, utf8(PayloadFormat.JSON.contentType()));
        }
        enriched.marks().forEach((name, value) -> headers.add(name, utf8(value)));
        return new ProducerRecord<>(
                flow.enriched(),
                raw.partition(),
                raw.timestamp(),
                flow.judge().publishedKey(raw.key()),
                enriched.value(),
                headers);
    }

    private static void withhold(RecordHeaders headers) {
        for (Header header : headers.toArray()) {
            String name = header.key();
            if (!HANDED_ON_BESIDE_PROTECTED.contains(name) && !OURS.contains(name)) {
                headers.remove(name);
            }
        }
    }

    /// The enriched event as the newest of its key, where the contract is reference data. A record
    /// without a key, which only a foreign producer can have written to raw, changes no row.
    Optional<ProducerRecord<byte[], byte[]>> latest(ProducerRecord<byte[], byte[]> enriched) {
        if (flow.latest().isEmpty() || enriched.key() == null) {
            return Optional.empty();
        }
        RecordHeaders headers = new RecordHeaders();
        for (Header header : enriched.headers()) {
            if (OF_A_ROW.contains(header.key())) {
                headers.add(header);
            }
        }
        return Optional.of(
                new ProducerRecord<>(
                        flow.latest().get(),
                        enriched.partition(),
                        enriched.timestamp(),
                        enriched.key(),
                        enriched.value(),
                        headers));
    }

    /// @param payload the untouched value, null when it would be too large for Kafka
    ProducerRecord<byte[], byte[]> dead(
            ConsumerRecord<byte[], byte[]> raw, byte @Nullable [] payload, List<Reason> reasons) {
        String position = position(raw);
        RecordHeaders headers = headers(raw, position);
        headers.add(EventHeaders.STAGE, utf8(STAGE));
        headers.add(EventHeaders.REASONS, ReasonsJson.of(reasons));
        headers.add(EventHeaders.DEAD_ID, utf8(Hash128.of(STAGE, position).toString()));
        return new ProducerRecord<>(
                flow.dead(), raw.partition(), raw.timestamp(), raw.key(), payload, headers);
    }

    private RecordHeaders headers(ConsumerRecord<byte[], byte[]> raw, String position) {
        RecordHeaders headers = new RecordHeaders();
        for (Header header : raw.headers()) {
            if (!OURS.contains(header.key())) {
                headers.add(header);
            }
        }
        if (EventHeader.identity(headers).isEmpty()) {
            identify(headers, position);
        }
        headers.add(EventHeaders.POSITION, utf8(position));
        headers.add(EventHeaders.CONTRACT_VERSION, version);
        return headers;
    }

    /// A record that another program than the collector wrote to raw, without an identity, is an
    /// event of its own: it is known by where it stands.
    private static void identify(RecordHeaders headers, String position) {
        headers.remove(EventHeaders.SOURCE);
        headers.remove(EventHeaders.ID);
        headers.remove(EventHeaders.ID_ORIGIN);
        headers.add(EventHeaders.SOURCE, utf8(EventHeaders.POSITION_SOURCE));
        headers.add(EventHeaders.ID, utf8(position));
        headers.add(EventHeaders.ID_ORIGIN, utf8(IdOrigin.SERVER.word()));
    }

    private String position(ConsumerRecord<byte[], byte[]> raw) {
        return new Position(topicId, raw.partition(), raw.offset()).toString();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

package leat.stream.search;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import leat.core.event.EventHeaders;
import leat.core.event.Hash128;
import leat.core.event.Names.DeadStage;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.core.outcome.Reason;
import leat.stream.log.LogUnavailable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Headers;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Writes enriched events that search refused to the dead-letter topic of search.
///
/// A letter may be written twice when the process dies before the offsets are committed; both have
/// the same `leat_dead_id`, and so are one document; the lake has a row for each.
final class SearchDeadLetters {

    private static final JsonMapper JSON = new JsonMapper();

    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final TopicId enrichedTopic;

    /// @param topic where the letters go
    /// @param enrichedTopic where the events come from
    SearchDeadLetters(Producer<byte[], byte[]> producer, String topic, TopicId enrichedTopic) {
        this.producer = producer;
        this.topic = topic;
        this.enrichedTopic = enrichedTopic;
    }

    /// Returns when all letters are in the log.
    ///
    /// @throws LogUnavailable when one is not known to be
    void write(List<LoadBatch.Refusal> refusals) {
        List<Future<?>> sent = new ArrayList<>();
        for (LoadBatch.Refusal refusal : refusals) {
            sent.add(producer.send(letter(refusal)));
        }
        try {
            for (Future<?> one : sent) {
                one.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RecordTooLargeException) {
                throw new LoaderStopped(
                        "a dead letter is larger than topic "
                                + topic
                                + " takes: raise its max.message.bytes");
            }
            throw new LogUnavailable("cannot write dead letters to " + topic, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LogUnavailable("interrupted while writing dead letters", e);
        }
    }

    private ProducerRecord<byte[], byte[]> letter(LoadBatch.Refusal refusal) {
        ConsumerRecord<byte[], byte[]> event = refusal.record();
        ProducerRecord<byte[], byte[]> letter =
                new ProducerRecord<>(
                        topic,
                        event.partition(),
                        HeaderText.appended(event),
                        event.key(),
                        event.value(),
                        event.headers());
        String own = new Position(enrichedTopic, event.partition(), event.offset()).toString();
        String position = HeaderText.text(event, EventHeaders.POSITION).orElse(own);
        String stage = DeadStage.SEARCH.word();
        put(letter.headers(), EventHeaders.STAGE, stage);
        put(letter.headers(), EventHeaders.POSITION, position);
        put(letter.headers(), EventHeaders.DEAD_ID, deadId(event, stage, position));
        if (HeaderText.number(event, EventHeaders.ENRICHED_OFFSET).isEmpty()) {
            put(letter.headers(), EventHeaders.ENRICHED_OFFSET, Long.toString(event.offset()));
        }
        letter.headers().remove(EventHeaders.APPENDED);
        put(letter.headers(), EventHeaders.REASONS, json(refusal.reason()));
        return letter;
    }

    /// What came back and is refused again is another letter than the one before.
    private static String deadId(
            ConsumerRecord<byte[], byte[]> event, String stage, String position) {
        boolean cameBack = HeaderText.text(event, EventHeaders.APPENDED).isPresent();
        Hash128 id =
                cameBack
                        ? Hash128.of(
                                stage,
                                position,
                                HeaderText.text(event, EventHeaders.ATTEMPT).orElse(""))
                        : Hash128.of(stage, position);
        return id.toString();
    }

    private static String json(Reason reason) {
        ObjectNode node = JSON.createObjectNode();
        node.put("code", reason.code().word());
        node.put("field", reason.field());
        node.put("message", reason.message());
        return JSON.createArrayNode().add(node).toString();
    }

    private static void put(Headers headers, String name, String value) {
        headers.remove(name);
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /// Delivery gives up well before the group would take the loader for dead.
    static Map<String, Object> producerLimits() {
        return Map.of(
                "delivery.timeout.ms",
                30_000,
                "request.timeout.ms",
                10_000,
                "max.block.ms",
                10_000);
    }
}

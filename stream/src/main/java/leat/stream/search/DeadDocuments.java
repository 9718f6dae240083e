package leat.stream.search;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.event.EventHeaders;
import leat.core.event.Hash128;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.core.outcome.ReasonCode;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Makes documents of dead letters, whatever they carry: a header that cannot be read is left out,
/// a payload that is not UTF-8 is kept as Base64.
final class DeadDocuments {

    private static final JsonMapper JSON = new JsonMapper();

    private final String index;
    private final Map<String, TopicId> topics;

    /// @param topics the ids of the dead-letter topics
    DeadDocuments(String index, Map<String, TopicId> topics) {
        this.index = index;
        this.topics = Map.copyOf(topics);
    }

    Document of(ConsumerRecord<byte[], byte[]> record) {
        TopicId topic = topics.get(record.topic());
        if (topic == null) {
            throw new IllegalStateException(
                    "no dead-letter topic of this index: " + record.topic());
        }
        Position own = new Position(topic, record.partition(), record.offset());
        Position position =
                HeaderText.text(record, EventHeaders.POSITION)
                        .flatMap(DeadDocuments::position)
                        .orElse(own);
        String stage = HeaderText.text(record, EventHeaders.STAGE).orElse("unknown");
        String id =
                HeaderText.text(record, EventHeaders.DEAD_ID)
                        .filter(text -> text.matches("[0-9a-f]{32}"))
                        .orElseGet(() -> Hash128.of(stage, position.toString()).toString());
        ByteArrayOutputStream document = new ByteArrayOutputStream();
        try (JsonGenerator generator = JSON.createGenerator(document)) {
            generator.writeStartObject();
            generator.writeStringProperty("leat_dead_id", id);
            generator.writeStringProperty("leat_stage", stage);
            copy(record, EventHeaders.ID, generator, "leat_id");
            copy(record, EventHeaders.SOURCE, generator, "leat_source");
            copy(record, EventHeaders.CONTRACT_VERSION, generator, "leat_version");
            writeTimes(record, generator);
            generator.writeStringProperty("leat_topic_id", position.topic().value());
            generator.writeNumberProperty("leat_partition", position.partition());
            generator.writeNumberProperty("leat_offset", position.offset());
            writeReasons(record, generator);
            writePayload(record.value(), generator);
            generator.writeEndObject();
        }
        return new Document.Ready(new BulkItem(index, id, record.offset(), document.toByteArray()));
    }

    private static Optional<Position> position(String text) {
        try {
            return Optional.of(Position.parse(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static void copy(
            ConsumerRecord<byte[], byte[]> record,
            String header,
            JsonGenerator generator,
            String field) {
        HeaderText.text(record, header)
                .ifPresent(value -> generator.writeStringProperty(field, value));
    }

    private static void writeTimes(ConsumerRecord<byte[], byte[]> record, JsonGenerator generator) {
        generator.writeStringProperty(
                "leat_appended", IsoText.ofMicros(Math.multiplyExact(record.timestamp(), 1000L)));
        HeaderText.text(record, EventHeaders.EVENT_TIME)
                .filter(text -> text.matches("-?\\d{1,17}"))
                .ifPresent(micros ->
                        generator.writeStringProperty(
                                "leat_time", IsoText.ofMicros(Long.parseLong(micros))));
    }

    private static void writeReasons(
            ConsumerRecord<byte[], byte[]> record, JsonGenerator generator) {
        List<JsonNode> reasons =
                HeaderText.text(record, EventHeaders.REASONS)
                        .map(DeadDocuments::reasons)
                        .orElse(List.of());
        write(generator, "reason_codes", reasons, "code", ReasonCode.INTERNAL.word());
        write(generator, "reason_fields", reasons, "field", "");
        write(generator, "reasons", reasons, "message", "");
    }

    private static List<JsonNode> reasons(String text) {
        try {
            return JSON.readTree(text).valueStream().toList();
        } catch (JacksonException _) {
            return List.of();
        }
    }

    private static void write(
            JsonGenerator generator,
            String name,
            List<JsonNode> reasons,
            String part,
            String absent) {
        generator.writeArrayPropertyStart(name);
        for (JsonNode reason : reasons) {
            generator.writeString(reason.path(part).asString(absent));
        }
        generator.writeEndArray();
    }

    private static void writePayload(byte[] payload, JsonGenerator generator) {
        if (payload == null) {
            return;
        }
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
            generator.writeStringProperty("payload", text);
        } catch (CharacterCodingException _) {
            generator.writeStringProperty(
                    "payload_base64", Base64.getEncoder().encodeToString(payload));
        }
    }
}

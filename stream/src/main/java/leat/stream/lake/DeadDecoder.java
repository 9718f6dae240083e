package leat.stream.lake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import leat.core.event.EventHeaders;
import leat.core.event.Hash128;
import leat.core.event.Position;
import leat.core.event.TopicId;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.json.JsonFactory;

/// Dead letters of all stages. None is ever refused: what a header should say and does not is made
/// up from where the record stands.
final class DeadDecoder implements RowDecoder {

    private static final JsonFactory JSON = new JsonFactory();

    private final Map<String, DeadTopic> topics;

    /// Which stage a topic of dead letters belongs to, and its id.
    record DeadTopic(String stage, TopicId id) {}

    DeadDecoder(Map<String, DeadTopic> topics) {
        this.topics = Map.copyOf(topics);
    }

    @Override
    public Decoded decode(TopicPartition partition, ConsumerRecord<byte[], byte[]> record) {
        DeadTopic topic = topics.get(record.topic());
        if (topic == null) {
            throw new IllegalStateException("no topic of dead letters: " + record.topic());
        }
        Position position = position(record, topic.id());
        String reasons = text(record, EventHeaders.REASONS);
        String deadId = text(record, EventHeaders.DEAD_ID);
        String stage = text(record, EventHeaders.STAGE);
        Instant appended = Instant.ofEpochMilli(record.timestamp());
        Payload payload = Payload.of(record.value());
        // In the order of DeadColumns.SCHEMA.
        @Nullable Object[] values = {
            deadId == null ? Hash128.of(topic.stage(), position.toString()).toString() : deadId,
            stage == null ? topic.stage() : stage,
            text(record, EventHeaders.ID),
            text(record, EventHeaders.SOURCE),
            appended,
            position.topic().value(),
            position.partition(),
            position.offset(),
            text(record, EventHeaders.CONTRACT_VERSION),
            codes(reasons),
            reasons == null ? "[]" : reasons,
            payload.text(),
            payload.base64()
        };
        return new Decoded.Loaded(
                new LakeRow(values, Micros.of(appended), partition, record.offset()));
    }

    private static Position position(ConsumerRecord<byte[], byte[]> record, TopicId own) {
        String raw = text(record, EventHeaders.POSITION);
        if (raw != null) {
            try {
                return Position.parse(raw);
            } catch (IllegalArgumentException e) {
                // Written by somebody else; the dead letter's own position tells where it is.
                return new Position(own, record.partition(), record.offset());
            }
        }
        return new Position(own, record.partition(), record.offset());
    }

    private static @Nullable String text(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
    }

    /// The values of `code` in the array of reasons, each once; empty where it is no such array.
    private static List<String> codes(@Nullable String reasons) {
        List<String> codes = new ArrayList<>();
        if (reasons == null) {
            return codes;
        }
        try (JsonParser json =
                JSON.createParser(tools.jackson.core.ObjectReadContext.empty(), reasons)) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.PROPERTY_NAME && json.currentName().equals("code")) {
                    json.nextToken();
                    String code = json.getString();
                    if (code != null && !codes.contains(code)) {
                        codes.add(code);
                    }
                }
            }
        } catch (JacksonException e) {
            codes.clear();
        }
        return codes;
    }

    private record Payload(@Nullable String text, @Nullable String base64) {
        static Payload of(byte @Nullable [] value) {
            if (value == null) {
                return new Payload(null, null);
            }
            try {
                return new Payload(
                        UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString(), null);
            } catch (CharacterCodingException e) {
                return new Payload(null, Base64.getEncoder().encodeToString(value));
            }
        }
    }
}

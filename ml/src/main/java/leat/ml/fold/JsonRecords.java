package leat.ml.fold;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.function.BiFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Records of a topic of one partition whose keys are texts and whose values are JSON objects, each
/// with the number of its format, or nothing for what was deleted.
public record JsonRecords(String topic) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int FORMAT = 1;
    private static final String FORMAT_FIELD = "format";

    /// A value without anything.
    public static ObjectNode value() {
        return JSON.createObjectNode().put(FORMAT_FIELD, FORMAT);
    }

    public ProducerRecord<byte[], byte[]> of(String key, @Nullable ObjectNode value) {
        return new ProducerRecord<>(
                topic,
                0,
                key.getBytes(UTF_8),
                value == null ? null : JSON.writeValueAsBytes(value));
    }

    /// What a record says.
    ///
    /// @param reading gets the key, and the value or nothing
    /// @throws RecordUnreadable when it cannot be read
    public <T> T read(
            ConsumerRecord<byte[], byte[]> record,
            BiFunction<String, @Nullable JsonNode, T> reading) {
        try {
            JsonNode value = record.value() == null ? null : JSON.readTree(record.value());
            if (value != null && value.path(FORMAT_FIELD).asInt(0) != FORMAT) {
                throw new IllegalArgumentException(
                        "its format is "
                                + value.path(FORMAT_FIELD).asInt(0)
                                + ", this program knows "
                                + FORMAT);
            }
            return reading.apply(new String(record.key(), UTF_8), value);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new RecordUnreadable(topic, record.offset(), String.valueOf(e.getMessage()), e);
        }
    }

    /// The value of a record that has to have one.
    public static JsonNode there(@Nullable JsonNode value) {
        if (value == null) {
            throw new IllegalArgumentException("it has no value");
        }
        return value;
    }
}

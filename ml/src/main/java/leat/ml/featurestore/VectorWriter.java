package leat.ml.featurestore;

import java.nio.charset.StandardCharsets;
import java.util.List;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.event.EventHeaders;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.core.feature.Observation;
import leat.core.validate.MicrosText;
import leat.stream.log.EventHeader;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/// Makes the records of a view's vectors: one JSON object in the order of the vectors' contract,
/// without nulls; doubles as [Double#toString] writes them, times as ISO 8601 in UTC with
/// microseconds. For one thread.
final class VectorWriter {

    private static final byte[] ENTITY = ascii("{\"entity\":");
    private static final byte[] QUERY_TIME = ascii(",\"query_time\":");
    private static final byte[] END = ascii("}");

    private final List<Field> features;
    private final String view;
    private final boolean rekeys;
    private final TopicId input;

    /// What stands before the value of each feature.
    private final List<byte[]> names;

    private final JsonBytes json;
    private final MicrosText times = new MicrosText();

    /// @param input the id of the topic that the view reads
    VectorWriter(FeatureFlow flow, TopicId input) {
        this.features = flow.compiled().fields();
        this.view = flow.name();
        this.rekeys = flow.rekeys();
        this.input = input;
        this.names =
                features.stream()
                        .map(field -> new JsonBytes(32).ascii(",").text(field.name()).ascii(":"))
                        .map(JsonBytes::bytes)
                        .toList();
        this.json = new JsonBytes(64 + 32 * features.size());
    }

    private static byte[] ascii(String text) {
        return new JsonBytes(text.length()).ascii(text).bytes();
    }

    /// @param queryMicros the vector's query time
    /// @param values one a feature
    byte[] value(String entity, long queryMicros, List<@Nullable Object> values) {
        json.clear()
                .raw(ENTITY)
                .text(wellFormed(entity))
                .raw(QUERY_TIME)
                .quoted(times.text(queryMicros));
        for (int i = 0; i < features.size(); i++) {
            Object value = values.get(i);
            if (value != null) {
                json.raw(names.get(i));
                write(features.get(i).type(), value);
            }
        }
        return json.raw(END).bytes();
    }

    /// The headers of the vector that is written with an event.
    ///
    /// @param event the headers that the event has
    Headers headers(Observation observation, Headers event) {
        Headers headers = headers(observation.partition(), observation.offset());
        // A vector that is the event may have an origin, which is its own.
        String origin = rekeys ? EventHeader.text(event, EventHeaders.ORIGIN) : null;
        if (origin != null) {
            EventHeader.add(headers, EventHeaders.ORIGIN, origin);
        }
        return headers;
    }

    /// The headers of the vector of an event that was not brought to another partition.
    Headers headers(int partition, long offset) {
        RecordHeaders headers = new RecordHeaders();
        EventHeader.add(
                headers, EventHeaders.POSITION, new Position(input, partition, offset).toString());
        EventHeader.add(headers, EventHeaders.VIEW, view);
        return headers;
    }

    private void write(FieldType type, Object value) {
        switch (value) {
            case Double number -> json.ascii(number.toString());
            case Long micros when type instanceof FieldType.Timestamp ->
                    json.quoted(times.text(micros));
            case Long number -> json.ascii(number.toString());
            case Boolean truth -> json.ascii(truth.toString());
            case String text -> json.text(wellFormed(text));
            default ->
                    throw new IllegalStateException("a feature is a " + value.getClass().getName());
        }
    }

    /// An expression can cut a surrogate pair in two; UTF-8 has no half of one.
    private static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
            }
        }
        return text;
    }
}

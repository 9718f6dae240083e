package leat.ml.featurestore;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.event.EventHeaders;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.core.feature.Observation;
import leat.stream.log.EventHeader;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/// Makes the records of a view's vectors: one JSON object in the order of the vectors' contract,
/// without nulls; doubles as [Double#toString] writes them, times as ISO 8601 in UTC with
/// microseconds.
final class VectorWriter {

    private static final JsonFactory JSON =
            JsonFactory.builder().disable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER).build();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final List<Field> features;
    private final String view;
    private final TopicId input;

    /// @param input the id of the topic that the view reads
    VectorWriter(FeatureFlow flow, TopicId input) {
        this.features = flow.compiled().fields();
        this.view = flow.name();
        this.input = input;
    }

    /// @param queryMicros the vector's query time
    /// @param values one a feature
    byte[] value(String entity, long queryMicros, List<@Nullable Object> values) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(64 + 32 * features.size());
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("entity", entity);
            json.writeStringProperty("query_time", time(queryMicros));
            for (int i = 0; i < features.size(); i++) {
                Object value = values.get(i);
                if (value != null) {
                    json.writeName(features.get(i).name());
                    write(json, features.get(i).type(), value);
                }
            }
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    /// The headers of the vector that is written with an event.
    ///
    /// @param event the headers that the event has
    Headers headers(Observation observation, Headers event) {
        Headers headers = headers(observation.partition(), observation.offset());
        String origin = EventHeader.text(event, EventHeaders.ORIGIN);
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

    private static void write(JsonGenerator json, FieldType type, Object value) {
        switch (value) {
            case Double number -> json.writeNumber(number);
            case Long micros when type instanceof FieldType.Timestamp ->
                    json.writeString(time(micros));
            case Long number -> json.writeNumber(number);
            case Boolean truth -> json.writeBoolean(truth);
            case String text -> json.writeString(wellFormed(text));
            default ->
                    throw new IllegalStateException("a feature is a " + value.getClass().getName());
        }
    }

    private static String time(long micros) {
        return TIME.format(Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
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

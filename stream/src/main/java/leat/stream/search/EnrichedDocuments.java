package leat.stream.search;

import java.io.ByteArrayOutputStream;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.event.EventHeaders;
import leat.core.event.Hash128;
import leat.core.event.Position;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import leat.core.validate.ParserMessage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/// Makes documents of enriched events: the event's object with its instants and days in ISO 8601
/// and former names as they are today, and our metadata behind its own fields. Numbers keep their
/// digits.
final class EnrichedDocuments {

    private static final JsonMapper JSON = new JsonMapper();

    private final String index;
    private final Shape.Fields shape;

    EnrichedDocuments(String index, Contract contract) {
        this.index = index;
        this.shape = Shape.of(contract.fields());
    }

    Document of(ConsumerRecord<byte[], byte[]> record) {
        byte[] event = record.value();
        Optional<String> id = HeaderText.text(record, EventHeaders.ID);
        Optional<String> source = HeaderText.text(record, EventHeaders.SOURCE);
        if (id.isEmpty() || source.isEmpty()) {
            return impossible(ReasonCode.MISSING, "the record has no ce_id and ce_source header");
        }
        if (event == null) {
            return impossible(ReasonCode.NOT_AN_OBJECT, "the record has no value");
        }
        try {
            ByteArrayOutputStream document = new ByteArrayOutputStream(event.length + 256);
            try (JsonParser parser = JSON.createParser(event);
                    JsonGenerator generator = JSON.createGenerator(document)) {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    return impossible(ReasonCode.NOT_AN_OBJECT, "the event is not a JSON object");
                }
                generator.writeStartObject();
                copyFields(parser, generator, shape);
                writeMetadata(generator, record, id.get(), source.get());
                generator.writeEndObject();
            }
            String documentId = Hash128.of(source.get(), id.get()).toString();
            return new Document.Ready(
                    new BulkItem(index, documentId, version(record), document.toByteArray()));
        } catch (JacksonException e) {
            return impossible(ReasonCode.MALFORMED, ParserMessage.of(e));
        }
    }

    /// The event's offset in the enriched topic: what comes back does not overwrite what came after
    /// it.
    private static long version(ConsumerRecord<byte[], byte[]> record) {
        return HeaderText.number(record, EventHeaders.ENRICHED_OFFSET).orElse(record.offset());
    }

    private static Document impossible(ReasonCode code, String message) {
        return new Document.Impossible(new Reason(code, "", message));
    }

    private static void writeMetadata(
            JsonGenerator generator,
            ConsumerRecord<byte[], byte[]> record,
            String id,
            String source) {
        generator.writeStringProperty("leat_id", id);
        generator.writeStringProperty("leat_source", source);
        long appendedMicros = Math.multiplyExact(HeaderText.appended(record), 1000L);
        long timeMicros =
                HeaderText.text(record, EventHeaders.EVENT_TIME)
                        .map(Long::parseLong)
                        .orElse(appendedMicros);
        generator.writeStringProperty("leat_time", IsoText.ofMicros(timeMicros));
        generator.writeStringProperty("leat_appended", IsoText.ofMicros(appendedMicros));
        HeaderText.text(record, EventHeaders.POSITION)
                .map(Position::parse)
                .ifPresent(raw -> {
                    generator.writeNumberProperty("leat_partition", raw.partition());
                    generator.writeNumberProperty("leat_offset", raw.offset());
                });
        HeaderText.text(record, EventHeaders.CONTRACT_VERSION)
                .ifPresent(version -> generator.writeStringProperty("leat_version", version));
    }

    private static void copyFields(
            JsonParser parser, JsonGenerator generator, Shape.@Nullable Fields fields) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            generator.writeName(fields == null ? name : fields.renamed().getOrDefault(name, name));
            parser.nextToken();
            copyValue(parser, generator, fields == null ? null : fields.byName().get(name));
        }
    }

    private static void copyValue(
            JsonParser parser, JsonGenerator generator, @Nullable Shape shape) {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            generator.writeStartObject();
            copyFields(parser, generator, shape instanceof Shape.Fields fields ? fields : null);
            generator.writeEndObject();
        } else if (token == JsonToken.START_ARRAY) {
            generator.writeStartArray();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                copyValue(parser, generator, shape);
            }
            generator.writeEndArray();
        } else {
            copyScalar(parser, generator, shape);
        }
    }

    private static void copyScalar(
            JsonParser parser, JsonGenerator generator, @Nullable Shape shape) {
        JsonToken token = parser.currentToken();
        boolean number =
                token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT;
        Optional<String> iso =
                shape instanceof Shape.Temporal temporal
                                && (number || token == JsonToken.VALUE_STRING)
                        ? IsoText.of(temporal.type(), parser.getString())
                        : Optional.empty();
        if (iso.isPresent()) {
            generator.writeString(iso.get());
        } else if (number) {
            generator.writeNumber(parser.getString());
        } else {
            generator.copyCurrentEvent(parser);
        }
    }
}

package leat.stream.collector.otlp;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Set;
import leat.core.validate.ParserMessage;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// A message in OTLP's JSON: Protobuf's mapping, but that ids are hexadecimal.
///
/// @param bytes those of the whole request, not copied
@SuppressWarnings("ArrayRecordComponent") // not compared, and copying is what it saves
record JsonPart(byte[] bytes, int from, int to) implements Undecoded {

    private static final JsonFactory JSON = new JsonFactory();
    private static final JsonFormat.Parser PARSER = JsonFormat.parser().ignoringUnknownFields();

    @Override
    public int sizeBytes() {
        return to - from;
    }

    @Override
    public byte[] toBytes() {
        return Arrays.copyOfRange(bytes, from, to);
    }

    @Override
    public <B extends Message.Builder> B decode(B builder, Set<FieldDescriptor> except)
            throws MalformedExport {
        try {
            byte[] text = except.isEmpty() ? toBytes() : without(except);
            PARSER.merge(new String(text, UTF_8), builder);
            return builder;
        } catch (InvalidProtocolBufferException e) {
            throw MalformedExport.unreadable(
                    "not the JSON of an export request: " + e.getMessage());
        }
    }

    private byte[] without(Set<FieldDescriptor> except) throws MalformedExport {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        rest.write('{');
        members((name, nameFrom, valueTo) -> {
            if (except.stream().noneMatch(field -> isNamed(field, name))) {
                if (rest.size() > 1) {
                    rest.write(',');
                }
                rest.write(bytes, nameFrom, valueTo - nameFrom);
            }
        });
        rest.write('}');
        return rest.toByteArray();
    }

    @Override
    public void each(FieldDescriptor field, Sink sink) throws MalformedExport {
        try (JsonParser parser = open()) {
            requireObject(parser);
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean wanted = isNamed(field, parser.currentName());
                JsonToken value = parser.nextToken();
                if (!wanted || value == JsonToken.VALUE_NULL) {
                    parser.skipChildren();
                } else if (!field.isRepeated()) {
                    take(parser, value, sink);
                } else if (value == JsonToken.START_ARRAY) {
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        take(parser, parser.currentToken(), sink);
                    }
                } else {
                    throw MalformedExport.unreadable(field.getJsonName() + " is not a list");
                }
            }
            requireEnd(parser);
        } catch (JacksonException e) {
            throw unreadable(e);
        }
    }

    private void take(JsonParser parser, JsonToken token, Sink sink) throws MalformedExport {
        if (token != JsonToken.START_OBJECT) {
            throw MalformedExport.unreadable("an object is missing at byte " + start(parser));
        }
        int start = start(parser);
        parser.skipChildren();
        sink.take(new JsonPart(bytes, start, end(parser)));
    }

    /// Takes members of an object.
    private interface Members {
        void member(String name, int nameFrom, int valueTo);
    }

    private void members(Members members) throws MalformedExport {
        try (JsonParser parser = open()) {
            requireObject(parser);
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                int nameFrom = start(parser);
                parser.nextToken();
                parser.skipChildren();
                // A number's or a text's end is known once it was read.
                parser.finishToken();
                members.member(name, nameFrom, end(parser));
            }
            requireEnd(parser);
        } catch (JacksonException e) {
            throw unreadable(e);
        }
    }

    private JsonParser open() {
        return JSON.createParser(ObjectReadContext.empty(), bytes, from, to - from);
    }

    private int start(JsonParser parser) {
        return from + Math.toIntExact(parser.currentTokenLocation().getByteOffset());
    }

    private int end(JsonParser parser) {
        return from + Math.toIntExact(parser.currentLocation().getByteOffset());
    }

    private static void requireObject(JsonParser parser) throws MalformedExport {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw MalformedExport.unreadable("the body is not a JSON object");
        }
    }

    private static void requireEnd(JsonParser parser) throws MalformedExport {
        if (parser.nextToken() != null) {
            throw MalformedExport.unreadable("something follows the end of the object");
        }
    }

    private static boolean isNamed(FieldDescriptor field, String name) {
        return field.getJsonName().equals(name) || field.getName().equals(name);
    }

    private static MalformedExport unreadable(JacksonException e) {
        return MalformedExport.unreadable("not JSON: " + ParserMessage.of(e));
    }
}

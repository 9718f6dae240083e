package leat.core.validate;

import java.nio.charset.StandardCharsets;
import java.util.List;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Writes an event again without the fields that its contract does not name.
public final class KnownFields {

    private final JsonParser parser;
    private final StringBuilder out = new StringBuilder();

    private KnownFields(JsonParser parser) {
        this.parser = parser;
    }

    /// The event with known fields only, at every level; numbers keep their digits.
    ///
    /// @param event bytes that a validator found sound
    public static byte[] only(List<Field> fields, byte[] event) {
        try (JsonParser parser = Json.parser(event, 0, event.length)) {
            KnownFields known = new KnownFields(parser);
            parser.nextToken();
            known.object(fields);
            return known.out.toString().getBytes(StandardCharsets.UTF_8);
        }
    }

    private void object(List<Field> fields) {
        out.append('{');
        boolean first = true;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            Field field = find(fields, name);
            JsonToken token = parser.nextToken();
            if (field == null) {
                parser.skipChildren();
                continue;
            }
            out.append(first ? "" : ",");
            first = false;
            JsonText.quote(name, out);
            out.append(':');
            value(field.type(), token);
        }
        out.append('}');
    }

    private static @Nullable Field find(List<Field> fields, String name) {
        for (Field field : fields) {
            if (field.name().equals(name)) {
                return field;
            }
        }
        return null;
    }

    private void value(FieldType type, JsonToken token) {
        if (token == JsonToken.VALUE_STRING) {
            JsonText.quote(parser.getString(), out);
        } else if (type instanceof FieldType.Struct struct && token == JsonToken.START_OBJECT) {
            object(struct.fields());
        } else if (type instanceof FieldType.Array array && token == JsonToken.START_ARRAY) {
            out.append('[');
            boolean first = true;
            for (JsonToken item = parser.nextToken();
                    item != JsonToken.END_ARRAY;
                    item = parser.nextToken()) {
                out.append(first ? "" : ",");
                first = false;
                value(array.items(), item);
            }
            out.append(']');
        } else {
            out.append(parser.getString());
        }
    }
}

package leat.core.encoding;

import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.contract.FieldType.TimestampEncoding;
import leat.core.validate.JsonText;

/// The fields whose values come from headers. A text that is not of its field's type is written as
/// a string, for the validator to refuse.
///
/// @param fields with the header of each
record HeaderFields(List<Entry> fields) {

    private static final Pattern NUMBER =
            Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?");

    HeaderFields {
        fields = List.copyOf(fields);
    }

    record Entry(String name, FieldType type, String header) {}

    static HeaderFields of(Map<String, String> headers, List<Field> fields) {
        return new HeaderFields(
                fields.stream()
                        .filter(field -> headers.containsKey(field.name()))
                        .map(field ->
                                new Entry(
                                        field.name(),
                                        field.type(),
                                        headers.getOrDefault(field.name(), "")))
                        .toList());
    }

    /// Writes the fields whose headers are there.
    void write(Metadata metadata, JsonOutput out) {
        for (Entry field : fields) {
            String value = metadata.header(field.header());
            if (value != null) {
                out.name(field.name());
                write(field.type(), value, out.text());
                out.checkLength();
            }
        }
    }

    private static void write(FieldType type, String value, StringBuilder out) {
        switch (type) {
            case FieldType.Timestamp timestamp -> timestamp(timestamp, value, out);
            case FieldType.Int _, FieldType.Real _, FieldType.Decimal _ -> number(value, out);
            case FieldType.Bool _ -> {
                if (value.equals("true") || value.equals("false")) {
                    out.append(value);
                } else {
                    JsonText.quote(value, out);
                }
            }
            case FieldType.Text _,
                    FieldType.Date _,
                    FieldType.Time _,
                    FieldType.Struct _,
                    FieldType.Array _ ->
                    JsonText.quote(value, out);
        }
    }

    /// CloudEvents' times are RFC 3339, whatever the contract's field is.
    private static void timestamp(FieldType.Timestamp type, String value, StringBuilder out) {
        try {
            JsonText.append(type, OffsetDateTime.parse(value).toInstant(), out);
        } catch (DateTimeParseException e) {
            if (type.encoding() instanceof TimestampEncoding.Epoch) {
                number(value, out);
            } else {
                JsonText.quote(value, out);
            }
        }
    }

    private static void number(String value, StringBuilder out) {
        if (NUMBER.matcher(value).matches()) {
            out.append(value);
        } else {
            JsonText.quote(value, out);
        }
    }
}

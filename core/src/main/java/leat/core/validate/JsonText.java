package leat.core.validate;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.contract.FieldType.TimestampEncoding;

/// Writes typed values as JSON in the form their contract demands, so that reading them again gives
/// the same value.
public final class JsonText {

    private JsonText() {}

    /// Appends a value of the type's value class.
    public static void append(FieldType type, Object value, StringBuilder out) {
        switch (type) {
            case FieldType.Text _ -> quote((String) value, out);
            case FieldType.Int _, FieldType.Real _, FieldType.Bool _ -> out.append(value);
            case FieldType.Decimal _ -> out.append(((BigDecimal) value).toPlainString());
            case FieldType.Date date -> quote(date.format().format((LocalDate) value), out);
            case FieldType.Time time -> quote(time.format().format((LocalTime) value), out);
            case FieldType.Timestamp timestamp -> timestamp(timestamp, (Instant) value, out);
            case FieldType.Struct _ -> row((Row) value, out);
            case FieldType.Array array -> array(array, (List<?>) value, out);
        }
    }

    /// Appends a row as an object; absent fields are left out.
    public static void row(Row row, StringBuilder out) {
        out.append('{');
        boolean first = true;
        for (int i = 0; i < row.fields().size(); i++) {
            Object value = row.value(i);
            if (value != null) {
                Field field = row.fields().get(i);
                out.append(first ? "" : ",");
                quote(field.name(), out);
                append(field.type(), value, out.append(':'));
                first = false;
            }
        }
        out.append('}');
    }

    private static void array(FieldType.Array type, List<?> values, StringBuilder out) {
        out.append('[');
        for (int i = 0; i < values.size(); i++) {
            append(type.items(), values.get(i), out.append(i == 0 ? "" : ","));
        }
        out.append(']');
    }

    private static void timestamp(FieldType.Timestamp type, Instant value, StringBuilder out) {
        switch (type.encoding()) {
            case TimestampEncoding.Epoch epoch -> {
                BigDecimal micros = BigDecimal.valueOf(TimeTexts.micros(value));
                BigDecimal unit = BigDecimal.valueOf(epoch.unit().toNanos() / 1000);
                BigDecimal count = micros.divide(unit).stripTrailingZeros();
                out.append(count.toPlainString());
            }
            case TimestampEncoding.Formatted formatted -> {
                if (formatted.pattern().equals(FieldType.ISO)) {
                    out.append('"').append(value).append('"');
                } else {
                    ZoneId zone = type.defaultZone().orElse(ZoneOffset.UTC);
                    quote(formatted.formatter().format(value.atZone(zone)), out);
                }
            }
        }
    }

    /// Appends a text in quotes, with what JSON demands escaped.
    public static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ') {
                        out.append("\\u00").append(Character.forDigit(c >> 4, 16));
                        out.append(Character.forDigit(c & 15, 16));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}

package leat.core.jsonschema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.contract.FieldType.TimestampEncoding;
import leat.core.contract.PatternDialect;
import leat.core.contract.Range;
import leat.core.contract.UnknownFields;
import leat.core.validate.JsonText;
import leat.core.validate.TextFormats;

/// A contract as JSON Schema, draft 2020-12, for what clients send. It needs no assertion of
/// `format`: formats are patterns.
///
/// What a schema cannot say, and so accepts although Leat refuses: a key that stands twice, half
/// surrogate pairs, bounds of dates, times and formatted timestamps, patterns of the JDK's
/// formatter, numbers beyond the double range, event-time bounds, depth and size limits. Unique
/// items are compared as JSON, where Leat compares what was read: a null and an absent field of two
/// items are the same to it, as are two writings of one instant.
public final class JsonSchemaExport {

    private static final String DATE =
            "(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
                    + "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
                    + "|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])"
                    + "|(?:[02468][048]|[13579][26])00)-02-29)";
    private static final String TIME =
            "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,9})?";
    private static final String ZONE = "(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])";
    private static final Instant EARLIEST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

    private final boolean refuseUnknown;
    private final boolean enriched;

    private JsonSchemaExport(boolean refuseUnknown, boolean enriched) {
        this.refuseUnknown = refuseUnknown;
        this.enriched = enriched;
    }

    /// The schema of what clients send, as indented JSON.
    public static String of(Contract contract) {
        boolean refuseUnknown = contract.unknownFields() == UnknownFields.REJECT;
        return text(contract, "", new JsonSchemaExport(refuseUnknown, false));
    }

    /// The schema of what the enricher writes, as indented JSON: with the fields that it adds, and
    /// those that it protects as they are then. It refuses no field that it does not name, since a
    /// newer minor version may have written it.
    public static String ofEnriched(Contract contract) {
        return text(contract, ":enriched", new JsonSchemaExport(false, true));
    }

    private static String text(Contract contract, String suffix, JsonSchemaExport export) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put(
                "$id", "urn:leat:contract:" + contract.name() + ":" + contract.version() + suffix);
        schema.put("title", contract.name().value());
        if (!contract.description().isEmpty()) {
            schema.put("description", contract.description());
        }
        schema.putAll(
                export.object(
                        export.enriched ? contract.publishedFields() : contract.fields(), false));
        StringBuilder out = new StringBuilder();
        write(schema, "", out);
        return out.append('\n').toString();
    }

    private Map<String, Object> object(List<Field> fields, boolean nullable) {
        Map<String, Object> schema = typed("object", nullable);
        Map<String, Object> properties = new LinkedHashMap<>();
        List<Object> required = new ArrayList<>();
        for (Field field : fields) {
            boolean refused = field.added() && !enriched;
            properties.put(field.name(), refused ? (Object) false : property(field));
            if (field.required() && !refused) {
                required.add(field.name());
            }
        }
        schema.put("properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        if (refuseUnknown) {
            schema.put("additionalProperties", false);
        }
        return schema;
    }

    private Map<String, Object> property(Field field) {
        Map<String, Object> schema = type(field.type(), !field.required());
        if (!field.description().isEmpty()) {
            schema.put("description", field.description());
        }
        return schema;
    }

    private static Map<String, Object> typed(String type, boolean nullable) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", nullable ? List.of(type, "null") : type);
        return schema;
    }

    private Map<String, Object> type(FieldType type, boolean nullable) {
        return switch (type) {
            case FieldType.Text text -> text(text, nullable);
            case FieldType.Int integer -> integer(integer, nullable);
            case FieldType.Real real -> real(real, nullable);
            case FieldType.Decimal decimal -> decimal(decimal, nullable);
            case FieldType.Bool _ -> typed("boolean", nullable);
            case FieldType.Date date -> day(date.pattern(), DATE, nullable);
            case FieldType.Time time -> day(time.pattern(), TIME, nullable);
            case FieldType.Timestamp timestamp -> timestamp(timestamp, nullable);
            case FieldType.Struct struct -> object(struct.fields(), nullable);
            case FieldType.Array array -> array(array, nullable);
        };
    }

    private static Map<String, Object> text(FieldType.Text type, boolean nullable) {
        Map<String, Object> schema = typed("string", nullable);
        type.length().lower().ifPresent(bound -> schema.put("minLength", bound.value()));
        type.length().upper().ifPresent(bound -> schema.put("maxLength", bound.value()));
        Optional<String> own = type.pattern().map(p -> PatternDialect.ecma(p.pattern()));
        Optional<String> format = type.format().map(TextFormats::regex);
        own.or(() -> format).ifPresent(pattern -> schema.put("pattern", pattern));
        if (own.isPresent() && format.isPresent()) {
            schema.put("allOf", List.of(Map.of("pattern", format.get())));
        }
        allowed(schema, type.allowed(), nullable);
        return schema;
    }

    private static void allowed(Map<String, Object> schema, List<?> allowed, boolean nullable) {
        if (!allowed.isEmpty()) {
            List<Object> values = new ArrayList<>(allowed);
            if (nullable) {
                values.add(Null.NULL);
            }
            schema.put("enum", values);
        }
    }

    private static Map<String, Object> integer(FieldType.Int type, boolean nullable) {
        Map<String, Object> schema = typed("integer", nullable);
        bounds(schema, type.range());
        if (type.range().lower().isEmpty()) {
            schema.put("minimum", Long.MIN_VALUE);
        }
        if (type.range().upper().isEmpty()) {
            schema.put("maximum", Long.MAX_VALUE);
        }
        type.multipleOf().ifPresent(step -> schema.put("multipleOf", step));
        allowed(schema, type.allowed(), nullable);
        return schema;
    }

    private static Map<String, Object> real(FieldType.Real type, boolean nullable) {
        Map<String, Object> schema = typed("number", nullable);
        bounds(schema, type.range());
        type.multipleOf().ifPresent(step -> schema.put("multipleOf", step));
        allowed(schema, type.allowed(), nullable);
        return schema;
    }

    private static Map<String, Object> decimal(FieldType.Decimal type, boolean nullable) {
        Map<String, Object> schema = typed("number", nullable);
        bounds(schema, type.range());
        schema.put("multipleOf", BigDecimal.ONE.movePointLeft(type.scale()));
        BigDecimal end = new BigDecimal(BigInteger.TEN.pow(type.precision() - type.scale()));
        schema.put(
                "allOf",
                List.of(Map.of("exclusiveMinimum", end.negate()), Map.of("exclusiveMaximum", end)));
        return schema;
    }

    private static <T extends Comparable<? super T>> void bounds(
            Map<String, Object> schema, Range<T> range) {
        range.lower()
                .ifPresent(
                        b -> schema.put(b.inclusive() ? "minimum" : "exclusiveMinimum", b.value()));
        range.upper()
                .ifPresent(
                        b -> schema.put(b.inclusive() ? "maximum" : "exclusiveMaximum", b.value()));
    }

    private static Map<String, Object> day(String pattern, String iso, boolean nullable) {
        Map<String, Object> schema = typed("string", nullable);
        if (pattern.equals(FieldType.ISO)) {
            schema.put("pattern", "^" + iso + "$");
        }
        return schema;
    }

    private static Map<String, Object> timestamp(FieldType.Timestamp type, boolean nullable) {
        return switch (type.encoding()) {
            case TimestampEncoding.Epoch epoch -> epoch(epoch, type.range(), nullable);
            case TimestampEncoding.Formatted formatted ->
                    day(
                            formatted.pattern(),
                            DATE + "T" + TIME + ZONE + (type.defaultZone().isPresent() ? "?" : ""),
                            nullable);
        };
    }

    /// Leat cuts what is finer than a microsecond off, so that an upper bound is the next
    /// microsecond, exclusively.
    private static Map<String, Object> epoch(
            TimestampEncoding.Epoch epoch, Range<Instant> range, boolean nullable) {
        Map<String, Object> schema = typed("number", nullable);
        Instant lowest =
                range.lower()
                        .map(b -> b.inclusive() ? b.value() : b.value().plusNanos(1000))
                        .orElse(EARLIEST);
        Instant end =
                range.upper()
                        .map(b -> b.inclusive() ? b.value().plusNanos(1000) : b.value())
                        .orElse(END);
        schema.put("minimum", count(lowest, epoch));
        schema.put("exclusiveMaximum", count(end, epoch));
        return schema;
    }

    private static BigDecimal count(Instant instant, TimestampEncoding.Epoch epoch) {
        BigDecimal nanos =
                BigDecimal.valueOf(instant.getEpochSecond())
                        .movePointRight(9)
                        .add(BigDecimal.valueOf(instant.getNano()));
        return nanos.divide(BigDecimal.valueOf(epoch.unit().toNanos())).stripTrailingZeros();
    }

    private Map<String, Object> array(FieldType.Array type, boolean nullable) {
        Map<String, Object> schema = typed("array", nullable);
        schema.put("items", type(type.items(), false));
        type.size().lower().ifPresent(bound -> schema.put("minItems", bound.value()));
        type.size().upper().ifPresent(bound -> schema.put("maxItems", bound.value()));
        if (type.unique()) {
            schema.put("uniqueItems", true);
        }
        return schema;
    }

    private enum Null {
        NULL
    }

    private static void write(Object value, String indent, StringBuilder out) {
        switch (value) {
            case Map<?, ?> map -> {
                out.append('{');
                String deeper = indent + "  ";
                boolean first = true;
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.append(first ? "\n" : ",\n").append(deeper);
                    JsonText.quote(String.valueOf(entry.getKey()), out);
                    out.append(": ");
                    write(entry.getValue(), deeper, out);
                    first = false;
                }
                out.append(first ? "}" : "\n" + indent + "}");
            }
            case List<?> list -> {
                out.append('[');
                for (int i = 0; i < list.size(); i++) {
                    out.append(i == 0 ? "" : ", ");
                    write(list.get(i), indent + "  ", out);
                }
                out.append(']');
            }
            case String text -> JsonText.quote(text, out);
            case BigDecimal decimal -> out.append(decimal.toPlainString());
            case Null _ -> out.append("null");
            case Object other -> out.append(other);
        }
    }
}

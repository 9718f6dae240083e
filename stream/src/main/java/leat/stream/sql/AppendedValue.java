package leat.stream.sql;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.validate.Row;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;

/// Appends a row's value in the form that DuckDB's appender wants for its type.
final class AppendedValue {

    private AppendedValue() {}

    static void append(DuckDBAppender appender, FieldType type, @Nullable Object value)
            throws SQLException {
        if (value == null) {
            appender.appendNull();
            return;
        }
        switch (type) {
            case FieldType.Text _ -> appender.append((String) value);
            case FieldType.Int _ -> appender.append((long) (Long) value);
            case FieldType.Real _ -> appender.append((double) (Double) value);
            case FieldType.Decimal _ -> appender.append((BigDecimal) value);
            case FieldType.Bool _ -> appender.append((boolean) (Boolean) value);
            case FieldType.Date _ -> appender.append((LocalDate) value);
            case FieldType.Time _ -> appender.append((LocalTime) value);
            case FieldType.Timestamp _ ->
                    appender.appendEpochMicros(
                            ChronoUnit.MICROS.between(Instant.EPOCH, (Instant) value));
            case FieldType.Struct struct -> appendStruct(appender, struct, (Row) value);
            case FieldType.Array _ -> appender.append((Collection<?>) nested(type, value));
        }
    }

    private static void appendStruct(DuckDBAppender appender, FieldType.Struct struct, Row row)
            throws SQLException {
        appender.beginStruct();
        List<Field> fields = struct.fields();
        for (int i = 0; i < fields.size(); i++) {
            append(appender, fields.get(i).type(), row.value(i));
        }
        appender.endStruct();
    }

    /// Inside of lists the appender takes plain Java values: lists, and ordered maps for structs.
    private static Object nested(FieldType type, Object value) {
        return switch (type) {
            case FieldType.Timestamp _ -> ((Instant) value).atOffset(ZoneOffset.UTC);
            case FieldType.Array array -> {
                List<Object> items = new ArrayList<>();
                for (Object item : (List<?>) value) {
                    items.add(nested(array.items(), item));
                }
                yield items;
            }
            case FieldType.Struct struct -> {
                Row row = (Row) value;
                Map<String, @Nullable Object> members = new LinkedHashMap<>();
                for (int i = 0; i < struct.fields().size(); i++) {
                    Field field = struct.fields().get(i);
                    Object member = row.value(i);
                    members.put(field.name(), member == null ? null : nested(field.type(), member));
                }
                yield members;
            }
            case FieldType.Text _,
                    FieldType.Int _,
                    FieldType.Real _,
                    FieldType.Decimal _,
                    FieldType.Bool _,
                    FieldType.Date _,
                    FieldType.Time _ ->
                    value;
        };
    }
}

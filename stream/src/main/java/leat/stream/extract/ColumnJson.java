package leat.stream.extract;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/// A row of a result as a JSON object: a column a field, in the database's order; null is an absent
/// field.
final class ColumnJson {

    private static final JsonMapper MAPPER = JsonMapper.shared();
    private static final Set<String> JSON = Set.of("json", "jsonb");

    private ColumnJson() {}

    /// @param sent which columns are
    static byte[] row(ResultSet row, Predicate<String> sent) throws SQLException {
        ResultSetMetaData columns = row.getMetaData();
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = MAPPER.createGenerator(out)) {
            json.writeStartObject();
            for (int column = 1; column <= columns.getColumnCount(); column++) {
                String name = columns.getColumnLabel(column);
                if (sent.test(name) && row.getObject(column) != null) {
                    json.writeName(name);
                    write(row, column, columns, json);
                }
            }
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    private static void write(
            ResultSet row, int column, ResultSetMetaData columns, JsonGenerator json)
            throws SQLException {
        String type = columns.getColumnTypeName(column).toLowerCase(Locale.ROOT);
        if (JSON.contains(type)) {
            json.writeRawValue(row.getString(column));
            return;
        }
        if (type.equals("timestamptz")) {
            json.writeString(instant(row, column));
            return;
        }
        switch (columns.getColumnType(column)) {
            case Types.BOOLEAN, Types.BIT -> json.writeBoolean(row.getBoolean(column));
            case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT ->
                    json.writeNumber(row.getLong(column));
            case Types.NUMERIC, Types.DECIMAL -> writeDecimal(row, column, json);
            case Types.REAL, Types.FLOAT, Types.DOUBLE -> writeReal(row.getDouble(column), json);
            case Types.DATE -> json.writeString(row.getObject(column, LocalDate.class).toString());
            case Types.TIME ->
                    json.writeString(
                            DateTimeFormatter.ISO_LOCAL_TIME.format(
                                    row.getObject(column, LocalTime.class)));
            case Types.TIMESTAMP ->
                    json.writeString(
                            DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(
                                    row.getObject(column, LocalDateTime.class)));
            case Types.TIMESTAMP_WITH_TIMEZONE -> json.writeString(instant(row, column));
            case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY ->
                    json.writeBinary(row.getBytes(column));
            case Types.ARRAY -> writeArray(row.getArray(column), json);
            default -> json.writeString(row.getString(column));
        }
    }

    private static String instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant().toString();
    }

    /// A decimal may be no number where the database knows such.
    private static void writeDecimal(ResultSet row, int column, JsonGenerator json)
            throws SQLException {
        if (row.getObject(column) instanceof BigDecimal decimal) {
            json.writeRawValue(decimal.toPlainString());
        } else {
            json.writeString(row.getString(column));
        }
    }

    private static void writeReal(double value, JsonGenerator json) {
        if (Double.isFinite(value)) {
            json.writeNumber(value);
        } else {
            json.writeString(Double.toString(value));
        }
    }

    private static void writeArray(Array array, JsonGenerator json) throws SQLException {
        if (array.getArray() instanceof Object[] items) {
            writeItems(items, json);
        } else {
            json.writeString(array.toString());
        }
    }

    private static void writeItems(@Nullable Object[] items, JsonGenerator json) {
        json.writeStartArray();
        for (Object item : items) {
            switch (item) {
                case null -> json.writeNull();
                case Object[] inner -> writeItems(inner, json);
                case Boolean flag -> json.writeBoolean(flag);
                case BigDecimal decimal -> json.writeRawValue(decimal.toPlainString());
                case Double real -> writeReal(real, json);
                case Float real -> writeReal(real, json);
                case Number whole -> json.writeNumber(whole.longValue());
                default -> json.writeString(item.toString());
            }
        }
        json.writeEndArray();
    }
}

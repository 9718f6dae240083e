package leat.stream.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import leat.core.contract.Contract;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/// How contracts' and Iceberg's types are called in DuckDB.
final class TableColumns {

    private static final String TIMESTAMP = "TIMESTAMP WITH TIME ZONE";

    /// Behind the contract's own fields.
    static final List<SqlColumn> METADATA =
            List.of(
                    new SqlColumn("leat_id", "VARCHAR"),
                    new SqlColumn("leat_source", "VARCHAR"),
                    new SqlColumn("leat_time", TIMESTAMP),
                    new SqlColumn("leat_appended", TIMESTAMP),
                    new SqlColumn("leat_partition", "INTEGER"),
                    new SqlColumn("leat_offset", "BIGINT"),
                    new SqlColumn("leat_version", "VARCHAR"));

    static final List<SqlColumn> DEAD_LETTERS =
            List.of(
                    new SqlColumn("leat_dead_id", "VARCHAR"),
                    new SqlColumn("leat_stage", "VARCHAR"),
                    new SqlColumn("leat_id", "VARCHAR"),
                    new SqlColumn("leat_source", "VARCHAR"),
                    new SqlColumn("leat_appended", TIMESTAMP),
                    new SqlColumn("leat_topic_id", "VARCHAR"),
                    new SqlColumn("leat_partition", "INTEGER"),
                    new SqlColumn("leat_offset", "BIGINT"),
                    new SqlColumn("leat_version", "VARCHAR"),
                    new SqlColumn("reason_codes", "VARCHAR[]"),
                    new SqlColumn("reasons", "VARCHAR"),
                    new SqlColumn("payload", "VARCHAR"),
                    new SqlColumn("payload_base64", "VARCHAR"));

    /// Behind a vector's own fields.
    private static final List<SqlColumn> VECTOR_METADATA =
            List.of(
                    new SqlColumn("leat_appended", TIMESTAMP),
                    new SqlColumn("leat_partition", "INTEGER"),
                    new SqlColumn("leat_offset", "BIGINT"));

    private TableColumns() {}

    static List<SqlColumn> events(Contract contract) {
        return columns(contract, METADATA);
    }

    static List<SqlColumn> vectors(Contract contract) {
        return columns(contract, VECTOR_METADATA);
    }

    private static List<SqlColumn> columns(Contract contract, List<SqlColumn> metadata) {
        List<SqlColumn> columns = new ArrayList<>();
        for (Field field : contract.fields()) {
            columns.add(new SqlColumn(field.name(), type(field.type())));
        }
        columns.addAll(metadata);
        return List.copyOf(columns);
    }

    static String type(FieldType type) {
        return switch (type) {
            case FieldType.Text _ -> "VARCHAR";
            case FieldType.Int _ -> "BIGINT";
            case FieldType.Real _ -> "DOUBLE";
            case FieldType.Decimal decimal ->
                    "DECIMAL(" + decimal.precision() + "," + decimal.scale() + ")";
            case FieldType.Bool _ -> "BOOLEAN";
            case FieldType.Date _ -> "DATE";
            case FieldType.Time _ -> "TIME";
            case FieldType.Timestamp _ -> TIMESTAMP;
            case FieldType.Struct struct ->
                    struct.fields().stream()
                            .map(f -> SqlColumn.quoted(f.name()) + " " + type(f.type()))
                            .collect(Collectors.joining(", ", "STRUCT(", ")"));
            case FieldType.Array array -> type(array.items()) + "[]";
        };
    }

    /// @throws SqlRefused for a type that Leat never writes
    static String type(Type type) {
        return switch (type.typeId()) {
            case BOOLEAN -> "BOOLEAN";
            case INTEGER -> "INTEGER";
            case LONG -> "BIGINT";
            case FLOAT -> "FLOAT";
            case DOUBLE -> "DOUBLE";
            case DATE -> "DATE";
            case TIME -> "TIME";
            case TIMESTAMP ->
                    ((Types.TimestampType) type).shouldAdjustToUTC() ? TIMESTAMP : "TIMESTAMP";
            case STRING -> "VARCHAR";
            case UUID -> "UUID";
            case FIXED, BINARY -> "BLOB";
            case DECIMAL -> {
                Types.DecimalType decimal = (Types.DecimalType) type;
                yield "DECIMAL(" + decimal.precision() + "," + decimal.scale() + ")";
            }
            case STRUCT ->
                    type.asStructType().fields().stream()
                            .map(f -> SqlColumn.quoted(f.name()) + " " + type(f.type()))
                            .collect(Collectors.joining(", ", "STRUCT(", ")"));
            case LIST -> type(type.asListType().elementType()) + "[]";
            case MAP ->
                    "MAP("
                            + type(type.asMapType().keyType())
                            + ", "
                            + type(type.asMapType().valueType())
                            + ")";
            case TIMESTAMP_NANO, VARIANT, GEOMETRY, GEOGRAPHY, UNKNOWN ->
                    throw new SqlRefused(
                            SqlRefused.Code.UNREADABLE,
                            "Iceberg's type " + type + " is not read by Leat's SQL",
                            "read the table with another engine");
        };
    }
}

package leat.stream.sql;

/// A column of a table or a result.
///
/// @param type DuckDB's name of its type, e.g. `BIGINT` or `STRUCT(lat DOUBLE, lon DOUBLE)`
public record SqlColumn(String name, String type) {

    /// The name as an identifier that SQL reads back exactly.
    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /// The value as a string literal.
    static String literal(String value) {
        return "'" + value.replace("'", "''") + "'";
    }
}

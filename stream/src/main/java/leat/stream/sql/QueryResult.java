package leat.stream.sql;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.Blob;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Struct;
import java.time.Duration;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBResultSet;
import org.duckdb.DuckDBStruct;
import org.jspecify.annotations.Nullable;

/// A running query's answer, pulled row by row. The time limit runs until it is closed.
public final class QueryResult implements AutoCloseable {

    private final ResultSet rows;
    private final QueryScope scope;
    private final List<Freshness> freshness;
    private final List<SqlColumn> columns;

    QueryResult(ResultSet rows, QueryScope scope, List<Freshness> freshness) throws SQLException {
        this.rows = rows;
        this.scope = scope;
        this.freshness = List.copyOf(freshness);
        this.columns = columns(rows.getMetaData());
    }

    public List<SqlColumn> columns() {
        return columns;
    }

    /// How far the answer reaches, one entry a table that was read.
    public List<Freshness> freshness() {
        return freshness;
    }

    /// Since the query arrived.
    public Duration elapsed() {
        return scope.elapsed();
    }

    /// Moves to the next row; `false` behind the last one.
    ///
    /// @throws SqlRefused when the query fails or meets a limit
    public boolean next() {
        try {
            return rows.next();
        } catch (SQLException e) {
            throw scope.refused(e);
        }
    }

    /// The current row's value: a [String], [Boolean], [Long], [Double], [BigInteger],
    /// [BigDecimal], a [List] or a [Map] of these, or `null`. Times are ISO 8601 texts as
    /// [TimeText] writes them, bytes are Base64.
    public @Nullable Object value(int column) {
        try {
            return plain(rows.getObject(column + 1));
        } catch (SQLException e) {
            throw scope.refused(e);
        }
    }

    /// The current row in the order of [#columns].
    public List<@Nullable Object> row() {
        List<@Nullable Object> row = new ArrayList<>(columns.size());
        for (int column = 0; column < columns.size(); column++) {
            row.add(value(column));
        }
        return row;
    }

    /// For the Arrow export, which reads DuckDB's own batches.
    DuckDBResultSet duckDb() throws SQLException {
        return rows.unwrap(DuckDBResultSet.class);
    }

    SqlRefused refused(SQLException failure) {
        return scope.refused(failure);
    }

    @Override
    public void close() {
        scope.close();
    }

    private static List<SqlColumn> columns(ResultSetMetaData metadata) throws SQLException {
        List<SqlColumn> columns = new ArrayList<>();
        for (int i = 1; i <= metadata.getColumnCount(); i++) {
            columns.add(new SqlColumn(metadata.getColumnLabel(i), metadata.getColumnTypeName(i)));
        }
        return List.copyOf(columns);
    }

    private static @Nullable Object plain(@Nullable Object value) throws SQLException {
        return switch (value) {
            case null -> null;
            case String text -> text;
            case Boolean truth -> truth;
            case Byte small -> small.longValue();
            case Short small -> small.longValue();
            case Integer small -> small.longValue();
            case Float single -> single.doubleValue();
            case Long _, Double _, BigInteger _, BigDecimal _ -> value;
            case OffsetDateTime instant -> TimeText.of(instant);
            case java.sql.Timestamp local -> TimeText.of(local.toLocalDateTime());
            case LocalTime time -> TimeText.of(time);
            case DuckDBStruct struct -> plain(struct.getMap());
            case Struct struct -> plain(List.of(struct.getAttributes()));
            case Array array -> plain((Object[]) array.getArray());
            case Object[] items -> {
                List<@Nullable Object> plain = new ArrayList<>();
                for (Object item : items) {
                    plain.add(plain(item));
                }
                yield plain;
            }
            case List<?> items -> plain(items.toArray());
            case Map<?, ?> members -> {
                Map<String, @Nullable Object> plain = new LinkedHashMap<>();
                for (Map.Entry<?, ?> member : members.entrySet()) {
                    plain.put(String.valueOf(member.getKey()), plain(member.getValue()));
                }
                yield plain;
            }
            case Blob blob ->
                    Base64.getEncoder().encodeToString(blob.getBytes(1, (int) blob.length()));
            default -> value.toString();
        };
    }
}

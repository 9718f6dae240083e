package leat.stream.sql;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/// Brings the rows of a training set into a temporary table, [#TABLE], and finds out what is wrong
/// with them. The table has their columns and, in the end, [#TIME].
final class EntityRows {

    static final String TABLE = "\"$rows\"";

    /// The row's time, which is there, microseconds since 1970.
    static final String TIME = "\"$time\"";

    /// DuckDB's own column of every table.
    static final String ROW_NUMBER = "rowid";

    private static final String TIMESTAMP = "TIMESTAMP WITH TIME ZONE";

    /// A time of day and a zone behind it: `-01` alone may be a day.
    private static final String ZONED =
            "'\\d{1,2}:\\d{2}(:\\d{2}(\\.\\d+)?)?\\s*([Zz]|UTC|[+-]\\d{2}(:?\\d{2})?)$'";

    private final DuckDBConnection connection;
    private final HistoryRequest.Entities entities;

    EntityRows(DuckDBConnection connection, HistoryRequest.Entities entities) {
        this.connection = connection;
        this.entities = entities;
    }

    /// The columns as they came, of which one is the entity and one the time.
    record Columns(List<SqlColumn> all, SqlColumn entity, SqlColumn time) {}

    /// Fills the table.
    ///
    /// @throws HistoryRefused when a column is missing, or a row has no time with a zone
    Columns load() {
        Columns columns = columns(describe(scan(Optional.empty())));
        String time = SqlColumn.quoted(columns.time().name());
        boolean text = columns.time().type().equals("VARCHAR");
        String instant =
                text
                        ? "CASE WHEN regexp_matches("
                                + time
                                + ", "
                                + ZONED
                                + ") THEN TRY_CAST("
                                + time
                                + " AS "
                                + TIMESTAMP
                                + ") END"
                        : time;
        String entity = SqlColumn.quoted(columns.entity().name());
        execute(
                "CREATE TEMP TABLE "
                        + TABLE
                        + " AS SELECT * REPLACE (CAST("
                        + entity
                        + " AS VARCHAR) AS "
                        + entity
                        + "), epoch_us("
                        + instant
                        + ") AS "
                        + TIME
                        + " FROM "
                        + scan(Optional.of(columns)));
        refuseWithoutTime(columns);
        return columns;
    }

    /// What messages call the rows' place.
    private String source() {
        return switch (entities) {
            case HistoryRequest.Entities.InFile(Path file) -> file.toString();
            case HistoryRequest.Entities.Query _ -> "the query";
        };
    }

    /// What stands behind FROM; with the columns known, texts are read as they stand where the
    /// entity and the time are: `007` is no number, and a time keeps its zone.
    private String scan(Optional<Columns> columns) {
        return switch (entities) {
            // A comment may stand at its end.
            case HistoryRequest.Entities.Query(String sql) -> "(" + sql + "\n)";
            case HistoryRequest.Entities.InFile(Path file) -> {
                if (!Files.isRegularFile(file)) {
                    throw new HistoryRefused(
                            "there is no file " + file,
                            "name a file, or write a query that starts with SELECT");
                }
                String path = SqlColumn.literal(file.toAbsolutePath().normalize().toString());
                yield switch (kind(file)) {
                    case CSV ->
                            "read_csv("
                                    + path
                                    + ", sample_size = -1"
                                    + columns.map(EntityRows::types).orElse("")
                                    + ")";
                    case JSON ->
                            "read_json("
                                    + path
                                    + ", format = 'newline_delimited'"
                                    + columns.map(EntityRows::jsonColumns)
                                            .orElse(", sample_size = -1")
                                    + ")";
                    case PARQUET -> "read_parquet(" + path + ")";
                };
            }
        };
    }

    private enum Kind {
        CSV,
        JSON,
        PARQUET
    }

    /// What is in a file, by its name, large letters or small; texts may be compressed.
    private static Kind kind(Path file) {
        String name =
                file.toString().toLowerCase(Locale.ROOT).replaceFirst("(?<!\\.parquet)\\.gz$", "");
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "csv", "tsv" -> Kind.CSV;
            case "json", "jsonl", "ndjson" -> Kind.JSON;
            case "parquet" -> Kind.PARQUET;
            default ->
                    throw new HistoryRefused(
                            file + " is of no kind that is read",
                            "name a file .csv, .jsonl or .parquet");
        };
    }

    private static String types(Columns columns) {
        return ", types = {"
                + SqlColumn.literal(columns.entity().name())
                + ": 'VARCHAR', "
                + SqlColumn.literal(columns.time().name())
                + ": 'VARCHAR'}";
    }

    private static String jsonColumns(Columns columns) {
        return columns.all().stream()
                .map(column ->
                        SqlColumn.literal(column.name())
                                + ": "
                                + SqlColumn.literal(
                                        column.equals(columns.entity())
                                                ? "VARCHAR"
                                                : column.type()))
                .collect(Collectors.joining(", ", ", columns = {", "}"));
    }

    private List<SqlColumn> describe(String scan) {
        List<SqlColumn> columns = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("DESCRIBE SELECT * FROM " + scan)) {
            while (rows.next()) {
                columns.add(new SqlColumn(rows.getString(1), rows.getString(2)));
            }
            return columns;
        } catch (SQLException e) {
            throw HistoryRefused.of("cannot read the entities from " + source(), e);
        }
    }

    private Columns columns(List<SqlColumn> found) {
        SqlColumn entity = required(found, "entity", "whose row it is");
        SqlColumn time = required(found, "time", "up to when a vector may be known");
        if (found.stream().anyMatch(column -> column.name().equalsIgnoreCase(ROW_NUMBER))) {
            throw new HistoryRefused(
                    source()
                            + " has a column '"
                            + ROW_NUMBER
                            + "', which means something else here",
                    "rename it");
        }
        boolean text =
                entities instanceof HistoryRequest.Entities.InFile(Path file)
                        && kind(file) != Kind.PARQUET;
        if (text) {
            SqlColumn asWritten = new SqlColumn(time.name(), "VARCHAR");
            return new Columns(
                    found.stream().map(column -> column.equals(time) ? asWritten : column).toList(),
                    entity,
                    asWritten);
        }
        return switch (time.type()) {
            case TIMESTAMP, "VARCHAR" -> new Columns(found, entity, time);
            case "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "DATE" ->
                    throw withoutZone("the column '" + time.name() + "' of " + source());
            default ->
                    throw new HistoryRefused(
                            "the column '"
                                    + time.name()
                                    + "' of "
                                    + source()
                                    + " is "
                                    + time.type()
                                    + ", no time",
                            "make it a time with a zone, e.g. 2026-11-28T10:00:00Z; of numbers:"
                                    + " to_timestamp(seconds)");
        };
    }

    private SqlColumn required(List<SqlColumn> found, String name, String meaning) {
        return found.stream()
                .filter(column -> column.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() ->
                        new HistoryRefused(
                                source()
                                        + " has no column '"
                                        + name
                                        + "' but "
                                        + found.stream()
                                                .map(SqlColumn::name)
                                                .collect(Collectors.joining(", ")),
                                "call the column '" + name + "' that says " + meaning));
    }

    private static HistoryRefused withoutZone(String place) {
        return new HistoryRefused(
                place + " is a time without a zone",
                "write its zone, e.g. 2026-11-28T10:00:00Z or 2026-11-28 11:00:00+01:00");
    }

    private void refuseWithoutTime(Columns columns) {
        String time = SqlColumn.quoted(columns.time().name());
        String sql =
                "SELECT rowid + 1, CAST("
                        + time
                        + " AS VARCHAR), TRY_CAST("
                        + time
                        + " AS "
                        + TIMESTAMP
                        + ") IS NOT NULL FROM "
                        + TABLE
                        + " WHERE "
                        + TIME
                        + " IS NULL ORDER BY rowid LIMIT 1";
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            if (!rows.next()) {
                return;
            }
            String place = "row " + rows.getLong(1) + " of " + source();
            @Nullable String text = rows.getString(2);
            if (text == null) {
                throw new HistoryRefused(place + " has no time", "leave the row out, or add it");
            }
            if (rows.getBoolean(3)) {
                throw withoutZone(place + ": '" + text + "'");
            }
            throw new HistoryRefused(
                    place + ": '" + text + "' is no time", "write e.g. 2026-11-28T10:00:00Z");
        } catch (SQLException e) {
            throw HistoryRefused.of("cannot read the entities from " + source(), e);
        }
    }

    private void execute(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw HistoryRefused.of("cannot read the entities from " + source(), e);
        }
    }
}

package leat.stream.sql;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import leat.core.contract.Contract;
import leat.stream.sql.HistoryRequest.AsOf;
import leat.stream.sql.HistoryRequest.Column;
import leat.stream.sql.HistoryRequest.Earlier;
import leat.stream.sql.HistoryRequest.ViewFeatures;

/// The SQL of a point-in-time join: for each view the vectors are found by rows that are narrow,
/// entity, time and row number, and are put back into the order of the rows; then all is put
/// together by its place. Sorting the rows with all that they have once a view, or putting them
/// together by hashing their numbers, takes much longer.
///
/// Entities are numbered, so that texts are compared once a vector and not in each step of sorting;
/// 0 is nobody. Times are microseconds since 1970. What is ours has a name with `$`, which no
/// feature has: the row's number `$n` and time `$t`, the entity's number `$e` and `$k`, by which
/// vectors are found.
record PointInTimeJoin(AsOf asOf, EntityRows.Columns columns) {

    private static final String ENTITIES = "\"$entities\"";
    private static final String KEYS = "\"$keys\"";

    /// Asks for an [Extent].
    static final String EXTENT =
            "SELECT count(*), coalesce(min(%1$s), 0), coalesce(max(%1$s), 0) FROM %2$s"
                    .formatted(EntityRows.TIME, EntityRows.TABLE);

    /// Larger than every offset.
    private static final String OFFSETS = "9223372036854775808::HUGEINT";

    /// What is made once, before all views.
    List<String> preparation() {
        String entity = SqlColumn.quoted(columns.entity().name());
        return List.of(
                "CREATE TEMP TABLE "
                        + ENTITIES
                        + " AS SELECT entity, CAST(row_number() OVER () AS INTEGER) AS \"$e\" FROM"
                        + " (SELECT DISTINCT "
                        + entity
                        + " AS entity FROM "
                        + EntityRows.TABLE
                        + ")",
                "CREATE TEMP TABLE "
                        + KEYS
                        + " AS SELECT r.rowid AS \"$n\", coalesce(d.\"$e\", 0) AS \"$e\", r."
                        + EntityRows.TIME
                        + " AS \"$t\" FROM "
                        + EntityRows.TABLE
                        + " r LEFT JOIN "
                        + ENTITIES
                        + " d ON d.entity = r."
                        + entity
                        // What is sorted already is quickly sorted again, once a view.
                        + " ORDER BY 2, 3");
    }

    /// Makes the table [#found]: for each row, in their order, what is taken of the vector, or
    /// nulls.
    ///
    /// @param view its index
    String find(int view, ViewFeatures features, Extent extent) {
        String taken =
                features.taken().stream().map(SqlColumn::quoted).collect(Collectors.joining(", "));
        return "CREATE TEMP TABLE "
                + found(view)
                + " AS SELECT "
                + taken
                + " FROM ("
                + versions(features).stream()
                        .map(version -> found(version, features.taken(), extent))
                        .collect(Collectors.joining(" UNION ALL "))
                + ") ORDER BY \"$n\"";
    }

    /// One version of a view, with the times of the rows that it gives.
    ///
    /// @param from the first, in microseconds; empty where no version is before it
    /// @param until the first that is not; empty where no version is behind it
    private record Version(
            Contract vectors, Optional<Duration> ttl, OptionalLong from, OptionalLong until) {

        boolean has(String column) {
            return vectors.fields().stream().anyMatch(field -> field.name().equals(column));
        }

        /// Each row is one version's and no other's.
        String rows() {
            List<String> conditions = new ArrayList<>();
            from.ifPresent(micros -> conditions.add("\"$t\" >= " + micros));
            until.ifPresent(micros -> conditions.add("\"$t\" < " + micros));
            return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
        }
    }

    private static List<Version> versions(ViewFeatures features) {
        List<Version> versions = new ArrayList<>();
        OptionalLong from = OptionalLong.empty();
        for (Earlier earlier : features.earlier()) {
            OptionalLong until =
                    OptionalLong.of(ChronoUnit.MICROS.between(Instant.EPOCH, earlier.until()));
            versions.add(new Version(earlier.vectors(), earlier.ttl(), from, until));
            from = until;
        }
        versions.add(new Version(features.vectors(), features.ttl(), from, OptionalLong.empty()));
        return versions;
    }

    private String found(Version version, List<String> columns, Extent extent) {
        String taken =
                columns.stream()
                        .map(column -> taken(version, column))
                        .collect(Collectors.joining(", "));
        String key =
                asOf == AsOf.EVENT ? "\"$t\" * " + OFFSETS + " + (" + OFFSETS + " - 1)" : "\"$t\"";
        return "SELECT r.\"$n\", "
                + taken
                + " FROM (SELECT \"$n\", \"$e\", \"$t\", "
                + key
                + " AS \"$k\" FROM "
                + KEYS
                + version.rows()
                + ") r ASOF LEFT JOIN ("
                + vectors(version, extent)
                + ") v ON r.\"$e\" = v.\"$e\" AND r.\"$k\" >= v.\"$k\"";
    }

    private static String taken(Version version, String name) {
        String column = SqlColumn.quoted(name);
        if (!version.has(name)) {
            return "NULL AS " + column;
        }
        return version.ttl()
                .map(ttl ->
                        "CASE WHEN r.\"$t\" - epoch_us(v.query_time) <= "
                                + micros(ttl)
                                + " THEN v."
                                + column
                                + " END AS "
                                + column)
                .orElse("v." + column);
    }

    /// Asks how many rows [#found] has, and how many of them have a vector.
    static String count(int view) {
        return "SELECT count(*), count(query_time) FROM " + found(view);
    }

    /// What nothing is looked for with any more.
    static List<String> tidying() {
        return List.of("DROP TABLE " + KEYS, "DROP TABLE " + ENTITIES);
    }

    /// How many rows there are, and their first and last time in microseconds since 1970; of no
    /// rows at all both are 0.
    record Extent(long rows, long first, long last) {}

    private static long micros(Duration duration) {
        return duration.toNanos() / 1_000;
    }

    /// The vectors that a row can find, at most one a value of `e` and `k`.
    private String vectors(Version version, Extent extent) {
        String from =
                " FROM "
                        + SqlColumn.quoted(version.vectors().tableName())
                        + " v JOIN "
                        + ENTITIES
                        + " d ON d.entity = v.entity WHERE ";
        return switch (asOf) {
            case EVENT ->
                    "SELECT v.*, d.\"$e\", epoch_us(v.query_time) * "
                            + OFFSETS
                            + " + v.leat_offset AS \"$k\""
                            + from
                            + "v.query_time <= "
                            + instant(extent.last())
                            + version.ttl()
                                    .map(ttl ->
                                            " AND v.query_time >= "
                                                    + instant(extent.first() - micros(ttl)))
                                    .orElse("");
            // A vector that a later one was appended before, or with, is never the last one: a
            // clock may go back.
            case SERVED ->
                    "SELECT v.*, d.\"$e\", epoch_us(v.leat_appended) AS \"$k\""
                            + from
                            + "v.leat_appended <= "
                            + instant(extent.last())
                            + " QUALIFY coalesce(v.leat_appended < min(v.leat_appended) OVER"
                            + " (PARTITION BY d.\"$e\" ORDER BY v.leat_offset ROWS BETWEEN 1 FOLLOWING"
                            + " AND UNBOUNDED FOLLOWING), true)";
        };
    }

    private static String instant(long micros) {
        return "make_timestamptz(" + micros + ")";
    }

    /// The rows in their order, with what was found for them.
    String result(List<Column> found, int views) {
        String time = SqlColumn.quoted(columns.time().name());
        StringBuilder select =
                new StringBuilder("SELECT r.* EXCLUDE (" + EntityRows.TIME + ") REPLACE (")
                        .append("make_timestamptz(r." + EntityRows.TIME + ") AS " + time + ")");
        for (Column column : found) {
            select.append(", ")
                    .append(alias(column.view()))
                    .append('.')
                    .append(SqlColumn.quoted(column.field()))
                    .append(" AS ")
                    .append(SqlColumn.quoted(column.name()));
        }
        select.append(" FROM " + EntityRows.TABLE + " r");
        for (int i = 0; i < views; i++) {
            select.append(" POSITIONAL JOIN ").append(found(i)).append(' ').append(alias(i));
        }
        return select.toString();
    }

    private static String alias(int view) {
        return "m" + view;
    }

    static String found(int view) {
        return "\"$found_" + view + "\"";
    }
}

package leat.stream.sql;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import leat.core.contract.Contract;
import leat.core.event.TopicId;
import leat.stream.lake.LakeCatalog;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/// Makes tables of files and log: for each query one *cut*, the files of one Iceberg snapshot and
/// the log's records from the snapshot's positions to the committed end.
///
/// The snapshot is read first and the ends after it. A commit of the lake in between changes
/// nothing: its rows are read from the log, because the cut's start is that of the snapshot which
/// was read, and every record before the end belongs to exactly one side.
final class UnionRead implements AutoCloseable {

    private static final Duration LOG_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration IDLE = Duration.ofMinutes(5);

    private final LakeReader lake;
    private final LogConnection log;
    private final Admin admin;
    private final DuckDBConnection database;
    private final Function<Contract, RowReader> readers;
    private final long tailBytes;
    private final InstantSource clock;
    private final Map<String, LogTail> tails = new ConcurrentHashMap<>();

    UnionRead(
            LakeCatalog lake,
            LogConnection log,
            DuckDBConnection database,
            Function<Contract, RowReader> readers,
            long tailBytes,
            InstantSource clock) {
        this.lake = new LakeReader(lake);
        this.log = log;
        this.admin = log.admin();
        this.database = database;
        this.readers = readers;
        this.tailBytes = tailBytes;
        this.clock = clock;
    }

    /// The tables of one query as temporary views; what they read stays until this is closed.
    record Cut(List<Freshness> freshness, List<LogTail.Lease> leases) implements AutoCloseable {
        @Override
        public void close() {
            leases.forEach(LogTail.Lease::close);
        }
    }

    /// Makes a temporary view of each name in `connection`.
    ///
    /// @param named tables by the names under which the query uses them
    Cut open(Map<String, SqlTable> named, DuckDBConnection connection, long deadlineNanos)
            throws SQLException {
        Map<SqlTable, LakeFiles> files = new LinkedHashMap<>();
        for (SqlTable table : new LinkedHashSet<>(named.values())) {
            files.put(table, lake.newest(table));
        }
        Log ends = ends(files.keySet(), deadlineNanos);
        List<Freshness> freshness = new ArrayList<>();
        List<LogTail.Lease> leases = new ArrayList<>();
        try {
            Map<SqlTable, String> selects = new HashMap<>();
            for (Map.Entry<SqlTable, LakeFiles> entry : files.entrySet()) {
                Part part = part(entry.getKey(), entry.getValue(), ends, deadlineNanos);
                leases.add(part.lease());
                freshness.add(part.freshness());
                selects.put(
                        entry.getKey(), select(entry.getKey(), entry.getValue(), part, connection));
            }
            try (Statement statement = connection.createStatement()) {
                for (Map.Entry<String, SqlTable> name : named.entrySet()) {
                    statement.execute(
                            "CREATE TEMP VIEW "
                                    + SqlColumn.quoted(name.getKey())
                                    + " AS "
                                    + selects.get(name.getValue()));
                }
            }
        } catch (SQLException | RuntimeException e) {
            leases.forEach(LogTail.Lease::close);
            throw e;
        }
        return new Cut(freshness, leases);
    }

    /// Frees tails that nobody has asked for in a while.
    void releaseIdle() throws SQLException {
        for (LogTail tail : tails.values()) {
            tail.releaseIfIdle(IDLE);
        }
    }

    @Override
    public void close() {
        tails.values().forEach(LogTail::close);
        // What was asked is waited for by nobody any more, and Kafka may be away.
        admin.close(Duration.ZERO);
    }

    /// The log as it stood when a query was asked.
    private record Log(LogEnds ends, Instant at, Optional<Shortfall> unavailable) {}

    /// The tail's part of one table.
    private record Part(
            LogTail.Lease lease,
            Map<TopicPartition, LogEnds.Span> spans,
            boolean included,
            Freshness freshness) {}

    private Log ends(Collection<SqlTable> tables, long deadlineNanos) {
        Set<String> topics =
                tables.stream()
                        .flatMap(table -> table.topics().stream())
                        .collect(Collectors.toSet());
        Instant at = clock.instant();
        if (topics.isEmpty()) {
            return new Log(new LogEnds(Map.of(), Map.of()), at, Optional.empty());
        }
        long left = Math.max(1, deadlineNanos - System.nanoTime());
        Duration timeout = Duration.ofNanos(Math.min(left, LOG_TIMEOUT.toNanos()));
        try {
            return new Log(LogEnds.read(admin, topics, timeout), at, Optional.empty());
        } catch (LogUnavailable e) {
            return new Log(
                    new LogEnds(Map.of(), Map.of()),
                    at,
                    Optional.of(Shortfall.noLog(String.valueOf(e.getMessage()))));
        }
    }

    private Part part(SqlTable table, LakeFiles files, Log log, long deadlineNanos)
            throws SQLException {
        Map<TopicPartition, LogEnds.Span> spans = spans(table, files, log.ends());
        Optional<Shortfall> obstacle =
                log.unavailable().or(() -> recreated(table, files, log.ends()));
        LogTail.Lease lease =
                obstacle.isPresent()
                        ? new LogTail.Lease(List.of(), obstacle, () -> {})
                        : lease(table, spans, log.ends(), deadlineNanos);
        boolean included = lease.shortfall().isEmpty();
        List<Freshness.PartitionFreshness> partitions = new ArrayList<>();
        spans.forEach((partition, span) ->
                partitions.add(
                        new Freshness.PartitionFreshness(
                                partition.topic(),
                                partition.partition(),
                                span.from(),
                                included ? Math.max(span.from(), span.to()) : span.from(),
                                span.to())));
        partitions.sort((a, b) ->
                a.topic().equals(b.topic())
                        ? Integer.compare(a.partition(), b.partition())
                        : a.topic().compareTo(b.topic()));
        Freshness freshness =
                new Freshness(
                        table.name(),
                        files.snapshotId(),
                        lease.shortfall(),
                        included ? log.at() : files.committedAt(),
                        partitions);
        return new Part(lease, spans, included, freshness);
    }

    private LogTail.Lease lease(
            SqlTable table,
            Map<TopicPartition, LogEnds.Span> spans,
            LogEnds ends,
            long deadlineNanos)
            throws SQLException {
        Map<String, TopicId> topics = new HashMap<>(ends.topics());
        topics.keySet().retainAll(Set.copyOf(table.topics()));
        return tails.computeIfAbsent(table.name(), _ -> newTail(table))
                .lease(topics, spans, deadlineNanos);
    }

    private LogTail newTail(SqlTable table) {
        TailRows rows =
                switch (table.content()) {
                    case EVENTS ->
                            new TailRows.Events(table.contract(), readers.apply(table.contract()));
                    case DEAD_LETTERS -> new TailRows.DeadLetters();
                    case VECTORS, PREDICTIONS ->
                            new TailRows.Vectors(table.contract(), readers.apply(table.contract()));
                };
        return new LogTail(table, rows, log, database, tailBytes);
    }

    private static Map<TopicPartition, LogEnds.Span> spans(
            SqlTable table, LakeFiles files, LogEnds ends) {
        Map<TopicPartition, LogEnds.Span> spans = new HashMap<>();
        ends.spans()
                .forEach((partition, span) -> {
                    if (table.topics().contains(partition.topic())) {
                        TopicId id = Objects.requireNonNull(ends.topics().get(partition.topic()));
                        long from =
                                files.positions().of(id, partition.partition()).orElse(span.from());
                        spans.put(
                                partition,
                                new LogEnds.Span(Math.max(from, span.from()), span.to()));
                    }
                });
        return spans;
    }

    /// A topic that was deleted and made again starts at offset 0, where the lake's positions mean
    /// nothing.
    private static Optional<Shortfall> recreated(SqlTable table, LakeFiles files, LogEnds ends) {
        return table.topics().stream()
                .filter(topic -> {
                    TopicId pinned = files.pinned().get(topic);
                    TopicId now = ends.topics().get(topic);
                    return pinned != null && now != null && !pinned.equals(now);
                })
                .findFirst()
                .map(Shortfall::recreated);
    }

    private String select(SqlTable table, LakeFiles files, Part part, DuckDBConnection connection)
            throws SQLException {
        List<String> arms = new ArrayList<>();
        arms.add(empty(table));
        if (!files.whole().isEmpty()) {
            arms.add("SELECT " + names(files) + " FROM " + readParquet(files, files.whole(), ""));
        }
        if (!files.pruned().isEmpty()) {
            arms.add(pruned(table, files, connection));
        }
        String columns =
                table.columns().stream()
                        .map(column -> SqlColumn.quoted(column.name()))
                        .collect(Collectors.joining(", "));
        String inCut = inCut(table, part);
        if (part.included() && !inCut.isEmpty()) {
            for (String segment : part.lease().segments()) {
                arms.add(
                        "SELECT "
                                + columns
                                + " FROM "
                                + SqlColumn.quoted(segment)
                                + " WHERE "
                                + inCut);
            }
        }
        return String.join(" UNION ALL BY NAME ", arms);
    }

    /// No rows, but every column of the contract in its order, whatever the files know of them.
    private static String empty(SqlTable table) {
        return table.columns().stream()
                .map(column ->
                        "CAST(NULL AS " + column.type() + ") AS " + SqlColumn.quoted(column.name()))
                .collect(Collectors.joining(", ", "SELECT ", " WHERE false"));
    }

    private static String names(LakeFiles files) {
        return files.columns().stream()
                .map(column -> "f." + SqlColumn.quoted(column.column().name()))
                .collect(Collectors.joining(", "));
    }

    /// Columns are found by Iceberg's field ids, so a renamed or added one is right in old files.
    private static String readParquet(LakeFiles files, List<String> paths, String options) {
        String list =
                paths.stream().map(SqlColumn::literal).collect(Collectors.joining(", ", "[", "]"));
        String schema =
                files.columns().stream()
                        .map(column ->
                                column.fieldId()
                                        + ": {name: "
                                        + SqlColumn.literal(column.column().name())
                                        + ", type: "
                                        + SqlColumn.literal(column.column().type())
                                        + ", default_value: NULL}")
                        .collect(Collectors.joining(", ", "MAP {", "}"));
        return "read_parquet(" + list + ", schema = " + schema + options + ") f";
    }

    private static String pruned(SqlTable table, LakeFiles files, DuckDBConnection connection)
            throws SQLException {
        String name = "$deleted_" + table.name();
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TEMP TABLE "
                            + SqlColumn.quoted(name)
                            + " (path VARCHAR, row_number BIGINT)");
        }
        try (DuckDBAppender appender = connection.createAppender("temp", "main", name)) {
            for (LakeFiles.PrunedFile file : files.pruned()) {
                for (long row : file.deleted()) {
                    appender.beginRow();
                    appender.append(file.path());
                    appender.append(row);
                    appender.endRow();
                }
            }
        }
        List<String> paths = files.pruned().stream().map(LakeFiles.PrunedFile::path).toList();
        return "SELECT "
                + names(files)
                + " FROM "
                + readParquet(files, paths, ", filename = true, file_row_number = true")
                + " ANTI JOIN temp.main."
                + SqlColumn.quoted(name)
                + " d ON d.path = f.filename AND d.row_number = f.file_row_number";
    }

    /// The condition that a tail's row lies in the cut; empty when no partition has a tail.
    private static String inCut(SqlTable table, Part part) {
        return part.spans().entrySet().stream()
                .filter(span -> span.getValue().from() < span.getValue().to())
                .map(span ->
                        "(\"$topic\" = "
                                + table.topics().indexOf(span.getKey().topic())
                                + " AND \"$partition\" = "
                                + span.getKey().partition()
                                + " AND \"$offset\" >= "
                                + span.getValue().from()
                                + " AND \"$offset\" < "
                                + span.getValue().to()
                                + ")")
                .collect(Collectors.joining(" OR "));
    }
}

package leat.stream.sql;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Answers SQL queries over the tables of all contracts: reading only, within limits of time,
/// memory and number.
public final class SqlEngine implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SqlEngine.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final long BUSY_WAIT_MILLIS = 1_000;
    private static final long HOUSEKEEPING_SECONDS = 60;
    private static final Counter QUERIES =
            Counter.builder()
                    .name("leat_sql_queries_total")
                    .help("Queries by how they ended: done, or the code of the refusal")
                    .labelNames("outcome")
                    .register();
    private static final Histogram SECONDS =
            Histogram.builder()
                    .name("leat_sql_query_seconds")
                    .help("Time from a query's arrival to its last row")
                    .register();

    private final SqlSettings settings;
    private final SqlTables tables;
    private final DuckDBConnection database;
    private final UnionRead unionRead;
    private final Semaphore slots;
    private final ScheduledExecutorService timer;

    /// @param temporary a folder for spilled data, this engine's own
    public SqlEngine(
            SqlSettings settings, SqlSources sources, Path temporary, InstantSource clock) {
        this.settings = settings;
        this.tables = sources.tables();
        this.database = LockedDuckDb.open(settings, List.of(sources.lakeFolder()), temporary);
        this.unionRead =
                new UnionRead(
                        sources.lake(),
                        sources.log(),
                        database,
                        sources.readers(),
                        settings.tailMemory().bytes(),
                        clock);
        this.slots = new Semaphore(settings.concurrentQueries());
        this.timer =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("sql-timer").factory());
        ScheduledFuture<?> _ =
                timer.scheduleWithFixedDelay(
                        this::keepHouse,
                        HOUSEKEEPING_SECONDS,
                        HOUSEKEEPING_SECONDS,
                        TimeUnit.SECONDS);
    }

    public SqlTables tables() {
        return tables;
    }

    public SqlSettings settings() {
        return settings;
    }

    /// Starts a query; its rows are pulled from the result, which must be closed and is bound to
    /// the calling thread.
    ///
    /// @throws SqlRefused when the query is not answered, with the reason and the remedy
    public QueryResult query(String sql) {
        long startNanos = System.nanoTime();
        acquireSlot();
        QueryScope scope = new QueryScope(slots, settings.timeLimit(), startNanos, timer);
        try {
            QueryResult result = start(sql, scope);
            scope.onClose(() -> {
                QUERIES.labelValues("done").inc();
                SECONDS.observe((System.nanoTime() - startNanos) / 1e9);
            });
            return result;
        } catch (SQLException e) {
            scope.close();
            throw counted(scope.refused(e));
        } catch (SqlRefused e) {
            scope.close();
            throw counted(e);
        } catch (RuntimeException e) {
            scope.close();
            throw e;
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        unionRead.close();
        try {
            database.close();
        } catch (SQLException e) {
            LOG.atWarn().setCause(e).log("Could not close DuckDB");
        }
    }

    private QueryResult start(String sql, QueryScope scope) throws SQLException {
        DuckDBConnection connection = database.duplicate();
        scope.onClose(connection);
        SqlGuard.Checked checked = SqlGuard.check(sql, serialize(sql, connection), tables);
        UnionRead.Cut cut =
                unionRead.open(tables.named(checked.names()), connection, scope.deadlineNanos());
        scope.onClose(cut);
        Statement statement = connection.createStatement();
        scope.onClose(statement);
        scope.interruptAtDeadline(statement);
        ResultSet rows = statement.executeQuery(checked.listsTables() ? listing() : sql);
        scope.onClose(rows);
        return new QueryResult(rows, scope, cut.freshness());
    }

    /// The syntax tree of a query, as DuckDB makes it.
    static JsonNode serialize(String sql, DuckDBConnection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT json_serialize_sql(?::VARCHAR)")) {
            statement.setString(1, sql);
            try (ResultSet tree = statement.executeQuery()) {
                tree.next();
                return JSON.readTree(tree.getString(1));
            }
        }
    }

    /// What SHOW TABLES answers.
    private String listing() {
        List<SqlTable> all = tables.all();
        if (all.isEmpty()) {
            return "SELECT NULL::VARCHAR AS name, NULL::VARCHAR AS contract, NULL::VARCHAR AS rows"
                    + " WHERE false";
        }
        return all.stream()
                .map(table ->
                        "("
                                + SqlColumn.literal(table.name())
                                + ", "
                                + SqlColumn.literal(
                                        table.contract().name() + " " + table.contract().version())
                                + ", "
                                + SqlColumn.literal(
                                        switch (table.content()) {
                                            case EVENTS -> "events";
                                            case DEAD_LETTERS -> "dead letters";
                                            case VECTORS -> "vectors";
                                            case PREDICTIONS -> "predictions";
                                        })
                                + ")")
                .collect(
                        Collectors.joining(
                                ", ", "SELECT * FROM (VALUES ", ") t(name, contract, rows)"));
    }

    private void acquireSlot() {
        try {
            if (slots.tryAcquire(BUSY_WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw counted(
                new SqlRefused(
                        SqlRefused.Code.BUSY,
                        settings.concurrentQueries() + " queries are running already",
                        "try again, or raise sql.concurrent-queries"));
    }

    private static SqlRefused counted(SqlRefused refused) {
        QUERIES.labelValues(refused.code().word()).inc();
        return refused;
    }

    private void keepHouse() {
        try {
            unionRead.releaseIdle();
        } catch (SQLException | RuntimeException e) {
            LOG.atWarn().setCause(e).log("Could not free an idle tail");
        }
    }
}

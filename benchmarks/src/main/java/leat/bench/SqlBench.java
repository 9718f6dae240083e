package leat.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import leat.core.config.DataSize;
import leat.core.event.Names;
import leat.core.validate.Validator;
import leat.stream.lake.LakeCatalog;
import leat.stream.lake.LakeLoader;
import leat.stream.sql.QueryResult;
import leat.stream.sql.SqlEngine;
import leat.stream.sql.SqlSettings;
import leat.stream.sql.SqlSources;
import leat.stream.sql.SqlTables;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;

/// `leat bench sql`: an aggregate over a table of the lake and the log's tail behind it, against
/// DuckDB itself on the same Parquet files, without the tail and with nothing to plan.
public final class SqlBench {

    private static final String ROLES = "broker, sql";
    private static final String AGGREGATE = "SELECT car, avg(speed) FROM %s GROUP BY car";
    private static final int QUERIES = 10;
    private static final int TAIL_EVENTS = 20_000;

    private SqlBench() {}

    /// Measures.
    public static void run(Workbench bench) {
        Names names = Workbench.names("sql");
        bench.createTopics(names);
        bench.progress().accept("sql: filling the lake and the log behind it");
        List<byte[]> events = BenchEvents.of(bench.generator(), bench.events() + TAIL_EVENTS);
        Path folder = folder(bench, "sql");
        try (LakeCatalog catalog = BenchLake.open(folder, names)) {
            long inLake = Filling.enriched(bench, names, events.subList(0, bench.events()));
            load(bench, names, catalog, inLake);
            long all =
                    Filling.enriched(bench, names, events.subList(bench.events(), events.size()));
            measure(bench, names, catalog, folder, inLake, all);
        }
    }

    private static void load(Workbench bench, Names names, LakeCatalog catalog, long rows) {
        try (LakeLoader _ =
                BenchLake.loader(
                        bench,
                        names,
                        catalog,
                        BenchLake.committing(Duration.ofSeconds(2), DataSize.mebibytes(256)))) {
            Table table = BenchLake.table(bench, catalog);
            Run.following(() -> BenchLake.rows(table), rows);
        }
    }

    private static void measure(
            Workbench bench, Names names, LakeCatalog catalog, Path folder, long inLake, long all) {
        String files =
                locations(BenchLake.table(bench, catalog)).stream()
                        .map(file -> "'" + file + "'")
                        .collect(Collectors.joining(", ", "read_parquet([", "])"));
        try (SqlEngine engine = engine(bench, names, catalog, folder);
                Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement()) {
            statement.execute("SET threads = " + SqlSettings.DEFAULT.threads());
            String plain = String.format(AGGREGATE, files);
            String ours = String.format(AGGREGATE, bench.contract().tableName());
            new Contest(
                            ROLES,
                            () ->
                                    Run.of(() -> {
                                        for (int i = 0; i < QUERIES; i++) {
                                            drain(engine, ours);
                                        }
                                        return QUERIES * all;
                                    }),
                            bench.progress())
                    .against(
                            "sql-vs-duckdb",
                            Map.of(
                                    "DuckDB on the lake's files",
                                    () ->
                                            Run.of(() -> {
                                                for (int i = 0; i < QUERIES; i++) {
                                                    drain(statement, plain);
                                                }
                                                return QUERIES * inLake;
                                            })))
                    .hold(bench.rounds())
                    .forEach(bench.metrics());
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB failed", e);
        }
    }

    static SqlEngine engine(Workbench bench, Names names, LakeCatalog catalog, Path folder) {
        return new SqlEngine(
                SqlSettings.DEFAULT,
                new SqlSources(
                        new SqlTables(names, List.of(bench.contract())),
                        catalog,
                        folder,
                        bench.log(),
                        contract -> Validator.forEnriched(contract)::validate),
                folder.resolve("sql-temporary"),
                InstantSource.system());
    }

    static Path folder(Workbench bench, String name) {
        try {
            return Files.createDirectories(bench.folder().resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void drain(SqlEngine engine, String query) {
        try (QueryResult result = engine.query(query)) {
            while (result.next()) {
                result.row();
            }
        }
    }

    private static void drain(Statement statement, String query) {
        try (ResultSet result = statement.executeQuery(query)) {
            while (result.next()) {
                result.getString(1);
                result.getDouble(2);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB failed", e);
        }
    }

    private static List<String> locations(Table table) {
        List<String> locations = new ArrayList<>();
        table.refresh();
        try (CloseableIterable<FileScanTask> files = table.newScan().planFiles()) {
            for (FileScanTask file : files) {
                locations.add(file.file().location().replaceFirst("^file:/+", "/"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return locations;
    }
}

package leat.stream.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import leat.core.contract.Contract;
import leat.stream.sql.HistoryReport.ViewRows;
import leat.stream.sql.HistoryRequest.ViewFeatures;
import org.duckdb.DuckDBConnection;

/// Makes training sets: for each row of an entity and a time what each feature view said of the
/// entity at that time. Vectors come from the lake and from the log's tail, as in queries; all that
/// is in the log when the work begins counts.
public final class FeatureHistory {

    /// Numbers that hardly ever repeat get no dictionary, and the sooner that is seen the better;
    /// zstd makes them little smaller for a quarter more of the writing's time.
    private static final String PARQUET =
            " (FORMAT parquet, COMPRESSION snappy, DICTIONARY_SIZE_LIMIT 1000)";

    private static final Duration TAIL_PATIENCE = Duration.ofMinutes(10);

    private final SqlSettings settings;
    private final SqlSources sources;
    private final Path temporary;
    private final InstantSource clock;

    /// @param temporary a folder in which each run has one for spilled data
    public FeatureHistory(
            SqlSettings settings, SqlSources sources, Path temporary, InstantSource clock) {
        this.settings = settings;
        this.sources = sources;
        this.temporary = temporary;
        this.clock = clock;
    }

    /// Writes a training set; the file is there when it is whole.
    ///
    /// @param progress is told what is being done
    /// @throws HistoryRefused when something is wrong with the request, or not all vectors can be
    ///   read
    /// @throws SqlRefused when something is wrong with the query of the entities
    public HistoryReport write(HistoryRequest request, Consumer<String> progress) {
        long startNanos = System.nanoTime();
        Path out = request.out().toAbsolutePath().normalize();
        if (Files.exists(out)) {
            throw new HistoryRefused(out + " is there already", "remove it, or name another file");
        }
        Path unfinished = out.resolveSibling("." + out.getFileName() + ".unfinished");
        Path spill = spillFolder(out);
        try (TemporaryPlaces _ = TemporaryPlaces.of(unfinished, spill);
                DuckDBConnection database =
                        LockedDuckDb.open(settings, folders(request, out), spill);
                UnionRead unionRead = unionRead(database);
                DuckDBConnection connection = database.duplicate();
                UnionRead.Cut cut =
                        unionRead.open(
                                named(request, connection),
                                connection,
                                startNanos + TAIL_PATIENCE.toNanos())) {
            refuseWithoutTail(cut);
            HistoryReport report = write(request, connection, unfinished, progress, startNanos);
            Files.move(unfinished, out, StandardCopyOption.ATOMIC_MOVE);
            return report;
        } catch (SQLException e) {
            throw HistoryRefused.of("the training set was not made", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + out, e);
        }
    }

    private Path spillFolder(Path out) {
        try {
            Files.createDirectories(out.getParent());
            Files.createDirectories(temporary);
            return Files.createTempDirectory(temporary, "history");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + out.getParent(), e);
        }
    }

    /// All that is read and written.
    private List<Path> folders(HistoryRequest request, Path out) {
        List<Path> folders = new ArrayList<>(List.of(sources.lakeFolder(), out.getParent()));
        if (request.entities() instanceof HistoryRequest.Entities.InFile(Path file)) {
            folders.add(file.toAbsolutePath().normalize().getParent());
        }
        return folders;
    }

    private UnionRead unionRead(DuckDBConnection database) {
        return new UnionRead(
                sources.lake(),
                sources.log(),
                database,
                sources.readers(),
                settings.tailMemory().bytes(),
                clock);
    }

    /// The tables of the views, and those that the query of the entities names.
    private Map<String, SqlTable> named(HistoryRequest request, DuckDBConnection connection)
            throws SQLException {
        Map<String, SqlTable> named = new TreeMap<>();
        for (ViewFeatures view : request.views()) {
            Stream.concat(
                            view.earlier().stream().map(HistoryRequest.Earlier::vectors),
                            Stream.of(view.vectors()))
                    .map(Contract::tableName)
                    .forEach(name -> named.put(name, sources.tables().find(name).orElseThrow()));
        }
        if (request.entities() instanceof HistoryRequest.Entities.Query(String sql)) {
            SqlGuard.Checked checked =
                    SqlGuard.check(sql, SqlEngine.serialize(sql, connection), sources.tables());
            named.putAll(sources.tables().named(checked.names()));
        }
        return named;
    }

    private static void refuseWithoutTail(UnionRead.Cut cut) {
        for (Freshness freshness : cut.freshness()) {
            freshness
                    .shortfall()
                    .ifPresent(shortfall -> {
                        throw new HistoryRefused(
                                "the newest rows of "
                                        + freshness.table()
                                        + " cannot be read: "
                                        + shortfall.reason(),
                                shortfall.remedy());
                    });
        }
    }

    private HistoryReport write(
            HistoryRequest request,
            DuckDBConnection connection,
            Path file,
            Consumer<String> progress,
            long startNanos)
            throws SQLException {
        progress.accept("reading the entities");
        EntityRows.Columns columns = new EntityRows(connection, request.entities()).load();
        refuseClashes(columns, request.columns());
        PointInTimeJoin join = new PointInTimeJoin(request.asOf(), columns);
        for (String step : join.preparation()) {
            execute(connection, step);
        }
        PointInTimeJoin.Extent extent = extent(connection);
        long rows = extent.rows();
        List<ViewRows> found = new ArrayList<>();
        for (int i = 0; i < request.views().size(); i++) {
            ViewFeatures view = request.views().get(i);
            progress.accept("looking for vectors of " + view.versions() + ", rows: " + rows);
            execute(connection, join.find(i, view, extent));
            found.add(new ViewRows(view.versions(), without(i, rows, connection)));
        }
        for (String step : PointInTimeJoin.tidying()) {
            execute(connection, step);
        }
        progress.accept("writing " + rows + " rows");
        execute(
                connection,
                "COPY ("
                        + join.result(request.columns(), request.views().size())
                        + ") TO "
                        + SqlColumn.literal(file.toString())
                        + PARQUET);
        return new HistoryReport(
                request.out(), rows, found, Duration.ofNanos(System.nanoTime() - startNanos));
    }

    private static void refuseClashes(EntityRows.Columns given, List<HistoryRequest.Column> added) {
        added.stream()
                .map(HistoryRequest.Column::name)
                .filter(name ->
                        given.all().stream()
                                .anyMatch(column -> column.name().equalsIgnoreCase(name)))
                .findFirst()
                .ifPresent(name -> {
                    throw new HistoryRefused(
                            "the entities have a column '"
                                    + name
                                    + "', as the training set would have",
                            "rename or leave it out");
                });
    }

    private static PointInTimeJoin.Extent extent(DuckDBConnection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(PointInTimeJoin.EXTENT)) {
            rows.next();
            return new PointInTimeJoin.Extent(rows.getLong(1), rows.getLong(2), rows.getLong(3));
        }
    }

    /// How many rows have no vector of a view.
    ///
    /// @throws IllegalStateException when not every row is there once, so that they could not be
    ///   put together by their places
    private static long without(int view, long rows, DuckDBConnection connection)
            throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet counts = statement.executeQuery(PointInTimeJoin.count(view))) {
            counts.next();
            if (counts.getLong(1) != rows) {
                throw new IllegalStateException(
                        "the join of " + rows + " rows gave " + counts.getLong(1));
            }
            return rows - counts.getLong(2);
        }
    }

    private static void execute(DuckDBConnection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

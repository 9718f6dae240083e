package leat.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import leat.core.config.DataSize;
import leat.core.contract.Contract;
import leat.core.contract.ContractName;
import leat.core.contract.ContractVersion;
import leat.core.contract.Field;
import leat.core.contract.FieldPath;
import leat.core.contract.FieldType;
import leat.core.contract.Range;
import leat.core.contract.UnknownFields;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.core.validate.Validator;
import leat.stream.lake.LakeCatalog;
import leat.stream.lake.LakeLoader;
import leat.stream.lake.LakeTables;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import leat.stream.sql.FeatureHistory;
import leat.stream.sql.HistoryReport;
import leat.stream.sql.HistoryRequest;
import leat.stream.sql.HistoryRequest.AsOf;
import leat.stream.sql.HistoryRequest.ViewFeatures;
import leat.stream.sql.SqlSettings;
import leat.stream.sql.SqlSources;
import leat.stream.sql.SqlTables;
import org.apache.iceberg.Table;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/// `leat bench features`, the offline part: a training set of three views with five features each,
/// from a Parquet file of entities and times to a Parquet file with their features, point in time.
/// The vectors are in the lake, loaded from the log, and a thousandth of them in its tail.
public final class PointInTimeBench {

    private static final String ROLES = "broker, history";
    private static final double BAR = 1_000_000;
    private static final int FULL_EVENTS = 300_000;
    private static final int VIEWS = 3;
    private static final int FEATURES = 5;
    private static final int ENTITIES = 1_000;
    private static final int TAIL = 1;
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration STEP = Duration.ofMinutes(1);
    private static final TopicId SOURCE = new TopicId("bbbbbbbbbbbbbbbbbbbbbb");

    private final Workbench bench;
    private final Names names = Workbench.names("history");
    private final int vectorsEach;
    private final int rows;
    private final List<Contract> views;

    private PointInTimeBench(Workbench bench) {
        this.bench = bench;
        boolean full = bench.events() >= FULL_EVENTS;
        this.vectorsEach = full ? 1_000 : 100;
        this.rows = full ? 1_000_000 : 100_000;
        List<Contract> made = new ArrayList<>();
        for (int view = 0; view < VIEWS; view++) {
            made.add(view(bench.contract(), "view-" + view));
        }
        this.views = List.copyOf(made);
    }

    /// Measures.
    public static void run(Workbench bench) {
        new PointInTimeBench(bench).run();
    }

    private void run() {
        bench.progress().accept("history: filling the log and the lake with vectors");
        try (Admin admin = bench.log().admin()) {
            Topics topics = new Topics(admin, 1);
            for (Contract view : views) {
                topics.apply(topics.plan(TopicSpec.ofView(names, bench.contract(), view)));
            }
        }
        Path folder = SqlBench.folder(bench, "history");
        Path entities = entities(folder.resolve("entities.parquet"));
        try (LakeCatalog catalog = BenchLake.open(folder, names)) {
            write(0, vectorsEach);
            load(catalog);
            write(vectorsEach, vectorsEach + TAIL);
            FeatureHistory history =
                    new FeatureHistory(
                            SqlSettings.DEFAULT,
                            new SqlSources(
                                    new SqlTables(names, List.of(), views),
                                    catalog,
                                    folder,
                                    bench.log(),
                                    contract -> Validator.forEnriched(contract)::validate),
                            folder.resolve("history-temporary"),
                            InstantSource.system());
            measure(history, folder, entities);
        }
    }

    private static Contract view(Contract source, String name) {
        List<Field> fields = new ArrayList<>();
        fields.add(field("entity", FieldType.Text.any(), true));
        fields.add(field("query_time", FieldType.Timestamp.iso(), true));
        for (int feature = 0; feature < FEATURES; feature++) {
            fields.add(
                    field(
                            "f" + feature,
                            new FieldType.Real(Range.all(), Optional.empty(), List.of()),
                            false));
        }
        return new Contract(
                new ContractName(name),
                new ContractVersion(1, 0, 0),
                "",
                fields,
                List.of(),
                Optional.of(FieldPath.parse("entity")),
                Optional.of(FieldPath.parse("query_time")),
                Contract.TimeBounds.DEFAULT,
                UnknownFields.REJECT,
                source.dedupeWindow(),
                source.log(),
                new Contract.LakeSettings(
                        Contract.TimePartitioning.DAY, List.of("entity", "query_time")),
                List.of(),
                source.file());
    }

    private static Field field(String name, FieldType type, boolean required) {
        return new Field(name, type, required, false, Optional.empty(), Optional.empty(), "");
    }

    /// The vectors `from` to `to` (exclusive) of every entity of every view, a minute apart.
    private void write(int from, int to) {
        AtomicReference<Exception> failure = new AtomicReference<>();
        SplittableRandom random = new SplittableRandom(from);
        try (Producer<byte[], byte[]> producer =
                bench.log()
                        .producer(
                                "bench-vectors",
                                Map.of(
                                        ProducerConfig.LINGER_MS_CONFIG,
                                        20,
                                        ProducerConfig.BATCH_SIZE_CONFIG,
                                        256 << 10))) {
            for (int n = from; n < to; n++) {
                for (Contract view : views) {
                    for (int entity = 0; entity < ENTITIES; entity++) {
                        Future<RecordMetadata> _ =
                                producer.send(
                                        vector(view, entity, n, random),
                                        (_, exception) -> {
                                            if (exception != null) {
                                                failure.set(exception);
                                            }
                                        });
                    }
                }
            }
            producer.flush();
        }
        if (failure.get() != null) {
            throw new IllegalStateException("a vector was not acknowledged", failure.get());
        }
    }

    private ProducerRecord<byte[], byte[]> vector(
            Contract view, int entity, int n, SplittableRandom random) {
        Instant time = START.plus(STEP.multipliedBy(n)).plusMillis(entity);
        StringBuilder json =
                new StringBuilder("{\"entity\":\"")
                        .append(name(entity))
                        .append("\",\"query_time\":\"")
                        .append(time)
                        .append('"');
        for (int feature = 0; feature < FEATURES; feature++) {
            json.append(",\"f").append(feature).append("\":").append(random.nextDouble());
        }
        int partition = entity % bench.contract().log().partitions();
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(
                        names.vectors(view),
                        partition,
                        name(entity).getBytes(UTF_8),
                        json.append('}').toString().getBytes(UTF_8));
        String position = new Position(SOURCE, partition, (long) n * ENTITIES + entity).toString();
        record.headers().add(EventHeaders.POSITION, position.getBytes(UTF_8));
        record.headers().add(EventHeaders.VIEW, view.nameAndMajor().getBytes(UTF_8));
        return record;
    }

    private static String name(int entity) {
        return String.format(Locale.ROOT, "car-%05d", entity);
    }

    private void load(LakeCatalog catalog) {
        try (LakeLoader _ =
                LakeLoader.start(
                        new LakeLoader.Place(bench.log(), names, catalog),
                        BenchLake.committing(Duration.ofSeconds(2), DataSize.mebibytes(256)),
                        List.of(),
                        views)) {
            for (Contract view : views) {
                Table table = new LakeTables(catalog).vectors(view).orElseThrow();
                Run.following(() -> BenchLake.rows(table), (long) ENTITIES * vectorsEach);
            }
        }
    }

    /// Random entities at random times of those that the vectors have.
    private Path entities(Path file) {
        long span = STEP.multipliedBy(vectorsEach).toNanos() / 1_000;
        long start = ChronoUnit.MICROS.between(Instant.EPOCH, START);
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            statement.execute(
                    String.format(
                            Locale.ROOT,
                            "COPY (SELECT format('car-{:05d}', hash(i) %% %d) AS entity,"
                                    + " make_timestamptz(%d + (hash(i + %d) %% %d)::BIGINT) AS"
                                    + " time, i AS label FROM range(%d) t(i)) TO '%s' (FORMAT"
                                    + " parquet)",
                            ENTITIES,
                            start,
                            rows,
                            span,
                            rows,
                            file));
            return file;
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB failed", e);
        }
    }

    private void measure(FeatureHistory history, Path folder, Path entities) {
        List<Run> runs = new ArrayList<>();
        for (int round = 0; round < 1 + bench.rounds(); round++) {
            Run run = Run.of(() -> make(history, folder, entities));
            bench.progress()
                    .accept(
                            String.format(
                                    Locale.ROOT,
                                    "history: %,.0f rows/s, %.1f CPU-s a million%s",
                                    run.eventsPerSecond(),
                                    run.cpuSecondsPerMillion(),
                                    round == 0 ? " (warm-up)" : ""));
            if (round > 0) {
                runs.add(run);
            }
        }
        double value = Contest.median(runs, Run::eventsPerSecond);
        bench.metrics()
                .accept(
                        new Metric(
                                "feature-point-in-time-rows-per-second",
                                value,
                                "rows/s",
                                BAR,
                                value / BAR,
                                Contest.median(runs, Run::cpuSecondsPerMillion),
                                0,
                                "the stated bar",
                                runs.size(),
                                ROLES));
    }

    /// @throws IllegalStateException when rows are missing, or find no vector
    private long make(FeatureHistory history, Path folder, Path entities) {
        Path out = folder.resolve("training-set.parquet");
        HistoryReport report =
                history.write(
                        new HistoryRequest(
                                new HistoryRequest.Entities.InFile(entities),
                                views.stream()
                                        .map(view -> ViewFeatures.all(view, Optional.empty()))
                                        .toList(),
                                AsOf.EVENT,
                                out),
                        _ -> {});
        // A row of the first second may be before the entity's first vector.
        boolean found = report.views().stream().allMatch(view -> view.rowsWithout() < rows / 100);
        if (report.rows() != rows || !found) {
            throw new IllegalStateException("not all rows are there: " + report);
        }
        try {
            Files.delete(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }
}

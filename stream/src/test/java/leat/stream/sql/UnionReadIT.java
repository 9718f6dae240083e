package leat.stream.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import leat.core.config.DataSize;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.contract.Range;
import leat.core.event.Names;
import leat.core.outcome.Outcome;
import leat.core.validate.Row;
import leat.stream.log.TopicSpec;
import leat.stream.testing.SharedKafka;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.deletes.EqualityDeleteWriter;
import org.apache.iceberg.deletes.PositionDelete;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnionReadIT {

    private static final int QUERIES = 1_000;
    private static final int READERS = 2;
    private static final int QUERIES_PER_LOAD = 20;
    private static final String COUNT = "SELECT count(*), sum(n) FROM car_reading";

    @TempDir private Path folder;
    private SqlFixture fixture;

    @BeforeEach
    void open() {
        fixture = new SqlFixture(folder, SqlContracts.readings(1));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void everyQuerySeesEachEventOnceWhileTheLakeCommits() throws Exception {
        SqlEngine engine = fixture.engine(SqlSettings.DEFAULT);
        Ledger ledger = new Ledger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> writer = threads.submit(() -> write(ledger));
            Future<?> loader = threads.submit(() -> load(ledger));
            List<Future<?>> readers = new ArrayList<>();
            for (int reader = 0; reader < READERS; reader++) {
                readers.add(threads.submit(() -> read(engine, ledger)));
            }
            try {
                for (Future<?> reader : readers) {
                    reader.get(5, TimeUnit.MINUTES);
                }
            } finally {
                ledger.done.set(true);
                ledger.transactions.release();
                ledger.loads.release();
            }
            writer.get(1, TimeUnit.MINUTES);
            loader.get(1, TimeUnit.MINUTES);
        }

        List<@Nullable Object> last = row(engine, COUNT);

        long n = ledger.committed.get();
        assertThat(n).isGreaterThan(QUERIES);
        assertThat(last).containsExactly(n, BigInteger.valueOf(n * (n + 1) / 2));
    }

    /// What the writer knows, and the pace that the readers set: two transactions a query, and a
    /// commit of the lake every [#QUERIES_PER_LOAD].
    private static final class Ledger {
        final AtomicLong begun = new AtomicLong();
        final AtomicLong committed = new AtomicLong();
        final AtomicLong queries = new AtomicLong();
        final AtomicBoolean done = new AtomicBoolean();
        final Semaphore transactions = new Semaphore(10);
        final Semaphore loads = new Semaphore(0);
    }

    private @Nullable Void write(Ledger ledger) throws InterruptedException {
        for (int round = 0; ; round++) {
            ledger.transactions.acquire();
            if (ledger.done.get()) {
                return null;
            }
            long from = ledger.committed.get();
            if (round % 4 == 3) {
                fixture.transaction(
                        false,
                        f -> {
                            for (int i = 0; i < 20; i++) {
                                f.event(i % 4, -1 - i);
                            }
                        });
                continue;
            }
            ledger.begun.set(from + 40);
            fixture.transaction(
                    true,
                    f -> {
                        for (int i = 1; i <= 40; i++) {
                            f.event(i % 4, from + i);
                        }
                    });
            ledger.committed.set(from + 40);
        }
    }

    private @Nullable Void load(Ledger ledger) throws InterruptedException {
        while (true) {
            ledger.loads.acquire();
            if (ledger.done.get()) {
                return null;
            }
            fixture.load();
        }
    }

    private static void read(SqlEngine engine, Ledger ledger) {
        for (int query = 0; query < QUERIES / READERS; query++) {
            long atLeast = ledger.committed.get();
            List<@Nullable Object> row =
                    row(
                            engine,
                            "SELECT count(*), count(DISTINCT (leat_partition, leat_offset)),"
                                    + " count(*) FILTER (n <= "
                                    + atLeast
                                    + "), coalesce(min(n), 1), coalesce(max(n), 0)"
                                    + " FROM car_reading_v1");
            long atMost = ledger.begun.get();
            long count = (Long) Objects.requireNonNull(row.get(0));
            assertThat(count).isBetween(atLeast, atMost);
            assertThat(row.get(1)).as("unique positions").isEqualTo(count);
            assertThat(row.get(2)).as("all that was committed before").isEqualTo(atLeast);
            assertThat((Long) row.get(3)).as("aborted events have n < 0").isPositive();
            assertThat((Long) row.get(4)).isLessThanOrEqualTo(atMost);
            ledger.transactions.release(2);
            if (ledger.queries.incrementAndGet() % QUERIES_PER_LOAD == 0) {
                ledger.loads.release();
            }
        }
    }

    @Test
    void abortedAndOpenTransactionsAreInvisible() {
        SqlEngine engine = fixture.engine(SqlSettings.DEFAULT);
        fixture.transaction(true, f -> f.event(0, 1));
        fixture.transaction(false, f -> f.event(0, 2));
        fixture.transaction(true, f -> f.event(1, 3));

        List<List<@Nullable Object>> seen = new ArrayList<>();
        fixture.transaction(
                true,
                f -> {
                    f.event(2, 4);
                    seen.add(row(engine, COUNT));
                });

        assertThat(seen.getFirst()).containsExactly(2L, BigInteger.valueOf(4));
        assertThat(row(engine, COUNT)).containsExactly(3L, BigInteger.valueOf(8));
    }

    @Test
    void oneQueryMayUseATableManyTimesAndUnderItsNames() {
        SqlEngine engine = fixture.engine(SqlSettings.DEFAULT);
        events(1, 10);
        fixture.load();
        events(11, 20);

        List<@Nullable Object> row =
                row(
                        engine,
                        "WITH a AS (SELECT * FROM car_reading) SELECT count(*) FROM a"
                                + " JOIN Car_Reading_V1 b USING (leat_partition, leat_offset)");

        assertThat(row).containsExactly(20L);
    }

    @Test
    void filesAndTailGiveTheSameValuesOfEveryType() throws IOException {
        fixture.close();
        Row full = everyValue();
        Row empty = new Row(full.fields(), new @Nullable Object[full.fields().size()]);
        fixture =
                new SqlFixture(
                        Files.createDirectories(folder.resolve("types")),
                        SqlContracts.contract("every-type", 1, full.fields()),
                        json -> new Outcome.Valid(json.length > 2 ? full : empty));
        SqlEngine engine = fixture.engine(SqlSettings.DEFAULT);
        String all = "SELECT * EXCLUDE (leat_offset, leat_id) FROM every_type ORDER BY leat_offset";
        fixture.transaction(
                true,
                f -> {
                    f.event(0, 1, "full");
                    f.event(0, 2, "{}");
                });

        List<List<@Nullable Object>> fromTail = rows(engine, all);
        fixture.load();
        List<List<@Nullable Object>> fromFiles = rows(engine, all);

        assertThat(fromFiles).isEqualTo(fromTail);
        assertThat(fromTail.getFirst().subList(0, 11))
                .containsExactly(
                        "c1",
                        7L,
                        1.5,
                        new BigDecimal("12.34"),
                        true,
                        "2026-01-02",
                        "03:04:05.678901",
                        "2026-01-02T03:04:05.678901Z",
                        Map.of("code", "E1", "heat", 90.5),
                        List.of("a", "b"),
                        Arrays.asList(Collections.singletonMap("pressure", 2.5)));
        assertThat(fromTail.get(1).subList(0, 11)).containsOnlyNulls();
    }

    @Test
    void timesAreTextsOfOneFormWhateverTheyStandIn() {
        SqlEngine engine = fixture.engine(SqlSettings.DEFAULT);

        List<List<@Nullable Object>> rows =
                rows(
                        engine,
                        "SELECT TIMESTAMPTZ '2024-01-01 10:00:00Z', TIMESTAMP '2024-01-01 10:00:00',"
                                + " TIME '10:00:00', [TIMESTAMPTZ '2024-01-01 10:00:00.5Z'],"
                                + " {'at': TIMESTAMP '2024-01-01 10:00:00'},"
                                + " epoch_us(TIMESTAMPTZ '2026-01-15 08:15:00Z')");

        assertThat(rows.getFirst())
                .containsExactly(
                        "2024-01-01T10:00:00Z",
                        "2024-01-01T10:00:00",
                        "10:00:00",
                        List.of("2024-01-01T10:00:00.500Z"),
                        Map.of("at", "2024-01-01T10:00:00"),
                        1_768_464_900_000_000L);
    }

    @Test
    void deadLettersOfAllStagesAreOneTable() {
        SqlEngine engine = fixture.engine(SqlSettings.DEFAULT);
        fixture.transaction(
                true,
                f -> {
                    f.dead(Names.DeadStage.COLLECTOR, SqlFixture.utf8("{oops"));
                    f.dead(Names.DeadStage.ENRICHER, new byte[] {(byte) 0xff});
                });

        List<List<@Nullable Object>> rows =
                rows(
                        engine,
                        "SELECT leat_stage, reason_codes, payload, payload_base64, leat_offset"
                                + " FROM car_reading_dead ORDER BY 1");

        assertThat(rows)
                .containsExactly(
                        Arrays.asList("collector", List.of("type"), "{oops", null, 0L),
                        Arrays.asList("enricher", List.of("type"), null, "/w==", 0L));
    }

    @Test
    void beyondTheTailsBoundTheLakeAnswersAloneAndSaysSo() {
        SqlEngine engine = fixture.engine(settings(Duration.ofSeconds(30), 4, 1));
        events(1, 10);
        fixture.load();
        events(11, 20_000);

        try (QueryResult result = engine.query("SELECT count(*) FROM car_reading")) {
            assertThat(result.next()).isTrue();
            assertThat(result.value(0)).isEqualTo(10L);
            Freshness freshness = result.freshness().getFirst();
            assertThat(freshness.logIncluded()).isFalse();
            assertThat(freshness.reason().orElseThrow()).contains("tail-memory");
            assertThat(freshness.shortfall().orElseThrow().remedy())
                    .contains("raise sql.tail-memory");
            assertThat(freshness.partitions())
                    .allMatch(p -> p.readTo() == p.lakeTo() && p.committedTo() > p.readTo());
        }

        fixture.load();
        events(20_001, 20_010);

        try (QueryResult result = engine.query("SELECT count(*) FROM car_reading")) {
            assertThat(result.next()).isTrue();
            assertThat(result.value(0)).isEqualTo(20_010L);
            assertThat(result.freshness().getFirst().logIncluded()).isTrue();
        }
    }

    @Test
    void whatTheLakeHasLoadedMakesRoomForTheTail() {
        // Given room for two or three loads of the lake
        SqlEngine engine = fixture.engine(settings(Duration.ofSeconds(30), 4, 2));
        for (int query = 0; query < 18; query++) {
            events(query * 1_000 + 1, (query + 1) * 1_000);

            // When ever more come, and queries stand between the lake's loads
            try (QueryResult result = engine.query("SELECT count(*) FROM car_reading")) {
                // Then every answer has all events
                assertThat(result.freshness().getFirst().reason()).as("query %d", query).isEmpty();
                assertThat(result.next()).isTrue();
                assertThat(result.value(0)).isEqualTo((query + 1) * 1_000L);
            }
            if (query % 3 == 2) {
                fixture.load();
            }
        }
    }

    @Test
    void rowsDeletedByPositionAreGone() throws IOException {
        SqlEngine engine = fixture.engine(SqlSettings.DEFAULT);
        events(1, 40);
        fixture.load();
        events(41, 50);
        fixture.table.refresh();
        fixture.table.newRowDelta().addDeletes(positionDelete(firstFile(), 0, 2)).commit();

        List<@Nullable Object> row =
                row(engine, "SELECT count(*), count(DISTINCT n) FROM car_reading");

        assertThat(row).containsExactly(48L, 48L);
    }

    @Test
    void equalityDeletesAreRefusedWithTheReason() throws IOException {
        SqlEngine engine = fixture.engine(SqlSettings.DEFAULT);
        events(1, 40);
        fixture.load();
        fixture.table.refresh();
        fixture.table.newRowDelta().addDeletes(equalityDelete(3)).commit();

        assertThatThrownBy(() -> row(engine, COUNT))
                .isInstanceOf(SqlRefused.class)
                .hasMessageContaining("equality deletes")
                .extracting(e -> ((SqlRefused) e).code())
                .isEqualTo(SqlRefused.Code.UNREADABLE);
    }

    @Test
    void aTopicMadeAgainIsNotMixedWithTheOldOnesFiles() throws Exception {
        SqlEngine engine = fixture.engine(SqlSettings.DEFAULT);
        events(1, 10);
        fixture.load();
        try (Admin admin = fixture.log.admin()) {
            admin.deleteTopics(List.of(fixture.enriched)).all().get();
        }
        SharedKafka.create(TopicSpec.of(fixture.names, fixture.contract));

        try (QueryResult result = engine.query(COUNT)) {
            assertThat(result.next()).isTrue();
            assertThat(result.value(0)).isEqualTo(10L);
            assertThat(result.freshness().getFirst().reason().orElseThrow())
                    .contains("was made again");
            assertThat(result.freshness().getFirst().shortfall().orElseThrow().remedy())
                    .contains("drop the lake's table");
        }
    }

    @Test
    void theTimeLimitEndsAQueryAndTheNextOneWorks() {
        SqlEngine engine = fixture.engine(settings(Duration.ofSeconds(3), 4, 32));
        long startNanos = System.nanoTime();

        assertThatThrownBy(() ->
                        row(
                                engine,
                                "SELECT sum(a.i * b.i) FROM range(10000000) a(i),"
                                        + " range(10000000) b(i)"))
                .isInstanceOf(SqlRefused.class)
                .extracting(e -> ((SqlRefused) e).code())
                .isEqualTo(SqlRefused.Code.TIME_LIMIT);

        assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
                .isLessThan(Duration.ofSeconds(30));
        assertThat(row(engine, "SELECT 1")).containsExactly(1L);
    }

    @Test
    void moreQueriesThanSlotsAreRefused() {
        SqlEngine engine = fixture.engine(settings(Duration.ofSeconds(30), 1, 32));

        try (QueryResult held = engine.query("SELECT 1")) {
            assertThat(held.next()).isTrue();
            assertThatThrownBy(() -> engine.query("SELECT 1"))
                    .extracting(e -> ((SqlRefused) e).code())
                    .isEqualTo(SqlRefused.Code.BUSY);
        }

        assertThat(row(engine, "SELECT 1")).containsExactly(1L);
    }

    @Test
    void tablesAreListedAndDescribed() {
        SqlEngine engine = fixture.engine(SqlSettings.DEFAULT);

        assertThat(rows(engine, "SHOW TABLES"))
                .containsExactly(
                        List.of("car_reading_v1", "car-reading 1.0.0", "events"),
                        List.of("car_reading_v1_dead", "car-reading 1.0.0", "dead letters"));
        assertThat(rows(engine, "DESCRIBE car_reading").stream().map(List::getFirst))
                .startsWith("car", "n", "leat_id")
                .endsWith("leat_offset", "leat_version");
    }

    private void events(int from, int to) {
        fixture.transaction(
                true,
                f -> {
                    for (int n = from; n <= to; n++) {
                        f.event(n % 4, n);
                    }
                });
    }

    private static SqlSettings settings(Duration timeLimit, int concurrent, long tailMebibytes) {
        SqlSettings base = SqlSettings.DEFAULT;
        return new SqlSettings(
                timeLimit,
                base.maxRows(),
                base.memory(),
                base.temporaryFiles(),
                base.threads(),
                concurrent,
                DataSize.mebibytes(tailMebibytes));
    }

    private DataFile firstFile() throws IOException {
        try (CloseableIterable<FileScanTask> tasks = fixture.table.newScan().planFiles()) {
            return tasks.iterator().next().file();
        }
    }

    private DeleteFile positionDelete(DataFile file, long... rows) throws IOException {
        PositionDeleteWriter<org.apache.iceberg.data.Record> writer =
                Parquet.writeDeletes(
                                fixture.table
                                        .io()
                                        .newOutputFile(
                                                fixture.table.location() + "/data/deletes.parquet"))
                        .withSpec(fixture.table.spec())
                        .buildPositionWriter();
        try (writer) {
            for (long row : rows) {
                writer.write(
                        PositionDelete.<org.apache.iceberg.data.Record>create()
                                .set(file.location(), row));
            }
        }
        return writer.toDeleteFile();
    }

    private DeleteFile equalityDelete(long n) throws IOException {
        org.apache.iceberg.Schema schema = fixture.table.schema().select("n");
        EqualityDeleteWriter<org.apache.iceberg.data.Record> writer =
                Parquet.writeDeletes(
                                fixture.table
                                        .io()
                                        .newOutputFile(
                                                fixture.table.location()
                                                        + "/data/equality.parquet"))
                        .forTable(fixture.table)
                        .rowSchema(schema)
                        .createWriterFunc(type -> GenericParquetWriter.create(schema, type))
                        .equalityFieldIds(schema.findField("n").fieldId())
                        .withSpec(fixture.table.spec())
                        .buildEqualityWriter();
        try (writer) {
            GenericRecord record = GenericRecord.create(schema);
            record.setField("n", n);
            writer.write(record);
        }
        return writer.toDeleteFile();
    }

    private static Row everyValue() {
        FieldType real = new FieldType.Real(Range.all(), Optional.empty(), List.of());
        FieldType timestamp =
                new FieldType.Timestamp(
                        new FieldType.TimestampEncoding.Formatted(
                                DateTimeFormatter.ISO_OFFSET_DATE_TIME, "ISO"),
                        Optional.empty(),
                        Range.all());
        List<Field> engine =
                List.of(
                        SqlContracts.field("code", SqlContracts.text()),
                        SqlContracts.field("heat", real));
        List<Field> tyre = List.of(SqlContracts.field("pressure", real));
        List<Field> fields =
                List.of(
                        SqlContracts.field("car", SqlContracts.text()),
                        SqlContracts.field(
                                "count",
                                new FieldType.Int(Range.all(), Optional.empty(), List.of())),
                        SqlContracts.field("speed", real),
                        SqlContracts.field("price", new FieldType.Decimal(12, 2, Range.all())),
                        SqlContracts.field("parked", new FieldType.Bool()),
                        SqlContracts.field(
                                "built",
                                new FieldType.Date(DateTimeFormatter.ISO_LOCAL_DATE, Range.all())),
                        SqlContracts.field(
                                "opens",
                                new FieldType.Time(DateTimeFormatter.ISO_LOCAL_TIME, Range.all())),
                        SqlContracts.field("seen", timestamp),
                        SqlContracts.field("engine", new FieldType.Struct(engine)),
                        SqlContracts.field(
                                "tags",
                                new FieldType.Array(SqlContracts.text(), Range.all(), false)),
                        SqlContracts.field(
                                "tyres",
                                new FieldType.Array(
                                        new FieldType.Struct(tyre), Range.all(), false)));
        return new Row(
                fields,
                new @Nullable Object[] {
                    "c1",
                    7L,
                    1.5,
                    new BigDecimal("12.34"),
                    true,
                    LocalDate.of(2026, 1, 2),
                    LocalTime.of(3, 4, 5, 678_901_000),
                    Instant.parse("2026-01-02T03:04:05.678901Z"),
                    new Row(engine, new @Nullable Object[] {"E1", 90.5}),
                    List.of("a", "b"),
                    List.of(new Row(tyre, new @Nullable Object[] {2.5}))
                });
    }

    private static List<@Nullable Object> row(SqlEngine engine, String sql) {
        return rows(engine, sql).getFirst();
    }

    private static List<List<@Nullable Object>> rows(SqlEngine engine, String sql) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        try (QueryResult result = engine.query(sql)) {
            while (result.next()) {
                rows.add(result.row());
            }
        }
        return rows;
    }
}

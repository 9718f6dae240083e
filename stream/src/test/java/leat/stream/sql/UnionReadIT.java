package leat.stream.sql;

import static leat.stream.sql.SqlFixture.row;
import static leat.stream.sql.SqlFixture.rows;
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
import java.util.Optional;
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

/// What a query sees of files and tail; under load it is [UnionReadUnderLoadIT].
class UnionReadIT {

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
        SqlEngine engine = fixture.engine(SqlFixture.settings(Duration.ofSeconds(30), 4, 1));
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
        SqlEngine engine = fixture.engine(SqlFixture.settings(Duration.ofSeconds(30), 4, 2));
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

    private void events(int from, int to) {
        fixture.transaction(
                true,
                f -> {
                    for (int n = from; n <= to; n++) {
                        f.event(n % 4, n);
                    }
                });
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
}

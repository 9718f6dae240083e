package leat.stream.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import leat.core.contract.Contract;
import leat.stream.sql.HistoryRequest.AsOf;
import leat.stream.sql.HistoryRequest.Entities;
import leat.stream.sql.HistoryRequest.ViewFeatures;
import leat.stream.sql.VectorFixture.Vector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureHistoryIT {

    private static final int ENTITIES = 20;
    private static final int VECTORS = 600;
    private static final int ROWS = 2_000;
    private static final long START_MILLIS = 1_780_000_000_000L;
    private static final Duration TTL = Duration.ofHours(1);

    private final Contract driving = VectorFixture.view("car-driving", 1);
    private final Contract battery = VectorFixture.view("car-battery", 2);
    @TempDir private Path folder;
    private VectorFixture fixture;

    @BeforeEach
    void open() {
        fixture = new VectorFixture(folder, List.of(driving, battery));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private record Row(@Nullable String entity, long micros, int label) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void everyRowHasTheVectorsThatANaiveSearchFinds(long seed) throws Exception {
        // Given vectors in files, some of them compacted, and in the log's tail
        Random random = new Random(seed);
        List<Vector> ofDriving = vectors(random);
        List<Vector> ofBattery = vectors(random);
        for (int part = 0; part < 2; part++) {
            int from = part * 200;
            fixture.write(driving, ofDriving.subList(from, from + 200));
            fixture.write(battery, ofBattery.subList(from, from + 200));
            fixture.load(from + 200, List.of(driving, battery));
        }
        fixture.maintain(driving);
        fixture.write(driving, ofDriving.subList(400, VECTORS));
        fixture.write(battery, ofBattery.subList(400, VECTORS));
        List<Row> rows = rows(random, ofDriving, ofBattery);
        Path csv = csv(rows);

        for (AsOf asOf : AsOf.values()) {
            // When
            Path out = folder.resolve(asOf + ".parquet");
            HistoryReport report =
                    fixture.history()
                            .write(
                                    new HistoryRequest(
                                            new Entities.InFile(csv),
                                            List.of(
                                                    ViewFeatures.all(driving, Optional.of(TTL)),
                                                    new ViewFeatures(
                                                            battery,
                                                            Optional.empty(),
                                                            List.of("n"))),
                                            asOf,
                                            out),
                                    _ -> {});

            // Then
            List<String> expected = new ArrayList<>();
            long without = 0;
            for (Row row : rows) {
                Optional<Vector> first =
                        found(ofDriving, row, asOf)
                                .filter(v ->
                                        row.micros() - v.queryMicros() <= TTL.toNanos() / 1_000);
                Optional<Vector> second = found(ofBattery, row, asOf);
                without += first.isEmpty() ? 1 : 0;
                expected.add(expected(row, first, second));
            }
            assertThat(lines(out, "car_driving", "car_battery"))
                    .as("seed %d, %s", seed, asOf)
                    .isEqualTo(expected);
            assertThat(report.rows()).isEqualTo(ROWS);
            assertThat(report.views().getFirst())
                    .isEqualTo(new HistoryReport.ViewRows("car-driving.v1", without));
            assertThat(without).as("rows without a vector").isBetween(ROWS / 10L, ROWS * 9L / 10);
        }
        assertThat(names(folder)).noneMatch(name -> name.endsWith(".unfinished"));
        assertThat(names(folder.resolve("spill"))).isEmpty();
    }

    @Test
    void asOfServingEachRowIsOfTheVersionThatServedAtItsTime() throws Exception {
        // Given three versions, the first of which has no text, each filled before it took over
        Random random = new Random(5);
        List<Contract> versions =
                List.of(
                        VectorFixture.withoutLabel("car-driving", 1),
                        VectorFixture.view("car-driving", 2),
                        VectorFixture.view("car-driving", 3));
        fixture.close();
        fixture = new VectorFixture(Files.createDirectory(folder.resolve("versions")), versions);
        List<List<Vector>> vectors = new ArrayList<>();
        for (Contract version : versions) {
            vectors.add(vectors(random));
            fixture.write(version, vectors.getLast());
        }
        fixture.load(VECTORS, List.of(versions.getFirst()));
        List<Long> until =
                Stream.of(200, 400)
                        .map(n -> vectors.getFirst().get(n).appendedMillis() * 1_000)
                        .toList();
        List<Row> rows = new ArrayList<>(rows(random, vectors.get(0), vectors.get(2)));
        for (long micros : List.of(until.get(0) - 1, until.get(0), until.get(1))) {
            rows.add(new Row(entity(1), micros, rows.size()));
        }
        Path out = folder.resolve("versions.parquet");

        // When
        HistoryReport report =
                fixture.history()
                        .write(
                                new HistoryRequest(
                                        new Entities.InFile(csv(rows)),
                                        List.of(
                                                ViewFeatures.all(versions.get(2), Optional.empty())
                                                        .after(
                                                                List.of(
                                                                        earlier(versions, 0, until),
                                                                        earlier(
                                                                                versions, 1,
                                                                                until)))),
                                        AsOf.SERVED,
                                        out),
                                _ -> {});

        // Then
        List<String> expected = new ArrayList<>();
        int[] given = new int[versions.size()];
        for (Row row : rows) {
            int version = row.micros() < until.get(0) ? 0 : row.micros() < until.get(1) ? 1 : 2;
            given[version]++;
            Optional<Vector> vector =
                    found(vectors.get(version), row, AsOf.SERVED)
                            .filter(found ->
                                    version != 1
                                            || row.micros() - found.queryMicros()
                                                    <= TTL.toNanos() / 1_000);
            expected.add(
                    Stream.of(
                                    row.entity(),
                                    row.micros(),
                                    row.label(),
                                    vector.map(Vector::queryMicros).orElse(null),
                                    vector.map(Vector::speed).orElse(null),
                                    vector.map(Vector::n).orElse(null),
                                    version == 0
                                            ? null
                                            : vector.map(found -> "l" + found.n()).orElse(null))
                            .map(String::valueOf)
                            .collect(Collectors.joining(" ")));
        }
        assertThat(lines(out, "car_driving")).isEqualTo(expected);
        assertThat(IntStream.of(given).min().orElseThrow()).isGreaterThan(ROWS / 20);
        assertThat(report.views().getFirst().view()).isEqualTo("car-driving.v1+v2+v3");
    }

    /// The second one's vectors are worth something for an hour.
    private static HistoryRequest.Earlier earlier(
            List<Contract> versions, int version, List<Long> until) {
        return new HistoryRequest.Earlier(
                versions.get(version),
                version == 1 ? Optional.of(TTL) : Optional.empty(),
                VectorFixture.instant(until.get(version)));
    }

    /// Late events leave the query time where it was, some entities are silent for hours, and the
    /// broker's clock goes back a little now and then.
    private static List<Vector> vectors(Random random) {
        long[] query = new long[ENTITIES];
        long[] offsets = new long[VectorFixture.PARTITIONS];
        java.util.Arrays.fill(query, START_MILLIS * 1_000 + 1);
        long clock = START_MILLIS;
        List<Vector> vectors = new ArrayList<>();
        for (int n = 0; n < VECTORS; n++) {
            // The last two have none.
            int entity = random.nextInt(ENTITIES - 2);
            boolean late = random.nextInt(10) < 3;
            boolean gap = random.nextInt(20) == 0;
            query[entity] += late ? 0 : gap ? 3 * 3_600_000_000L : random.nextLong(1, 600_000_000L);
            clock += random.nextInt(25) == 0 ? -40 : random.nextInt(3) * 100_000L;
            int partition = entity % VectorFixture.PARTITIONS;
            offsets[partition] += random.nextInt(1, 4);
            vectors.add(
                    new Vector(
                            entity(entity),
                            partition,
                            offsets[partition],
                            query[entity],
                            clock,
                            random.nextInt(5) == 0 ? null : random.nextDouble(),
                            n));
        }
        return vectors;
    }

    private static String entity(int n) {
        return String.format("%03d", n);
    }

    /// Times at, just before and just behind what matters, and others.
    private static List<Row> rows(Random random, List<Vector> first, List<Vector> second) {
        List<Row> rows = new ArrayList<>();
        for (int label = 0; label < ROWS; label++) {
            Vector near = (random.nextBoolean() ? first : second).get(random.nextInt(VECTORS));
            long ttl = TTL.toNanos() / 1_000;
            long micros =
                    switch (random.nextInt(5)) {
                        case 0 -> near.queryMicros() + random.nextInt(-1, 2);
                        case 1 -> near.queryMicros() + ttl + random.nextInt(-1, 2);
                        case 2 -> near.appendedMillis() * 1_000 + random.nextInt(-1, 2);
                        case 3 -> near.queryMicros() + random.nextLong(2 * ttl);
                        default -> START_MILLIS * 1_000 + random.nextLong(-ttl, 20 * ttl);
                    };
            @Nullable String entity =
                    switch (random.nextInt(20)) {
                        case 0 -> null;
                        case 1, 2, 3 -> entity(random.nextInt(ENTITIES));
                        default -> near.entity();
                    };
            rows.add(new Row(entity, micros, label));
        }
        return rows;
    }

    private static Optional<Vector> found(List<Vector> vectors, Row row, AsOf asOf) {
        Stream<Vector> known =
                vectors.stream().filter(vector -> vector.entity().equals(row.entity()));
        return switch (asOf) {
            case EVENT ->
                    known.filter(v -> v.queryMicros() <= row.micros())
                            .max(
                                    Comparator.comparingLong(Vector::queryMicros)
                                            .thenComparingLong(Vector::offset));
            case SERVED ->
                    known.filter(v -> v.appendedMillis() * 1_000 <= row.micros())
                            .max(Comparator.comparingLong(Vector::offset));
        };
    }

    private static String expected(Row row, Optional<Vector> first, Optional<Vector> second) {
        return Stream.of(
                        row.entity(),
                        row.micros(),
                        row.label(),
                        first.map(Vector::queryMicros).orElse(null),
                        first.map(Vector::speed).orElse(null),
                        first.map(Vector::n).orElse(null),
                        first.map(vector -> "l" + vector.n()).orElse(null),
                        second.map(Vector::queryMicros).orElse(null),
                        second.map(Vector::n).orElse(null))
                .map(String::valueOf)
                .collect(Collectors.joining(" "));
    }

    private Path csv(List<Row> rows) throws IOException {
        List<String> lines = new ArrayList<>(List.of("entity,time,label"));
        for (Row row : rows) {
            lines.add(
                    (row.entity() == null ? "" : row.entity())
                            + ","
                            + VectorFixture.instant(row.micros())
                            + ","
                            + row.label());
        }
        return Files.write(folder.resolve("rows.csv"), lines);
    }

    /// The rows in the file's order, times as microseconds.
    private static List<String> lines(Path parquet, String... views) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "SELECT * REPLACE (epoch_us(time) AS time"
                                        + Stream.of(views)
                                                .map(
                                                        ", epoch_us(%1$s__query_time) AS %1$s__query_time"
                                                                ::formatted)
                                                .collect(Collectors.joining())
                                        + ") FROM '"
                                        + parquet
                                        + "'")) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                List<String> cells = new ArrayList<>();
                for (int column = 1; column <= columns; column++) {
                    cells.add(String.valueOf(rows.getObject(column)));
                }
                lines.add(String.join(" ", cells));
            }
        }
        return lines;
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void sqlSeesEachVectorOnceFromTheTailAndFromTheLakeAlike() {
        // Given
        List<Vector> vectors = vectors(new Random(3));
        fixture.write(driving, vectors);
        String query = "SELECT * FROM car_driving ORDER BY leat_partition, leat_offset";
        try (SqlEngine engine = fixture.engine()) {
            List<List<@Nullable Object>> fromTheTail = answer(engine, query);

            // When
            fixture.load(VECTORS, List.of(driving));
            List<List<@Nullable Object>> fromTheLake = answer(engine, query);
            fixture.maintain(driving);

            // Then
            assertThat(fromTheTail).hasSize(VECTORS);
            assertThat(fromTheLake).isEqualTo(fromTheTail);
            assertThat(answer(engine, query)).isEqualTo(fromTheTail);
            assertThat(answer(engine, "SHOW TABLES"))
                    .containsExactly(
                            List.of("car_battery_v2", "car-battery 2.0.0", "vectors"),
                            List.of("car_driving_v1", "car-driving 1.0.0", "vectors"));
            assertThat(answer(engine, "SELECT count(*), sum(n) FROM car_driving_v1"))
                    .isEqualTo(
                            List.of(
                                    List.of(
                                            (long) VECTORS,
                                            java.math.BigInteger.valueOf(
                                                    IntStream.range(0, VECTORS).sum()))));
        }
    }

    private static List<List<@Nullable Object>> answer(SqlEngine engine, String query) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        try (QueryResult result = engine.query(query)) {
            while (result.next()) {
                rows.add(result.row());
            }
        }
        return rows;
    }

    @Test
    void aQueryGivesTheRowsToo() throws Exception {
        // Given
        List<Vector> vectors = vectors(new Random(4));
        fixture.write(driving, vectors);
        Path out = folder.resolve("made/by/query.parquet");

        // When
        HistoryReport report =
                fixture.history()
                        .write(
                                new HistoryRequest(
                                        new Entities.Query(
                                                "SELECT entity, query_time AS time, n AS label"
                                                        + " FROM car_driving WHERE n < 100"),
                                        List.of(
                                                ViewFeatures.all(driving, Optional.empty()),
                                                ViewFeatures.all(battery, Optional.empty())),
                                        AsOf.EVENT,
                                        out),
                                _ -> {});

        // Then
        assertThat(report.rows()).isEqualTo(100);
        assertThat(report.views())
                .containsExactly(
                        new HistoryReport.ViewRows("car-driving.v1", 0),
                        new HistoryReport.ViewRows("car-battery.v2", 100));
        assertThat(out).exists();
    }

    @Test
    void whatIsThereAlreadyOrWouldBeCalledTheSameIsRefused() throws Exception {
        // Given
        Path rows =
                Files.writeString(
                        folder.resolve("rows.csv"),
                        "entity,time,car_driving__N\n001,2026-11-28T10:00:00Z,1\n");
        Path there = Files.createFile(folder.resolve("there.parquet"));

        // Then
        assertThatThrownBy(() -> write(rows, there))
                .isInstanceOf(HistoryRefused.class)
                .hasMessageContaining("is there already");
        assertThatThrownBy(() -> write(rows, folder.resolve("new.parquet")))
                .isInstanceOf(HistoryRefused.class)
                .hasMessageContaining("'car_driving__n'");
        assertThat(folder.resolve("new.parquet")).doesNotExist();
    }

    private HistoryReport write(Path rows, Path out) {
        return fixture.history()
                .write(
                        new HistoryRequest(
                                new Entities.InFile(rows),
                                List.of(ViewFeatures.all(driving, Optional.empty())),
                                AsOf.EVENT,
                                out),
                        _ -> {});
    }
}

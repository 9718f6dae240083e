package leat.stream.lake;

import static leat.stream.lake.TestContracts.contract;
import static leat.stream.lake.TestContracts.required;
import static leat.stream.lake.TestContracts.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import leat.core.config.DataSize;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.core.event.TopicId;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LakeMaintenanceTest {

    private static final TopicId TOPIC = new TopicId("aaaaaaaaaaaaaaaaaaaaaa");
    private static final Instant DAY = Instant.parse("2026-01-01T00:00:00Z");
    private static final LakeMaintenanceSettings SETTINGS =
            new LakeMaintenanceSettings(
                    Duration.ofSeconds(1),
                    DataSize.mebibytes(64),
                    4,
                    Duration.ofMinutes(1),
                    Duration.ofHours(2));
    private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));

    @TempDir private Path folder;
    private LakeCatalog catalog;
    private LakeTables tables;
    private Contract contract;

    @BeforeEach
    void open() {
        catalog =
                LakeCatalog.open(
                        LakeStoreSettings.at(
                                "jdbc:sqlite:" + folder.resolve("lake.db"),
                                "file://" + folder.resolve("lake")),
                        new Names("leat"));
        tables = new LakeTables(catalog);
        contract = contract("cars", List.of(required("car", text())));
        tables.apply(tables.plan(contract));
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    private Table table() {
        return tables.enriched(contract).orElseThrow();
    }

    /// Appends the rows `from` to `to` of a partition, on two days.
    private static void append(Table table, int partition, long from, long to) {
        TableFiles files =
                new TableFiles(
                        table,
                        table.schema(),
                        Contract.TimePartitioning.DAY,
                        partition,
                        LakeLoaderSettings.DEFAULT);
        for (long n = from; n < to; n++) {
            Instant time = DAY.plus(Duration.ofDays(n % 2));
            Object[] values = {
                "car-" + (99 - n), "id-" + n, "/s", time, time, partition, n, "1.0.0"
            };
            files.write(
                    new LakeRow(values, Micros.of(time), new TopicPartition("t", partition), n), 9);
        }
        List<Advance> advances = List.of(new Advance(TOPIC, partition, from, to));
        AppendFiles append = table.newAppend();
        for (DataFile file : files.finish()) {
            append.appendFile(file);
        }
        append.set(LakePositions.PROPERTY, Advance.format(advances))
                .validateWith(LakePositions.demandMeeting(table, advances))
                .commit();
    }

    private static int files(Table table) throws IOException {
        try (var tasks = table.newScan().planFiles()) {
            List<String> locations = new ArrayList<>();
            tasks.forEach(task -> locations.add(task.file().location()));
            return locations.size();
        }
    }

    @Test
    void smallFilesBecomeOneSortedFileAPartitionAndNoRowChanges() throws IOException {
        Table table = table();
        for (int i = 0; i < 10; i++) {
            append(table, 0, i * 10L, i * 10L + 10);
        }

        LakeMaintenance.Report report =
                LakeMaintenance.maintain(table, SETTINGS, Clock.systemUTC());

        assertThat(report.filesRewritten()).isEqualTo(20);
        assertThat(files(table())).isEqualTo(2);
        assertThat(TableRows.positions(table())).isEqualTo(TableRows.expected(1, 0, 100));
        List<String> cars = new ArrayList<>();
        TableRows.of(table()).stream()
                .filter(row -> ((Long) row.getField("leat_offset")) % 2 == 0)
                .forEach(row -> cars.add(row.getField("car").toString()));
        assertThat(cars).isSorted();
        assertThat(LakePositions.of(table()).of(TOPIC, 0)).hasValue(100);
    }

    @Test
    void expiryKeepsThePositionsOfPartitionsThatHaveLongBeenQuiet() {
        // Given a partition whose only append is long past, and a busy one
        Table table = table();
        append(table, 7, 0, 10);
        for (int i = 0; i < 5; i++) {
            append(table, 0, i * 10L, i * 10L + 10);
        }

        // When an hour later everything is expired, twice
        LakeMaintenance.maintain(table, SETTINGS, LATER);
        append(table, 0, 50, 55);
        append(table, 0, 55, 60);
        LakeMaintenance.Report report = LakeMaintenance.maintain(table, SETTINGS, LATER);

        // Then the old snapshots are gone and the positions are not
        assertThat(report.expired()).isTrue();
        Table after = table();
        List<Long> snapshots = new ArrayList<>();
        after.snapshots().forEach(snapshot -> snapshots.add(snapshot.snapshotId()));
        // The newest carrier, and the one before it, which the tag held until then.
        assertThat(snapshots).hasSizeLessThanOrEqualTo(2);
        assertThat(LakePositions.of(after).of(TOPIC, 7)).hasValue(10);
        assertThat(LakePositions.of(after).of(TOPIC, 0)).hasValue(60);
        assertThatThrownBy(() -> append(after, 7, 0, 10)).isInstanceOf(ValidationException.class);
        append(after, 7, 10, 20);
        assertThat(TableRows.positions(table())).hasSize(80).doesNotHaveDuplicates();
    }

    @Test
    void anAppendBetweenPlanningAndRewritingIsKept() throws IOException {
        Table table = table();
        for (int i = 0; i < 6; i++) {
            append(table, 0, i * 10L, i * 10L + 10);
        }
        // Given a compaction that works on metadata of before the next append
        Table stale = table();
        append(table, 0, 60, 70);

        new Compaction(stale, SETTINGS).run();

        assertThat(TableRows.positions(table())).isEqualTo(TableRows.expected(1, 0, 70));
        assertThat(LakePositions.of(table()).of(TOPIC, 0)).hasValue(70);
    }

    @Test
    void appendsCompactionAndExpiryAtTheSameTimeLoseNothing() throws Exception {
        // Given two loaders' worth of appends beside maintenance that never rests
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> appenders = new ArrayList<>();
        for (int partition = 0; partition < 2; partition++) {
            int own = partition;
            appenders.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    Table table = table();
                                    for (int i = 0; i < 25; i++) {
                                        append(table, own, i * 4L, i * 4L + 4);
                                    }
                                } catch (RuntimeException e) {
                                    failure.set(e);
                                }
                            }));
        }
        while (appenders.stream().anyMatch(Thread::isAlive)) {
            LakeMaintenance.maintain(table(), SETTINGS, LATER);
        }
        for (Thread appender : appenders) {
            appender.join();
        }

        assertThat(failure.get()).isNull();
        assertThat(TableRows.positions(table())).isEqualTo(TableRows.expected(2, 0, 100));
        assertThat(LakePositions.of(table()).of(TOPIC, 0)).hasValue(100);
        assertThat(LakePositions.of(table()).of(TOPIC, 1)).hasValue(100);
    }

    @Test
    void onlyOldFilesThatNothingKnowsAreRemoved() throws IOException {
        // Given a table, and beside its files an old and a young one of crashed attempts
        Table table = table();
        append(table, 0, 0, 10);
        Path data = LocalFiles.path(table.location()).resolve("data");
        Path old = Files.writeString(data.resolve("old.parquet"), "left behind");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(1))));
        Path young = Files.writeString(data.resolve("young.parquet"), "being written");
        try (var files = Files.walk(LocalFiles.path(table.location()))) {
            for (Path file :
                    files.filter(Files::isRegularFile).filter(f -> !f.equals(young)).toList()) {
                Files.setLastModifiedTime(
                        file, FileTime.from(Instant.now().minus(Duration.ofDays(1))));
            }
        }

        LakeMaintenance.Report report =
                LakeMaintenance.maintain(table, SETTINGS, Clock.systemUTC());

        assertThat(report.orphansRemoved()).isEqualTo(1);
        assertThat(old).doesNotExist();
        assertThat(young).exists();
        assertThat(TableRows.positions(table())).hasSize(10);
    }
}

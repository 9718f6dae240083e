package leat.stream.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import leat.core.contract.Contract;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.event.TopicId;
import leat.stream.log.LogConnection;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import leat.stream.testing.SharedKafka;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LakeLoaderIT {

    private static final int PARTITIONS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir private Path folder;
    private final LogConnection connection = SharedKafka.connection();
    private final Names names = SharedKafka.freshNames();
    private final Contract contract = CarLog.contract(PARTITIONS);
    private final List<AutoCloseable> open = new ArrayList<>();
    private LakeCatalog catalog;
    private LakeTables tables;

    @BeforeEach
    void begin() {
        SharedKafka.create(TopicSpec.of(names, contract));
        catalog = LakeCatalog.open(LakeProcess.store(folder), names);
        tables = new LakeTables(catalog);
    }

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable closeable : open.reversed()) {
            closeable.close();
        }
        catalog.close();
    }

    private LakeLoader loader() {
        return loader(LakeProcess.settings());
    }

    private LakeLoader loader(LakeLoaderSettings settings) {
        return loader(connection, settings);
    }

    /// Takes the place of a [LakeProcess] at once.
    private LakeLoader successor() {
        return loader(SharedKafka.mortal(SharedKafka.bootstrapServers()), LakeProcess.settings());
    }

    private LakeLoader loader(LogConnection log, LakeLoaderSettings settings) {
        LakeLoader loader =
                LakeLoader.start(
                        new LakeLoader.Place(log, names, catalog),
                        settings,
                        List.of(contract),
                        CarLog::parser);
        open.add(loader);
        return loader;
    }

    private Table table() {
        return tables.enriched(contract).orElseThrow();
    }

    private int rowCount(Table table) {
        return table.currentSnapshot() == null
                ? 0
                : Integer.parseInt(
                        table.currentSnapshot().summary().getOrDefault("total-records", "0"));
    }

    private void awaitRows(int count) {
        await(() -> tables.enriched(contract).isPresent() && rowCount(table()) >= count);
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waiting").isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    private void write(long from, long to) throws Exception {
        CarLog.write(connection, names, contract, PARTITIONS, from, to);
    }

    @Test
    void everyCommittedEventIsARowOnceAndAbortedOnesAreNot() throws Exception {
        LakeLoader loader = loader();

        write(0, 100);

        awaitRows(PARTITIONS * 100);
        assertThat(TableRows.positions(table())).isEqualTo(TableRows.expected(PARTITIONS, 0, 100));
        Record row = TableRows.of(table()).getFirst();
        assertThat(row.getField("leat_id").toString()).contains("-");
        assertThat(loader.health().values())
                .allMatch(health -> health instanceof LoaderHealth.Running);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12})
    void threeLoadersWithRandomRebalancesLoadEachEventOnce(long seed) throws Exception {
        // Given loaders that come and go while events are written
        Random random = new Random(seed);
        List<LakeLoader> running = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            running.add(loader());
        }
        for (int round = 0; round < 6; round++) {
            write(round * 50L, round * 50L + 50);
            LakeLoader leaving = running.remove(random.nextInt(running.size()));
            if (random.nextBoolean()) {
                running.add(loader());
            }
            leaving.close();
            if (running.isEmpty()) {
                running.add(loader());
            }
        }

        // Then
        awaitRows(PARTITIONS * 300);
        assertThat(TableRows.positions(table()))
                .as("seed %d", seed)
                .isEqualTo(TableRows.expected(PARTITIONS, 0, 300));
    }

    @Test
    void aLoaderOfAnotherLakeWaitsAndSaysWhyWhileTheFirstIsInTheGroup() throws Exception {
        // Given
        LakeLoader first = loader();
        write(0, 50);
        awaitRows(PARTITIONS * 50);

        // When
        Path elsewhere = Files.createDirectory(folder.resolve("another-lake"));
        LakeCatalog other = LakeCatalog.open(LakeProcess.store(elsewhere), names);
        open.add(other);
        LakeLoader second =
                LakeLoader.start(
                        new LakeLoader.Place(connection, names, other),
                        LakeProcess.settings(),
                        List.of(contract),
                        CarLog::parser);
        open.add(second);

        // Then
        String enriched = contract.nameAndMajor() + "-enriched";
        await(() ->
                second.health().get(enriched) instanceof LoaderHealth.Retrying waiting
                        && waiting.why().contains("a loader of another lake"));
        first.close();
        Table table = new LakeTables(other).enriched(contract).orElseThrow();
        await(() -> {
            table.refresh();
            return rowCount(table) == PARTITIONS * 50;
        });
        assertThat(TableRows.positions(table)).isEqualTo(TableRows.expected(PARTITIONS, 0, 50));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lake.after-files",
                "lake.after-files:2",
                "lake.after-dead-letters",
                "lake.after-dead-letters:2",
                "lake.after-commit",
                "lake.after-commit:3"
            })
    void aLoaderKilledBetweenTwoSideEffectsLosesAndDoublesNothing(String failPoint)
            throws Exception {
        // Given a loader in a process of its own that dies at the fail point
        killAt(failPoint, LakeProcess.Work.LOADING);

        // When another one takes over, and more is written
        write(4_000, 4_020);
        successor();

        // Then every event of the log is there once
        awaitEndOfLog();
        assertEveryEventOnce();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lake.after-compaction-file",
                "lake.after-compaction:2",
                "lake.after-carry",
                "lake.after-tag:2",
                "lake.after-expiry:2"
            })
    void maintenanceKilledBetweenTwoSideEffectsLeavesAWholeTable(String failPoint)
            throws Exception {
        // Given a loader whose maintenance takes the process with it
        killAt(failPoint, LakeProcess.Work.LOADING_AND_MAINTAINING);

        // When another one takes over, and more is written
        write(4_000, 4_020);
        LakeLoader next = successor();
        awaitEndOfLog();
        next.close();

        // Then every event of the log is there once, and every file that the table names
        assertEveryEventOnce();
        assertThat(StoredFiles.missing(table())).isEmpty();

        // And what the kill left behind is an orphan, which a later round removes, and only that
        LakeMaintenance.maintain(
                table(),
                LakeProcess.MAINTENANCE,
                Clock.offset(Clock.systemUTC(), Duration.ofDays(1)));
        assertThat(StoredFiles.orphans(table())).isEmpty();
        assertThat(StoredFiles.missing(table())).isEmpty();
        assertEveryEventOnce();
    }

    /// Writes events until a loader in a process of its own has died at the fail point.
    private void killAt(String failPoint, LakeProcess.Work work) throws Exception {
        write(0, 60);
        Process child =
                LakeProcess.start(
                        SharedKafka.bootstrapServers(), names, folder, PARTITIONS, work, failPoint);
        try {
            for (int n = 60; child.isAlive() && n < 4_000; n += 20) {
                write(n, n + 20);
            }
            assertThat(child.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(child.exitValue()).isEqualTo(137);
        } finally {
            child.destroyForcibly();
        }
    }

    private void awaitEndOfLog() {
        await(() ->
                LakePositions.of(table()).of(topicId(), 0).orElse(0) >= end(0)
                        && LakePositions.of(table()).of(topicId(), 3).orElse(0) >= end(3));
    }

    private void assertEveryEventOnce() {
        List<String> positions = TableRows.positions(table());
        assertThat(positions).doesNotHaveDuplicates();
        assertThat(positions).contains("0@00000000", "3@00000059", "2@00004019");
        assertThat(positions.size()).isEqualTo(eventsInLog());
    }

    private int eventsInLog() {
        int count = 0;
        try (var reader = connection.reader("count", Map.of())) {
            for (int p = 0; p < PARTITIONS; p++) {
                TopicPartition partition = new TopicPartition(names.enriched(contract), p);
                reader.assign(List.of(partition));
                reader.seek(partition, 0);
                long end = reader.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
                while (reader.position(partition) < end) {
                    count += reader.poll(Duration.ofMillis(100)).count();
                }
            }
        }
        return count;
    }

    private TopicId topicId() {
        try (Admin admin = connection.admin()) {
            String topic = names.enriched(contract);
            return java.util.Objects.requireNonNull(
                    new Topics(admin, 1).ids(List.of(topic)).get(topic));
        }
    }

    /// The offset behind the last record, without the marker that ends its transaction.
    private long end(int partition) {
        TopicPartition wanted = new TopicPartition(names.enriched(contract), partition);
        try (var reader = connection.reader("end", Map.of())) {
            return reader.endOffsets(List.of(wanted)).getOrDefault(wanted, 0L) - 1;
        }
    }

    @Test
    void twinsOnTheSamePartitionsAreFencedByTheTable() throws Exception {
        // Given two groups, each of which gives all partitions to its only loader
        LakeLoader first = loader();
        TableLoaderTwin twin = TableLoaderTwin.start(connection, names, catalog, contract);
        open.add(twin);

        // When both load the same events
        for (int round = 0; round < 10; round++) {
            write(round * 20L, round * 20L + 20);
        }

        // Then each is there once, and both go on
        awaitRows(PARTITIONS * 200);
        assertThat(TableRows.positions(table())).isEqualTo(TableRows.expected(PARTITIONS, 0, 200));
        assertThat(first.health().get("cars.v1-enriched"))
                .isNotInstanceOf(LoaderHealth.Stopped.class);
    }

    @Test
    void anEventTheTableCannotTakeBecomesADeadLetterOnceAndARowOfTheDeadTable() throws Exception {
        // Given a bad event between good ones, and a loader that dies after it was kept
        try (Producer<byte[], byte[]> producer = connection.producer("bad", Map.of())) {
            producer.send(CarLog.event(names, contract, 1, 0, false)).get();
            producer.send(CarLog.event(names, contract, 1, 1, true)).get();
            producer.send(CarLog.event(names, contract, 1, 2, false)).get();
        }
        Process child =
                LakeProcess.start(
                        SharedKafka.bootstrapServers(),
                        names,
                        folder,
                        PARTITIONS,
                        LakeProcess.Work.LOADING,
                        "lake.after-dead-letters");
        assertThat(child.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitValue()).isEqualTo(137);

        // When another one takes over
        successor();

        // Then the good are rows, and the bad one is dead once, with payload and reason
        awaitRows(2);
        await(() -> rowCount(tables.dead(contract).orElseThrow()) >= 1);
        assertThat(TableRows.positions(table())).containsExactly("1@00000000", "1@00000002");
        List<Record> dead = TableRows.of(tables.dead(contract).orElseThrow());
        assertThat(dead).hasSize(1);
        assertThat(dead.getFirst().getField("leat_stage")).isEqualTo("lake");
        assertThat(dead.getFirst().getField("leat_offset")).isEqualTo(1L);
        assertThat(dead.getFirst().getField("reason_codes")).isEqualTo(List.of("refused-by-lake"));
        assertThat(dead.getFirst().getField("payload").toString()).contains("\"bad\"");
    }

    @Test
    void aDeadLetterThatIsNotTextIsKeptAsBase64() throws Exception {
        loader();
        byte[] payload = {(byte) 0xff, 0, (byte) 0xfe};
        try (Producer<byte[], byte[]> producer = connection.producer("dead", Map.of())) {
            org.apache.kafka.clients.producer.ProducerRecord<byte[], byte[]> record =
                    new org.apache.kafka.clients.producer.ProducerRecord<>(
                            names.dead(contract, Names.DeadStage.COLLECTOR), 0, null, payload);
            record.headers().add(EventHeaders.REASONS, "nonsense".getBytes(StandardCharsets.UTF_8));
            producer.send(record).get();
        }

        await(() -> rowCount(tables.dead(contract).orElseThrow()) >= 1);
        Record dead = TableRows.of(tables.dead(contract).orElseThrow()).getFirst();
        assertThat(dead.getField("payload")).isNull();
        assertThat(dead.getField("payload_base64")).isEqualTo("/wD+");
        assertThat(dead.getField("leat_stage")).isEqualTo("collector");
        assertThat(dead.getField("reason_codes")).isEqualTo(List.of());
    }

    @Test
    void aRecreatedTopicStopsItsLoaderWithTheRemedy() throws Exception {
        LakeLoader loader = loader();
        write(0, 20);
        awaitRows(PARTITIONS * 20);
        try (Admin admin = connection.admin()) {
            admin.deleteTopics(List.of(names.enriched(contract))).all().get();
            await(() -> !exists(admin, names.enriched(contract)));
        }
        SharedKafka.create(TopicSpec.of(names, contract));

        write(0, 40);

        await(() -> loader.health().get("cars.v1-enriched") instanceof LoaderHealth.Stopped);
        assertThat(loader.health().toString()).contains("was made again");
        assertThat(loader.health().get("cars.v1-dead")).isInstanceOf(LoaderHealth.Running.class);
        assertThat(TableRows.positions(table())).isEqualTo(TableRows.expected(PARTITIONS, 0, 20));
    }

    private static boolean exists(Admin admin, String topic) {
        return !new Topics(admin, 1).ids(List.of(topic)).isEmpty();
    }

    @Test
    void eventsThatRetentionTookStopTheLoaderUnlessToldToSkip() throws Exception {
        // Given a table that is behind what retention has deleted
        LakeLoader before = loader();
        write(0, 20);
        awaitRows(PARTITIONS * 20);
        before.close();
        write(20, 40);
        TopicPartition partition = new TopicPartition(names.enriched(contract), 2);
        try (Admin admin = connection.admin()) {
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(end(2) - 5)))
                    .all()
                    .get();
        }

        // When
        LakeLoader stopping = loader();

        // Then
        await(() -> stopping.health().get("cars.v1-enriched") instanceof LoaderHealth.Stopped);
        assertThat(stopping.health().toString())
                .contains("retention has deleted")
                .contains("skip-deleted");
        stopping.close();

        // And told to skip it loads what is left
        LakeLoaderSettings d = LakeProcess.settings();
        loader(
                new LakeLoaderSettings(
                        d.commitInterval(),
                        d.commitSize(),
                        d.fileSize(),
                        d.writers(),
                        d.openFiles(),
                        true));
        awaitRows(PARTITIONS * 20 + 3 * 20 + 1);
        await(() -> LakePositions.of(table()).of(topicId(), 2).orElse(0) >= end(2));
        assertThat(TableRows.positions(table())).doesNotHaveDuplicates();
    }
}

package leat.stream.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
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

    private static final int PARTITIONS = TestedLake.PARTITIONS;

    @TempDir private Path folder;
    private TestedLake lake;

    @BeforeEach
    void begin() {
        lake = TestedLake.open(folder);
    }

    @AfterEach
    void end() throws Exception {
        lake.close();
    }

    @Test
    void everyCommittedEventIsARowOnceAndAbortedOnesAreNot() throws Exception {
        LakeLoader loader = lake.loader();

        lake.write(0, 100);

        lake.awaitRows(PARTITIONS * 100);
        assertThat(TableRows.positions(lake.table()))
                .isEqualTo(TableRows.expected(PARTITIONS, 0, 100));
        Record row = TableRows.of(lake.table()).getFirst();
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
            running.add(lake.loader());
        }
        for (int round = 0; round < 6; round++) {
            lake.write(round * 50L, round * 50L + 50);
            LakeLoader leaving = running.remove(random.nextInt(running.size()));
            if (random.nextBoolean()) {
                running.add(lake.loader());
            }
            leaving.close();
            if (running.isEmpty()) {
                running.add(lake.loader());
            }
        }

        // Then
        lake.awaitRows(PARTITIONS * 300);
        assertThat(TableRows.positions(lake.table()))
                .as("seed %d", seed)
                .isEqualTo(TableRows.expected(PARTITIONS, 0, 300));
    }

    @Test
    void aLoaderOfAnotherLakeWaitsAndSaysWhyWhileTheFirstIsInTheGroup() throws Exception {
        // Given
        LakeLoader first = lake.loader();
        lake.write(0, 50);
        lake.awaitRows(PARTITIONS * 50);

        // When
        Path elsewhere = Files.createDirectory(folder.resolve("another-lake"));
        LakeCatalog other = LakeCatalog.open(LakeProcess.store(elsewhere), lake.names());
        lake.closing(other);
        LakeLoader second =
                LakeLoader.start(
                        new LakeLoader.Place(lake.connection(), lake.names(), other),
                        LakeProcess.settings(),
                        List.of(lake.contract()),
                        CarLog::parser);
        lake.closing(second);

        // Then
        String enriched = lake.contract().nameAndMajor() + "-enriched";
        TestedLake.await(() ->
                second.health().get(enriched) instanceof LoaderHealth.Retrying waiting
                        && waiting.why().contains("a loader of another lake"));
        first.close();
        Table table = new LakeTables(other).enriched(lake.contract()).orElseThrow();
        TestedLake.await(() -> {
            table.refresh();
            return lake.rowCount(table) == PARTITIONS * 50;
        });
        assertThat(TableRows.positions(table)).isEqualTo(TableRows.expected(PARTITIONS, 0, 50));
    }

    @Test
    void twinsOnTheSamePartitionsAreFencedByTheTable() throws Exception {
        // Given two groups, each of which gives all partitions to its only loader
        LakeLoader first = lake.loader();
        TableLoaderTwin twin =
                TableLoaderTwin.start(
                        lake.connection(), lake.names(), lake.catalog(), lake.contract());
        lake.closing(twin);

        // When both load the same events
        for (int round = 0; round < 10; round++) {
            lake.write(round * 20L, round * 20L + 20);
        }

        // Then each is there once, and both go on
        lake.awaitRows(PARTITIONS * 200);
        assertThat(TableRows.positions(lake.table()))
                .isEqualTo(TableRows.expected(PARTITIONS, 0, 200));
        assertThat(first.health().get("cars.v1-enriched"))
                .isNotInstanceOf(LoaderHealth.Stopped.class);
    }

    @Test
    void anEventTheTableCannotTakeBecomesADeadLetterOnceAndARowOfTheDeadTable() throws Exception {
        // Given a bad event between good ones, and a loader that dies after it was kept
        try (Producer<byte[], byte[]> producer = lake.connection().producer("bad", Map.of())) {
            producer.send(CarLog.event(lake.names(), lake.contract(), 1, 0, false)).get();
            producer.send(CarLog.event(lake.names(), lake.contract(), 1, 1, true)).get();
            producer.send(CarLog.event(lake.names(), lake.contract(), 1, 2, false)).get();
        }
        Process child =
                LakeProcess.start(
                        SharedKafka.bootstrapServers(),
                        lake.names(),
                        folder,
                        PARTITIONS,
                        LakeProcess.Work.LOADING,
                        "lake.after-dead-letters");
        assertThat(child.waitFor(TestedLake.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitValue()).isEqualTo(137);

        // When another one takes over
        lake.successor();

        // Then the good are rows, and the bad one is dead once, with payload and reason
        lake.awaitRows(2);
        TestedLake.await(
                () -> lake.rowCount(lake.tables().dead(lake.contract()).orElseThrow()) >= 1);
        assertThat(TableRows.positions(lake.table())).containsExactly("1@00000000", "1@00000002");
        List<Record> dead = TableRows.of(lake.tables().dead(lake.contract()).orElseThrow());
        assertThat(dead).hasSize(1);
        assertThat(dead.getFirst().getField("leat_stage")).isEqualTo("lake");
        assertThat(dead.getFirst().getField("leat_offset")).isEqualTo(1L);
        assertThat(dead.getFirst().getField("reason_codes")).isEqualTo(List.of("refused-by-lake"));
        assertThat(dead.getFirst().getField("payload").toString()).contains("\"bad\"");
    }

    @Test
    void aDeadLetterThatIsNotTextIsKeptAsBase64() throws Exception {
        lake.loader();
        byte[] payload = {(byte) 0xff, 0, (byte) 0xfe};
        try (Producer<byte[], byte[]> producer = lake.connection().producer("dead", Map.of())) {
            org.apache.kafka.clients.producer.ProducerRecord<byte[], byte[]> record =
                    new org.apache.kafka.clients.producer.ProducerRecord<>(
                            lake.names().dead(lake.contract(), Names.DeadStage.COLLECTOR),
                            0,
                            null,
                            payload);
            record.headers().add(EventHeaders.REASONS, "nonsense".getBytes(StandardCharsets.UTF_8));
            producer.send(record).get();
        }

        TestedLake.await(
                () -> lake.rowCount(lake.tables().dead(lake.contract()).orElseThrow()) >= 1);
        Record dead = TableRows.of(lake.tables().dead(lake.contract()).orElseThrow()).getFirst();
        assertThat(dead.getField("payload")).isNull();
        assertThat(dead.getField("payload_base64")).isEqualTo("/wD+");
        assertThat(dead.getField("leat_stage")).isEqualTo("collector");
        assertThat(dead.getField("reason_codes")).isEqualTo(List.of());
    }

    @Test
    void aRecreatedTopicStopsItsLoaderWithTheRemedy() throws Exception {
        LakeLoader loader = lake.loader();
        lake.write(0, 20);
        lake.awaitRows(PARTITIONS * 20);
        try (Admin admin = lake.connection().admin()) {
            admin.deleteTopics(List.of(lake.names().enriched(lake.contract()))).all().get();
            TestedLake.await(() -> !exists(admin, lake.names().enriched(lake.contract())));
        }
        SharedKafka.create(TopicSpec.of(lake.names(), lake.contract()));

        lake.write(0, 40);

        TestedLake.await(
                () -> loader.health().get("cars.v1-enriched") instanceof LoaderHealth.Stopped);
        assertThat(loader.health().toString()).contains("was made again");
        assertThat(loader.health().get("cars.v1-dead")).isInstanceOf(LoaderHealth.Running.class);
        assertThat(TableRows.positions(lake.table()))
                .isEqualTo(TableRows.expected(PARTITIONS, 0, 20));
    }

    private static boolean exists(Admin admin, String topic) {
        return !new Topics(admin, 1).ids(List.of(topic)).isEmpty();
    }

    @Test
    void eventsThatRetentionTookStopTheLoaderUnlessToldToSkip() throws Exception {
        // Given a table that is behind what retention has deleted
        LakeLoader before = lake.loader();
        lake.write(0, 20);
        lake.awaitRows(PARTITIONS * 20);
        before.close();
        lake.write(20, 40);
        TopicPartition partition = new TopicPartition(lake.names().enriched(lake.contract()), 2);
        try (Admin admin = lake.connection().admin()) {
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(lake.end(2) - 5)))
                    .all()
                    .get();
        }

        // When
        LakeLoader stopping = lake.loader();

        // Then
        TestedLake.await(
                () -> stopping.health().get("cars.v1-enriched") instanceof LoaderHealth.Stopped);
        assertThat(stopping.health().toString())
                .contains("retention has deleted")
                .contains("skip-deleted");
        stopping.close();

        // And told to skip it loads what is left
        LakeLoaderSettings d = LakeProcess.settings();
        lake.loader(
                new LakeLoaderSettings(
                        d.commitInterval(),
                        d.commitSize(),
                        d.fileSize(),
                        d.writers(),
                        d.openFiles(),
                        true));
        lake.awaitRows(PARTITIONS * 20 + 3 * 20 + 1);
        TestedLake.await(() ->
                LakePositions.of(lake.table()).of(lake.topicId(), 2).orElse(0) >= lake.end(2));
        assertThat(TableRows.positions(lake.table())).doesNotHaveDuplicates();
    }
}

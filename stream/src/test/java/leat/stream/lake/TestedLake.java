package leat.stream.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.core.event.TopicId;
import leat.stream.log.LogConnection;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import leat.stream.testing.SharedKafka;
import org.apache.iceberg.Table;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/// A lake of its own and the topics that it is loaded from.
///
/// @param open what is closed with it
record TestedLake(
        Path folder,
        LogConnection connection,
        Names names,
        Contract contract,
        LakeCatalog catalog,
        LakeTables tables,
        List<AutoCloseable> open) {

    static final int PARTITIONS = 4;
    static final Duration PATIENCE = Duration.ofSeconds(60);

    static TestedLake open(Path folder) {
        Names names = SharedKafka.freshNames();
        Contract contract = CarLog.contract(PARTITIONS);
        SharedKafka.create(TopicSpec.of(names, contract));
        LakeCatalog catalog = LakeCatalog.open(LakeProcess.store(folder), names);
        return new TestedLake(
                folder,
                SharedKafka.connection(),
                names,
                contract,
                catalog,
                new LakeTables(catalog),
                new ArrayList<>());
    }

    void close() throws Exception {
        for (AutoCloseable closeable : open.reversed()) {
            closeable.close();
        }
        catalog.close();
    }

    /// Closes more with this.
    void closing(AutoCloseable more) {
        open.add(more);
    }

    LakeLoader loader() {
        return loader(LakeProcess.settings());
    }

    LakeLoader loader(LakeLoaderSettings settings) {
        return loader(connection, settings);
    }

    /// Takes the place of a [LakeProcess] at once.
    LakeLoader successor() {
        return loader(SharedKafka.mortal(SharedKafka.bootstrapServers()), LakeProcess.settings());
    }

    LakeLoader loader(LogConnection log, LakeLoaderSettings settings) {
        LakeLoader loader =
                LakeLoader.start(
                        new LakeLoader.Place(log, names, catalog),
                        settings,
                        List.of(contract),
                        CarLog::parser);
        open.add(loader);
        return loader;
    }

    Table table() {
        return tables.enriched(contract).orElseThrow();
    }

    int rowCount(Table table) {
        return table.currentSnapshot() == null
                ? 0
                : Integer.parseInt(
                        table.currentSnapshot().summary().getOrDefault("total-records", "0"));
    }

    void awaitRows(int count) {
        await(() -> tables.enriched(contract).isPresent() && rowCount(table()) >= count);
    }

    static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waiting").isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    void write(long from, long to) throws Exception {
        CarLog.write(connection, names, contract, PARTITIONS, from, to);
    }

    /// Writes events until a loader in a process of its own has died at the fail point.
    void killAt(String failPoint, LakeProcess.Work work) throws Exception {
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

    void awaitEndOfLog() {
        await(() ->
                LakePositions.of(table()).of(topicId(), 0).orElse(0) >= end(0)
                        && LakePositions.of(table()).of(topicId(), 3).orElse(0) >= end(3));
    }

    void assertEveryEventOnce() {
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

    TopicId topicId() {
        try (Admin admin = connection.admin()) {
            String topic = names.enriched(contract);
            return Objects.requireNonNull(new Topics(admin, 1).ids(List.of(topic)).get(topic));
        }
    }

    /// The offset behind the last record, without the marker that ends its transaction.
    long end(int partition) {
        TopicPartition wanted = new TopicPartition(names.enriched(contract), partition);
        try (var reader = connection.reader("end", Map.of())) {
            return reader.endOffsets(List.of(wanted)).getOrDefault(wanted, 0L) - 1;
        }
    }
}

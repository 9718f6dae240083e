package leat.stream.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import leat.core.contract.Contract;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.event.Names.DeadStage;
import leat.stream.inspect.DeadLetterFilter;
import leat.stream.inspect.TopicScan;
import leat.stream.log.LogConnection;
import leat.stream.log.TopicSpec;
import leat.stream.retry.DeadLetterRetry;
import leat.stream.retry.RetryReport;
import leat.stream.testing.SharedKafka;
import org.apache.iceberg.data.Record;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class LakeReturnIT {

    private static final int PARTITIONS = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir private Path folder;
    private final LogConnection connection = SharedKafka.connection();
    private final Names names = SharedKafka.freshNames();
    private final Contract contract = CarLog.contract(PARTITIONS);
    private LakeCatalog catalog;
    private LakeTables tables;

    @BeforeEach
    void begin() {
        SharedKafka.create(TopicSpec.of(names, contract));
        catalog = LakeCatalog.open(LakeProcess.store(folder), names);
        tables = new LakeTables(catalog);
    }

    @AfterEach
    void end() {
        catalog.close();
    }

    @Test
    @Timeout(value = 6, unit = TimeUnit.MINUTES)
    void whatTheLakeRefusedComesBackToItAloneOnceItsCauseIsMended() throws Exception {
        // Given bad events between good ones, refused
        try (Producer<byte[], byte[]> producer = connection.producer("cars", Map.of())) {
            for (int n = 0; n < 20; n++) {
                producer.send(CarLog.event(names, contract, n % 2, n, n % 5 == 0)).get();
            }
        }
        try (LakeLoader _ = loader(CarLog::parser)) {
            awaitRows(16);
            await(() -> letters().size() == 4);
        }

        // When they come back before anything is mended, and the loader dies once it has refused
        RetryReport first = retry();
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
        int afterTheKill = letters().size();
        try (LakeLoader _ = loader(CarLog::parser)) {
            await(() -> positionOfReturns() == 4 && letters().size() == 8);
        }

        // Then each has one letter more, of its own
        assertThat(first.returned()).isEqualTo(Map.of("lake", 4L));
        assertThat(afterTheKill).isGreaterThan(4);
        assertThat(letters()).hasSize(8);
        assertThat(
                        letters().stream()
                                .map(letter -> header(letter, EventHeaders.DEAD_ID))
                                .distinct())
                .hasSize(8);

        // When the cause is mended, and what died again comes back
        RetryReport second = retry();
        try (LakeLoader _ = loader(LakeReturnIT::mended)) {
            awaitRows(20);
            await(() -> positionOfReturns() > 4);
        }
        RetryReport third = retry();

        // Then each event is one row, as it was appended first, and nothing is left to come back
        assertThat(second.returned()).isEqualTo(Map.of("lake", 4L));
        assertThat(second.before()).isEqualTo(4);
        assertThat(third.returning()).isZero();
        assertThat(third.before()).isEqualTo(8);
        List<Record> rows = TableRows.of(tables.enriched(contract).orElseThrow());
        assertThat(rows).hasSize(20);
        assertThat(rows.stream().map(row -> row.getField("leat_id")).distinct()).hasSize(20);
        assertThat(rows)
                .allMatch(row -> row.getField("leat_appended").equals(row.getField("leat_time")));
        assertThat(read(names.enriched(contract))).hasSize(20);
        assertThat(read(names.raw(contract))).isEmpty();
    }

    private LakeLoader loader(EventParser.Factory parser) {
        return LakeLoader.start(
                new LakeLoader.Place(connection, names, catalog),
                LakeProcess.settings(),
                List.of(contract),
                parser);
    }

    /// Takes what [CarLog#parser] refuses for an event without `n`.
    private static EventParser mended(Contract contract) {
        EventParser strict = CarLog.parser(contract);
        return json ->
                strict.parse(
                        new String(json, StandardCharsets.UTF_8)
                                .replace("\"n\":\"bad\",", "")
                                .getBytes(StandardCharsets.UTF_8));
    }

    private RetryReport retry() {
        return new DeadLetterRetry(connection, names, InstantSource.system())
                .run(
                        new DeadLetterRetry.Request(
                                contract,
                                DeadLetterFilter.ALL.at(DeadStage.LAKE),
                                List.of(),
                                Long.MAX_VALUE),
                        _ -> {});
    }

    /// How many of what came back the table has taken, markers of transactions left out.
    private long positionOfReturns() {
        Positions positions = LakePositions.of(tables.enriched(contract).orElseThrow());
        return read(names.retry(contract, DeadStage.LAKE)).stream()
                .filter(back -> back.offset() < position(positions, back.partition()))
                .count();
    }

    private long position(Positions positions, int partition) {
        return LakeTables.pinnedTopic(
                        tables.enriched(contract).orElseThrow(),
                        names.retry(contract, DeadStage.LAKE))
                .map(id -> positions.of(id, partition).orElse(0))
                .orElse(0L);
    }

    private List<ConsumerRecord<byte[], byte[]>> letters() {
        return read(names.dead(contract, DeadStage.LAKE));
    }

    private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (TopicScan scan = new TopicScan(connection, List.of(topic))) {
            scan.read(scan.begins(), scan.ends(), records::add);
        }
        return records;
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private void awaitRows(int count) {
        await(() ->
                tables.enriched(contract)
                        .map(table -> TableRows.of(table).size() >= count)
                        .orElse(false));
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waiting").isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }
}

package leat.stream.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.stream.log.LogConnection;
import leat.stream.log.TopicSpec;
import leat.stream.testing.SharedKafka;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Two tables, one of them on a storage with trouble.
final class TroubledStorageIT {

    private static final int PARTITIONS = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int MAX_FAILURES = 40;
    private static final String TROUBLED = "/cars_v1/";

    @TempDir private Path folder;
    private final LogConnection connection = SharedKafka.connection();
    private final Names names = SharedKafka.freshNames();
    private final Contract cars = CarLog.contract(PARTITIONS);
    private final Contract vans =
            TestContracts.contract(
                    "vans", CarLog.fields(), Contract.TimePartitioning.DAY, PARTITIONS);
    private LakeCatalog catalog;
    private LakeTables tables;
    private LakeLoader loader;

    @BeforeEach
    void begin() {
        SharedKafka.create(TopicSpec.of(names, cars));
        SharedKafka.create(TopicSpec.of(names, vans));
        LakeStoreSettings local = LakeProcess.store(folder);
        catalog =
                LakeCatalog.open(
                        new LakeStoreSettings(
                                local.catalog(),
                                local.warehouse(),
                                Map.of(
                                        CatalogProperties.FILE_IO_IMPL,
                                        TroubledFiles.class.getName())),
                        names);
        tables = new LakeTables(catalog);
        loader =
                LakeLoader.start(
                        new LakeLoader.Place(connection, names, catalog),
                        LakeProcess.settings(),
                        List.of(cars, vans),
                        CarLog::parser);
    }

    @AfterEach
    void end() {
        TroubledFiles.recover();
        loader.close();
        catalog.close();
    }

    @Test
    void aTableWhoseStorageIsAwayWaitsWhileTheOthersGoOn() throws Exception {
        // Given
        TroubledFiles.become((_, location) -> {
            if (location.contains(TROUBLED)) {
                throw new IOException("the storage is away");
            }
        });

        // When
        write(0, 100);

        // Then the other table is loaded, and this one says that it waits
        await(() -> rowCount(vans) == PARTITIONS * 100);
        await(() -> loader.health().get("cars.v1-enriched") instanceof LoaderHealth.Retrying);
        assertThat(loader.health().get("vans.v1-enriched"))
                .isInstanceOf(LoaderHealth.Running.class);
        assertThat(rowCount(cars)).isZero();

        // And once the storage is back nothing is missing, nothing is there twice or refused
        TroubledFiles.recover();
        awaitExact(cars, 100);
        awaitExact(vans, 100);
        assertThat(rowCount(tables.dead(cars))).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void aStorageThatIsSlowAndFailsNowAndThenLosesAndDoublesNothing(long seed) throws Exception {
        // Given a storage that fails and is slow once in twenty files opened or closed, now and
        // then in between, and recovers in the end
        Random random = new Random(seed);
        AtomicInteger failures = new AtomicInteger();
        TroubledFiles.become((step, location) -> {
            if (!location.contains(TROUBLED)) {
                return;
            }
            int chance = step == TroubledFiles.Step.WRITE ? 10_000 : 20;
            int drawn = random.nextInt(chance);
            if (drawn == 0 && failures.incrementAndGet() <= MAX_FAILURES) {
                throw new IOException("the storage failed at " + step + " of " + location);
            }
            if (drawn == 1) {
                LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
            }
        });

        // When events come until it has failed at least three times
        int events = 0;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (events < 200 || failures.get() < 3) {
            assertThat(System.nanoTime()).as("failing, seed %d", seed).isLessThan(deadline);
            write(events, events + 20);
            events += 20;
        }

        // Then
        awaitExact(vans, events);
        awaitExact(cars, events);
        assertThat(rowCount(tables.dead(cars))).isZero();
        assertThat(StoredFiles.missing(tables.enriched(cars).orElseThrow())).isEmpty();
    }

    private void write(long from, long to) throws Exception {
        CarLog.write(connection, names, cars, PARTITIONS, from, to);
        CarLog.write(connection, names, vans, PARTITIONS, from, to);
    }

    private void awaitExact(Contract contract, int events) {
        await(() -> rowCount(contract) >= PARTITIONS * events);
        assertThat(TableRows.positions(tables.enriched(contract).orElseThrow()))
                .isEqualTo(TableRows.expected(PARTITIONS, 0, events));
    }

    private int rowCount(Contract contract) {
        return rowCount(tables.enriched(contract));
    }

    private static int rowCount(Optional<Table> table) {
        return table.map(Table::currentSnapshot)
                .map(newest -> newest.summary().getOrDefault("total-records", "0"))
                .map(Integer::parseInt)
                .orElse(0);
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waiting").isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }
}

package leat.stream.lake;

import static leat.stream.lake.TestContracts.contract;
import static leat.stream.lake.TestContracts.optional;
import static leat.stream.lake.TestContracts.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.core.event.TopicId;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.ValidationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LakePositionsTest {

    private static final TopicId TOPIC = new TopicId("aaaaaaaaaaaaaaaaaaaaaa");

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
        contract = contract("cars", List.of(optional("car", text())));
        tables.apply(tables.plan(contract));
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    private Table table() {
        return tables.enriched(contract).orElseThrow();
    }

    private static void append(Table table, Advance... advances) {
        table.newAppend()
                .set(LakePositions.PROPERTY, Advance.format(List.of(advances)))
                .validateWith(LakePositions.demandMeeting(table, List.of(advances)))
                .commit();
    }

    @Test
    void anEmptyTableHasNoPositions() {
        assertThat(LakePositions.of(table())).isEqualTo(Positions.NONE);
    }

    @Test
    void ofTwoLoadersOfOnePartitionTheSecondIsRefused() {
        // Given two loaders which have both read an empty table
        Table first = table();
        Table second = table();
        append(first, new Advance(TOPIC, 0, 0, 10));

        // When the second commits the same range, on metadata that it read before
        assertThatThrownBy(() -> append(second, new Advance(TOPIC, 0, 0, 10)))
                .isInstanceOf(ValidationException.class);

        // Then the table has the range once, and another partition is free
        append(second, new Advance(TOPIC, 1, 0, 7));
        assertThat(LakePositions.of(table()))
                .isEqualTo(
                        Positions.fold(
                                List.of(
                                        List.of(
                                                new Advance(TOPIC, 0, 0, 10),
                                                new Advance(TOPIC, 1, 0, 7)))));
    }

    @Test
    void thePositionsOfAnOlderSnapshotAreThoseOfItsTime() {
        Table table = table();
        append(table, new Advance(TOPIC, 0, 0, 10));
        long old = table.currentSnapshot().snapshotId();
        append(table, new Advance(TOPIC, 0, 10, 20));

        assertThat(LakePositions.of(table, old).of(TOPIC, 0)).hasValue(10);
        assertThat(LakePositions.of(table).of(TOPIC, 0)).hasValue(20);
    }

    @Test
    void theTaggedSnapshotStandsInForExpiredOnes() {
        // Given positions on a tagged snapshot, and a foreign commit without any
        Table table = table();
        append(table, new Advance(TOPIC, 0, 0, 10));
        table.manageSnapshots()
                .createTag(LakePositions.TAG, table.currentSnapshot().snapshotId())
                .commit();
        table.newAppend().commit();
        table.newAppend().commit();

        // When a foreign expiry keeps the newest only
        table.expireSnapshots()
                .expireOlderThan(System.currentTimeMillis() + 1000)
                .retainLast(1)
                .commit();
        table.refresh();

        // Then the tag still knows, and the next append is held to it
        assertThat(LakePositions.of(table).of(TOPIC, 0)).hasValue(10);
        assertThatThrownBy(() -> append(table, new Advance(TOPIC, 0, 0, 10)))
                .isInstanceOf(ValidationException.class);
        append(table, new Advance(TOPIC, 0, 10, 12));
    }

    @Test
    void aRolledBackTableLeadsBackToItsOldPositions() {
        Table table = table();
        append(table, new Advance(TOPIC, 0, 0, 10));
        long good = table.currentSnapshot().snapshotId();
        append(table, new Advance(TOPIC, 0, 10, 20));
        table.manageSnapshots()
                .createTag(LakePositions.TAG, table.currentSnapshot().snapshotId())
                .commit();

        table.manageSnapshots().rollbackTo(good).commit();

        assertThat(LakePositions.of(table).of(TOPIC, 0)).hasValue(10);
        assertThatThrownBy(() -> append(table, new Advance(TOPIC, 0, 20, 30)))
                .isInstanceOf(ValidationException.class);
    }
}

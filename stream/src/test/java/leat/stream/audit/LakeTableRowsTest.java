package leat.stream.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import leat.core.contract.Contract;
import leat.core.contract.ContractName;
import leat.core.contract.ContractVersion;
import leat.core.contract.UnknownFields;
import leat.core.event.Hash128;
import leat.core.event.Names;
import leat.core.event.TopicId;
import leat.stream.audit.LakePositionsSource.LakeSnapshot;
import leat.stream.lake.LakeCatalog;
import leat.stream.lake.LakePositions;
import leat.stream.lake.LakeStoreSettings;
import leat.stream.lake.LakeTables;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LakeTableRowsTest {

    private static final TopicId TOPIC = new TopicId("aaaaaaaaaaaaaaaaaaaaaa");
    private static final Contract CONTRACT =
            new Contract(
                    new ContractName("readings"),
                    new ContractVersion(1, 0, 0),
                    "",
                    List.of(),
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Contract.TimeBounds.DEFAULT,
                    UnknownFields.REJECT,
                    Duration.ofHours(1),
                    new Contract.LogSettings(2, Optional.empty()),
                    new Contract.LakeSettings(Contract.TimePartitioning.NONE, List.of()),
                    List.of(),
                    Path.of("readings.odcs.yaml"));

    @TempDir private Path folder;

    @Test
    void rowsAndPositionsComeFromOneSnapshotOfTheTable() throws IOException {
        try (LakeCatalog catalog =
                LakeCatalog.open(
                        LakeStoreSettings.at(
                                "jdbc:sqlite:" + folder.resolve("lake.db"),
                                "file://" + folder.resolve("lake")),
                        new Names("leat"))) {
            // Given a table with rows of two partitions, one of them twice
            LakeTables tables = new LakeTables(catalog);
            tables.apply(tables.plan(CONTRACT));
            Table table = catalog.catalog().loadTable(catalog.enriched(CONTRACT));
            table.updateProperties()
                    .set(LakeTables.TOPIC_ID + "leat.raw.readings.v1", TOPIC.value())
                    .commit();
            append(table, TOPIC + "/0:0-9", row(table, 0, 3, "a"), row(table, 1, 3, "b"));
            append(table, TOPIC + "/1:0-4", row(table, 0, 3, "a"), row(table, 0, 8, "c"));
            LakeTableRows rows = new LakeTableRows(catalog);
            LakeSnapshot snapshot = rows.newest(CONTRACT.tableName()).orElseThrow();

            // When a later append comes before the rows are read
            append(table, TOPIC + "/0:9-20", row(table, 0, 4, "d"));
            List<String> found = new ArrayList<>();
            snapshot.rows(
                    Map.of(0, new OffsetRange(3, 8), 1, new OffsetRange(0, 100)),
                    (partition, offset, identity) ->
                            found.add(partition + "@" + offset + " " + identity));

            // Then it is not seen, and what is outside of the ranges is not either
            assertThat(found)
                    .containsExactlyInAnyOrder(
                            "0@3 " + Hash128.of("cars", "a"),
                            "0@3 " + Hash128.of("cars", "a"),
                            "1@3 " + Hash128.of("cars", "b"));
            assertThat(snapshot.position(TOPIC, 0)).isEqualTo(9);
            assertThat(snapshot.position(TOPIC, 1)).isEqualTo(4);
            assertThat(snapshot.position(TOPIC, 2)).isZero();
            assertThat(snapshot.pinned("leat.raw.readings.v1")).contains(TOPIC);
            assertThat(snapshot.pinned("leat.enriched.readings.v1")).isEmpty();
            assertThat(rows.newest("nothing_v1")).isEmpty();
        }
    }

    @Test
    void deadRowsAreThoseOfTheRangeByTheTimestampsOfTheirLetters() throws IOException {
        try (LakeCatalog catalog =
                LakeCatalog.open(
                        LakeStoreSettings.at(
                                "jdbc:sqlite:" + folder.resolve("lake.db"),
                                "file://" + folder.resolve("lake")),
                        new Names("leat"))) {
            // Given
            LakeTables tables = new LakeTables(catalog);
            tables.apply(tables.plan(CONTRACT));
            Table table = catalog.catalog().loadTable(catalog.dead(CONTRACT));
            Hash128 first = Hash128.of("enricher", "1");
            Hash128 second = Hash128.of("enricher", "2");
            append(
                    table,
                    TOPIC + "/0:0-9",
                    dead(table, 999, "before"),
                    dead(table, 1_000, first.toString()),
                    dead(table, 1_001, second.toString()),
                    dead(table, 1_001, second.toString()),
                    dead(table, 1_002, "after"));
            List<Hash128> found = new ArrayList<>();

            // When
            new LakeTableRows(catalog)
                    .newest(CONTRACT.tableName() + "_dead")
                    .orElseThrow()
                    .deadRows(new TimeRange(1_000, 1_002), found::add);

            // Then
            assertThat(found).containsExactlyInAnyOrder(first, second, second);
        }
    }

    private static Record dead(Table table, long millis, String id) {
        Record row = GenericRecord.create(table.schema());
        row.setField("leat_dead_id", id);
        row.setField("leat_stage", "enricher");
        row.setField("leat_appended", Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC));
        row.setField("leat_topic_id", TOPIC.value());
        row.setField("leat_partition", 0);
        row.setField("leat_offset", 1L);
        row.setField("reason_codes", List.of());
        row.setField("reasons", "[]");
        return row;
    }

    private static Record row(Table table, int partition, long offset, String id) {
        OffsetDateTime time = OffsetDateTime.of(2026, 11, 20, 10, 0, 0, 0, ZoneOffset.UTC);
        Record row = GenericRecord.create(table.schema());
        row.setField("leat_id", id);
        row.setField("leat_source", "cars");
        row.setField("leat_time", time);
        row.setField("leat_appended", time);
        row.setField("leat_partition", partition);
        row.setField("leat_offset", offset);
        row.setField("leat_version", "1.0.0");
        return row;
    }

    private static void append(Table table, String positions, Record... rows) throws IOException {
        // All rows of a test are of one day.
        PartitionKey day = new PartitionKey(table.spec(), table.schema());
        day.partition(new InternalRecordWrapper(table.schema().asStruct()).wrap(rows[0]));
        DataWriter<Record> writer =
                Parquet.writeData(
                                table.io()
                                        .newOutputFile(table.location() + "/" + UUID.randomUUID()))
                        .schema(table.schema())
                        .withSpec(table.spec())
                        .withPartition(day)
                        .createWriterFunc(GenericParquetWriter::create)
                        .build();
        try (writer) {
            for (Record row : rows) {
                writer.write(row);
            }
        }
        table.newAppend()
                .appendFile(writer.toDataFile())
                .set(LakePositions.PROPERTY, positions)
                .commit();
    }
}

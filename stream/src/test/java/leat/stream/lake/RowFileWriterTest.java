package leat.stream.lake;

import static leat.stream.lake.TestContracts.contract;
import static leat.stream.lake.TestContracts.everyType;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import leat.core.contract.Contract;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.event.Names;
import leat.core.validate.Row;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RowFileWriterTest {

    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    @TempDir private Path folder;

    private static Row row(FieldType struct, @Nullable Object... values) {
        return new Row(((FieldType.Struct) struct).fields(), values);
    }

    private static LakeRow lakeRow(@Nullable Object[] fields, Instant time, long offset) {
        @Nullable Object[] values = new @Nullable Object[fields.length + 7];
        System.arraycopy(fields, 0, values, 0, fields.length);
        Object[] ours = {"id-" + offset, "/source", time, time, 3, offset, "1.0.0"};
        System.arraycopy(ours, 0, values, fields.length, ours.length);
        return new LakeRow(values, Micros.of(time), PARTITION, offset);
    }

    @Test
    void everyTypeIsReadBackAsItWasWritten() {
        // Given a table with one column of every type
        List<Field> fields = everyType();
        Contract contract = contract("all", fields);
        FieldType engine = fields.get(8).type();
        FieldType tyre = ((FieldType.Array) fields.get(10).type()).items();
        Instant time = Instant.parse("2026-02-03T04:05:06.123456Z");
        try (LakeCatalog catalog =
                LakeCatalog.open(
                        LakeStoreSettings.at(
                                "jdbc:sqlite:" + folder.resolve("lake.db"),
                                "file://" + folder.resolve("lake")),
                        new Names("leat"))) {
            LakeTables tables = new LakeTables(catalog);
            tables.apply(tables.plan(contract));
            Table table = tables.enriched(contract).orElseThrow();
            TableFiles files =
                    new TableFiles(
                            table,
                            table.schema(),
                            Contract.TimePartitioning.DAY,
                            0,
                            LakeLoaderSettings.DEFAULT);

            // When a full row and a row of nulls of another day are written
            @Nullable Object[] full = {
                "car-1",
                Long.MIN_VALUE,
                1.5,
                new BigDecimal("1234567890.12"),
                true,
                LocalDate.of(1969, 12, 31),
                LocalTime.of(23, 59, 59, 999_999_000),
                Instant.parse("1969-12-31T23:59:59.999999Z"),
                row(engine, "V8", 90.5),
                List.of("a", "ü"),
                List.of(row(tyre, 2.5), row(tyre, (Object) null))
            };
            @Nullable Object[] empty = new @Nullable Object[fields.size()];
            empty[0] = "car-2";
            files.write(lakeRow(full, time, 1), 100);
            files.write(lakeRow(empty, time.plusSeconds(86_400), 2), 100);
            List<DataFile> written = files.finish();
            AppendFiles append = table.newAppend();
            written.forEach(append::appendFile);
            append.commit();

            // Then Iceberg's reader gives them back, from two partitions
            assertThat(written).hasSize(2);
            List<Record> rows =
                    TableRows.of(table).stream()
                            .sorted(
                                    java.util.Comparator.comparing(
                                            r -> (Long) r.getField(LakeColumns.OFFSET)))
                            .toList();
            Record first = rows.getFirst();
            assertThat(first.getField("car")).isEqualTo("car-1");
            assertThat(first.getField("count")).isEqualTo(Long.MIN_VALUE);
            assertThat(first.getField("speed")).isEqualTo(1.5);
            assertThat(first.getField("price")).isEqualTo(new BigDecimal("1234567890.12"));
            assertThat(first.getField("parked")).isEqualTo(true);
            assertThat(first.getField("built")).isEqualTo(LocalDate.of(1969, 12, 31));
            assertThat(first.getField("opens")).isEqualTo(LocalTime.of(23, 59, 59, 999_999_000));
            assertThat(first.getField("seen"))
                    .isEqualTo(
                            Instant.parse("1969-12-31T23:59:59.999999Z").atOffset(ZoneOffset.UTC));
            assertThat(((Record) first.getField("engine")).getField("heat")).isEqualTo(90.5);
            assertThat(first.getField("tags")).isEqualTo(List.of("a", "ü"));
            assertThat((List<?>) first.getField("tyres")).hasSize(2);
            assertThat(first.getField(LakeColumns.TIME)).isEqualTo(time.atOffset(ZoneOffset.UTC));
            assertThat(first.getField(LakeColumns.PARTITION)).isEqualTo(3);
            Record second = rows.getLast();
            assertThat(second.getField("car")).isEqualTo("car-2");
            assertThat(second.getField("engine")).isNull();
            assertThat(second.getField("tyres")).isNull();
        }
    }

    @Test
    void scatteredTimesMakeOneFileAPartitionWithFewOpen() {
        Contract contract =
                contract("all", List.of(TestContracts.required("car", TestContracts.text())));
        try (LakeCatalog catalog =
                LakeCatalog.open(
                        LakeStoreSettings.at(
                                "jdbc:sqlite:" + folder.resolve("lake.db"),
                                "file://" + folder.resolve("lake")),
                        new Names("leat"))) {
            LakeTables tables = new LakeTables(catalog);
            tables.apply(tables.plan(contract));
            Table table = tables.enriched(contract).orElseThrow();
            TableFiles files =
                    new TableFiles(
                            table,
                            table.schema(),
                            Contract.TimePartitioning.DAY,
                            0,
                            LakeLoaderSettings.DEFAULT);
            for (int i = 0; i < 1_000; i++) {
                Instant day = Instant.EPOCH.plusSeconds(86_400L * (i % 40));
                files.write(lakeRow(new Object[] {"car"}, day, i), 100);
            }

            List<DataFile> written = files.finish();

            assertThat(written).hasSize(40);
            assertThat(written.stream().mapToLong(DataFile::recordCount).sum()).isEqualTo(1_000);
        }
    }
}

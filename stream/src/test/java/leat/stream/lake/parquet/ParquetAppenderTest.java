package leat.stream.lake.parquet;

import static org.apache.iceberg.types.Types.NestedField.optional;
import static org.apache.iceberg.types.Types.NestedField.required;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.iceberg.Files;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is written has to be what Iceberg's own writer writes, to Iceberg's reader, to DuckDB and
/// in the metrics by which files are skipped.
class ParquetAppenderTest {

    private static final Types.StructType WHEEL = wheel(20);
    private static final Types.StructType ITEM = wheel(40);
    private static final Schema SCHEMA =
            new Schema(
                    required(1, "n", Types.LongType.get()),
                    optional(2, "few", Types.StringType.get()),
                    required(3, "many", Types.StringType.get()),
                    optional(4, "speed", Types.DoubleType.get()),
                    optional(5, "on", Types.BooleanType.get()),
                    optional(6, "partition", Types.IntegerType.get()),
                    optional(7, "day", Types.DateType.get()),
                    optional(8, "hour", Types.TimeType.get()),
                    optional(9, "at", Types.TimestampType.withZone()),
                    optional(10, "small", Types.DecimalType.of(7, 2)),
                    optional(11, "large", Types.DecimalType.of(30, 2)),
                    optional(12, "wheel", WHEEL),
                    optional(13, "tags", Types.ListType.ofRequired(30, Types.StringType.get())),
                    optional(14, "wheels", Types.ListType.ofOptional(31, ITEM)),
                    optional(15, "never", Types.StringType.get()));

    @TempDir private Path folder;
    private final InMemoryCatalog catalog = new InMemoryCatalog();

    @BeforeEach
    void openCatalog() {
        catalog.initialize("memory", Map.of());
        catalog.createNamespace(Namespace.of("n"));
    }

    @AfterEach
    void closeCatalog() throws IOException {
        catalog.close();
    }

    private static Types.StructType wheel(int firstId) {
        return Types.StructType.of(
                optional(firstId, "pressure", Types.DoubleType.get()),
                required(firstId + 1, "place", Types.StringType.get()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1_000, 45_000})
    void filesAreThoseOfIcebergsOwnWriter(int rows) throws Exception {
        // Given rows of every type, with nulls, repeated values and values that never repeat
        Random random = new Random(rows);
        List<Record> records = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            records.add(record(random, i));
        }

        // When both write them
        Metrics ours = write(ours("4194304"), records);
        Metrics theirs = write(icebergs(), records);

        // Then both readers find the same, and so does whoever skips files
        assertThat(read("ours")).isEqualTo(records);
        assertThat(duckDbDifferences()).isZero();
        assertThat(ours.recordCount()).isEqualTo(theirs.recordCount());
        assertThat(ours.valueCounts()).isEqualTo(theirs.valueCounts());
        assertThat(ours.nullValueCounts()).isEqualTo(theirs.nullValueCounts());
        assertThat(ours.nanValueCounts()).isEqualTo(theirs.nanValueCounts());
        assertThat(ours.lowerBounds()).isEqualTo(theirs.lowerBounds());
        assertThat(ours.upperBounds()).isEqualTo(theirs.upperBounds());
        assertThat(length("ours")).isLessThan(length("theirs") * 11 / 10 + 2_000);
    }

    @Test
    void aFileOfLargeTextsHasRowGroupsOfTheirSize() throws Exception {
        List<Record> records = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Record record = GenericRecord.create(SCHEMA);
            record.setField("n", (long) i);
            record.setField("many", Integer.toString(i).repeat(10_000));
            records.add(record);
        }
        FileAppender<Record> appender = ours("1048576");

        write(appender, records);

        assertThat(appender.splitOffsets()).hasSizeBetween(5, 10);
        assertThat(read("ours")).isEqualTo(records);
    }

    private static Record record(Random random, int i) {
        Record record = GenericRecord.create(SCHEMA);
        record.setField("n", random.nextInt(10) == 0 ? random.nextLong() : (long) i);
        record.setField("few", orNull(random, "é" + random.nextInt(20)));
        record.setField("many", i + "-" + "x".repeat(random.nextInt(30)));
        record.setField("speed", orNull(random, random.nextInt(100_000) / 1_000.0 - 7));
        record.setField("on", orNull(random, random.nextBoolean()));
        record.setField("partition", orNull(random, random.nextInt(4) - 2));
        record.setField("day", orNull(random, LocalDate.ofEpochDay(random.nextInt(9_000) - 4_000)));
        record.setField(
                "hour", orNull(random, LocalTime.ofNanoOfDay(random.nextInt(86_400) * 1_000_000L)));
        record.setField(
                "at",
                orNull(random, Instant.ofEpochSecond(random.nextInt()).atOffset(ZoneOffset.UTC)));
        record.setField("small", orNull(random, BigDecimal.valueOf(random.nextInt(999_999), 2)));
        record.setField("large", orNull(random, BigDecimal.valueOf(random.nextLong(), 2)));
        record.setField("wheel", orNull(random, wheel(random, WHEEL)));
        List<String> tags = new ArrayList<>();
        List<@Nullable Record> wheels = new ArrayList<>();
        for (int item = random.nextInt(4); item > 0; item--) {
            tags.add("tag" + random.nextInt(5));
            wheels.add(orNull(random, wheel(random, ITEM)));
        }
        record.setField("tags", orNull(random, tags));
        record.setField("wheels", orNull(random, wheels));
        return record;
    }

    private static Record wheel(Random random, Types.StructType type) {
        Record wheel = GenericRecord.create(type);
        wheel.setField("pressure", orNull(random, random.nextInt(30) / 2.0));
        wheel.setField("place", "place " + random.nextInt(4));
        return wheel;
    }

    private static <T> @Nullable T orNull(Random random, T value) {
        return random.nextInt(6) == 0 ? null : value;
    }

    private File file(String name) {
        return folder.resolve(name + ".parquet").toFile();
    }

    private long length(String name) {
        return file(name).length();
    }

    private FileAppender<Record> ours(String rowGroupBytes) throws IOException {
        return new ParquetAppender<>(
                table(rowGroupBytes),
                SCHEMA,
                Files.localOutput(file("ours")),
                type -> GenericParquetWriter.create(SCHEMA, type));
    }

    private FileAppender<Record> icebergs() throws IOException {
        return Parquet.write(Files.localOutput(file("theirs")))
                .forTable(table("16777216"))
                .schema(SCHEMA)
                .createWriterFunc(GenericParquetWriter::create)
                .build();
    }

    private Table table(String rowGroupBytes) {
        return catalog.createTable(
                TableIdentifier.of("n", "rows" + rowGroupBytes),
                SCHEMA,
                PartitionSpec.unpartitioned(),
                Map.of(
                        TableProperties.PARQUET_COMPRESSION,
                        "zstd",
                        TableProperties.PARQUET_ROW_GROUP_SIZE_BYTES,
                        rowGroupBytes));
    }

    private static Metrics write(FileAppender<Record> appender, List<Record> records)
            throws IOException {
        try (appender) {
            appender.addAll(records);
        }
        return appender.metrics();
    }

    private List<Record> read(String name) throws IOException {
        try (CloseableIterable<Record> rows =
                Parquet.read(Files.localInput(file(name)))
                        .project(SCHEMA)
                        .createReaderFunc(type -> GenericParquetReaders.buildReader(SCHEMA, type))
                        .build()) {
            List<Record> records = new ArrayList<>();
            rows.forEach(row -> records.add(row.copy()));
            return records;
        }
    }

    private long duckDbDifferences() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet result =
                        statement.executeQuery(
                                "SELECT (SELECT count(*) FROM (FROM 'OURS' EXCEPT ALL FROM 'THEIRS'))"
                                                .replace("OURS", file("ours").getPath())
                                                .replace("THEIRS", file("theirs").getPath())
                                        + " + (SELECT count(*) FROM '"
                                        + file("ours").getPath()
                                        + "') - (SELECT count(*) FROM '"
                                        + file("theirs").getPath()
                                        + "')")) {
            result.next();
            return result.getLong(1);
        }
    }
}

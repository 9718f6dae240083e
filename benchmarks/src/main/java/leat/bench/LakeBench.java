package leat.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import leat.core.config.DataSize;
import leat.core.event.Names;
import leat.stream.lake.LakeCatalog;
import leat.stream.lake.LakeLoader;
import leat.stream.lake.LakeLoaderSettings;
import leat.stream.lake.LakeTables;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;

/// `leat bench lake`: the loader on a full enriched topic, against Iceberg's generic writer that is
/// given the same rows as records made beforehand and neither reads a log nor parses.
public final class LakeBench {

    private static final String ROLES = "broker, lake loader";
    private static final int COMMITS = 8;
    private static final double COUNTED_SHARE = 0.85;
    private static final int DISTINCT_RECORDS = 40_000;
    private static final long LEAST_COMMIT_BYTES = 1 << 20;

    private final Workbench bench;
    private final Names names;
    private final long rows;
    private final LakeLoaderSettings settings;
    private final AtomicInteger round = new AtomicInteger();

    private LakeBench(Workbench bench, Names names, long rows, long bytes) {
        this.bench = bench;
        this.names = names;
        this.rows = rows;
        this.settings =
                BenchLake.committing(
                        Duration.ofSeconds(10),
                        new DataSize(Math.max(LEAST_COMMIT_BYTES, bytes / COMMITS)));
    }

    /// Measures.
    public static void run(Workbench bench) {
        Names names = Workbench.names("lake");
        bench.createTopics(names);
        bench.progress().accept("lake: filling enriched");
        List<byte[]> events = BenchEvents.of(bench.generator(), bench.events());
        long bytes = events.stream().mapToLong(event -> event.length).sum();
        long rows = Filling.enriched(bench, names, events);
        new LakeBench(bench, names, rows, bytes).measure();
    }

    private void measure() {
        Path sample = newFolder();
        List<Record> records = new ArrayList<>();
        int rowsPerFile;
        try (LakeCatalog catalog = BenchLake.open(sample, names)) {
            load(catalog);
            Table table = BenchLake.table(bench, catalog);
            table.refresh();
            rowsPerFile = rowsPerFile(table);
            read(table, records);
        }
        Map<String, Run.Round> peers = new LinkedHashMap<>();
        for (int threads : new int[] {1, 2, 4}) {
            peers.put(
                    "Iceberg's generic writer, threads: " + threads,
                    () -> write(records, rowsPerFile, threads));
        }
        new Contest(ROLES, this::load, bench.progress())
                .against("lake", peers)
                .hold(bench.rounds())
                .forEach(bench.metrics());
    }

    private Run load() {
        try (LakeCatalog catalog = BenchLake.open(newFolder(), names)) {
            return load(catalog);
        }
    }

    /// From the first commit to the one that brings most rows: what is left waits for its interval,
    /// which says nothing.
    private Run load(LakeCatalog catalog) {
        try (LakeLoader _ = BenchLake.loader(bench, names, catalog, settings)) {
            Table table = BenchLake.table(bench, catalog);
            return Run.following(() -> BenchLake.rows(table), (long) (rows * COUNTED_SHARE));
        }
    }

    private static int rowsPerFile(Table table) {
        long files = 0;
        long records = 0;
        try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
            for (FileScanTask task : tasks) {
                files++;
                records += task.file().recordCount();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Math.toIntExact(Math.max(1, records / Math.max(1, files)));
    }

    private static void read(Table table, List<Record> records) {
        try (CloseableIterable<Record> all = IcebergGenerics.read(table).build()) {
            for (Record record : all) {
                if (records.size() == DISTINCT_RECORDS) {
                    return;
                }
                records.add(record.copy());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Run write(List<Record> records, int rowsPerFile, int threads) {
        try (LakeCatalog catalog = BenchLake.open(newFolder(), names)) {
            LakeTables tables = new LakeTables(catalog);
            tables.apply(tables.plan(bench.contract()));
            Table sample = BenchLake.table(bench, catalog);
            List<Record> own = records.stream().map(record -> converted(record, sample)).toList();
            return Run.of(() -> write(sample, own, rowsPerFile, threads));
        }
    }

    private static Record converted(Record record, Table table) {
        GenericRecord own = GenericRecord.create(table.schema());
        table.schema()
                .columns()
                .forEach(column -> own.setField(column.name(), record.getField(column.name())));
        return own;
    }

    private long write(Table table, List<Record> records, int rowsPerFile, int threads) {
        int files = Math.toIntExact(Math.ceilDiv(rows, rowsPerFile));
        List<Callable<DataFile>> tasks = new ArrayList<>();
        for (int file = 0; file < files; file++) {
            int first = file * rowsPerFile;
            tasks.add(() -> file(table, records, first, rowsPerFile));
        }
        AppendFiles append = table.newAppend();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (Future<DataFile> file : pool.invokeAll(tasks)) {
                append.appendFile(file.get());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("the generic writer failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        append.commit();
        return (long) files * rowsPerFile;
    }

    private static DataFile file(Table table, List<Record> records, int first, int count)
            throws IOException {
        PartitionKey partition = new PartitionKey(table.spec(), table.schema());
        partition.partition(
                new InternalRecordWrapper(table.schema().asStruct())
                        .wrap(records.get(first % records.size())));
        DataWriter<Record> writer =
                Parquet.writeData(
                                table.io()
                                        .newOutputFile(
                                                table.location()
                                                        + "/data/"
                                                        + UUID.randomUUID()
                                                        + ".parquet"))
                        .forTable(table)
                        .createWriterFunc(GenericParquetWriter::create)
                        .withSpec(table.spec())
                        .withPartition(partition)
                        .overwrite()
                        .build();
        try (writer) {
            for (int i = 0; i < count; i++) {
                writer.write(records.get((first + i) % records.size()));
            }
        }
        return writer.toDataFile();
    }

    private Path newFolder() {
        try {
            return Files.createDirectories(
                    bench.folder().resolve("lake-" + round.incrementAndGet()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

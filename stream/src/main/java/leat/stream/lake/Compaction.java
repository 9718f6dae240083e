package leat.stream.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import leat.core.failpoint.FailPoint;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortField;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Comparators;
import org.apache.iceberg.util.StructLikeWrapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Rewrites the small files of a table's partitions into few large ones, and sorts the rows in runs
/// on the way. Each bin of files is a snapshot of its own, which carries the table's positions.
final class Compaction {

    private static final Logger LOG = LoggerFactory.getLogger(Compaction.class);
    private static final int RUN_ROWS = 100_000;

    private final Table table;
    private final LakeMaintenanceSettings settings;

    Compaction(Table table, LakeMaintenanceSettings settings) {
        this.table = table;
        this.settings = settings;
    }

    /// Rewrites what is worth it and says how many files went.
    int run() {
        table.refresh();
        if (table.currentSnapshot() == null) {
            return 0;
        }
        long planned = table.currentSnapshot().snapshotId();
        int rewritten = 0;
        for (List<DataFile> bin : bins()) {
            rewritten += rewrite(bin, planned) ? bin.size() : 0;
        }
        return rewritten;
    }

    /// Small files, by partition, in groups of about the target size. Files that deletes apply to
    /// are left alone, and so are files of an older partition spec.
    List<List<DataFile>> bins() {
        Map<StructLikeWrapper, List<DataFile>> byPartition = new LinkedHashMap<>();
        StructLikeWrapper wrapper = StructLikeWrapper.forType(table.spec().partitionType());
        try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
            for (FileScanTask task : tasks) {
                DataFile file = task.file();
                boolean small = file.fileSizeInBytes() < settings.targetFileSize().bytes() / 2;
                if (small && task.deletes().isEmpty() && file.specId() == table.spec().specId()) {
                    byPartition
                            .computeIfAbsent(
                                    wrapper.copyFor(file.partition()), _ -> new ArrayList<>())
                            .add(file.copyWithoutStats());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot plan the compaction of " + table.name(), e);
        }
        List<List<DataFile>> bins = new ArrayList<>();
        for (List<DataFile> files : byPartition.values()) {
            bins.addAll(bins(files));
        }
        return bins;
    }

    private List<List<DataFile>> bins(List<DataFile> files) {
        files.sort(Comparator.comparingLong(DataFile::fileSizeInBytes));
        List<List<DataFile>> bins = new ArrayList<>();
        List<DataFile> bin = new ArrayList<>();
        long bytes = 0;
        for (DataFile file : files) {
            if (bytes + file.fileSizeInBytes() > settings.targetFileSize().bytes()) {
                bins.add(bin);
                bin = new ArrayList<>();
                bytes = 0;
            }
            bin.add(file);
            bytes += file.fileSizeInBytes();
        }
        bins.add(bin);
        bins.removeIf(b -> b.size() < settings.minInputFiles());
        return bins;
    }

    private boolean rewrite(List<DataFile> bin, long planned) {
        DataFile merged = merge(bin);
        FailPoint.reach("lake.after-compaction-file");
        Positions carried = LakePositions.of(table);
        try {
            RewriteFiles rewrite = table.newRewrite();
            bin.forEach(rewrite::deleteFile);
            rewrite.addFile(merged)
                    .validateFromSnapshot(planned)
                    .set(LakePositions.PROPERTY, Advance.format(carried.carried()))
                    .validateWith(LakePositions.demandCovering(table, carried))
                    .commit();
            FailPoint.reach("lake.after-compaction");
            return true;
        } catch (ValidationException e) {
            // Somebody else rewrote the files, or rolled the table back.
            LOG.atInfo().setCause(e).addKeyValue("table", table.name()).log("Compaction refused");
            table.io().deleteFile(merged.location());
            return false;
        } catch (CommitFailedException e) {
            LOG.atInfo().setCause(e).addKeyValue("table", table.name()).log("Compaction put off");
            table.io().deleteFile(merged.location());
            return false;
        }
    }

    private DataFile merge(List<DataFile> bin) {
        Schema schema = table.schema();
        StructLike partition = bin.getFirst().partition();
        OutputFileFactory factory =
                OutputFileFactory.builderFor(table, 0, 0)
                        .format(FileFormat.PARQUET)
                        .suffix("compacted")
                        .build();
        EncryptedOutputFile output =
                table.spec().isUnpartitioned()
                        ? factory.newOutputFile()
                        : factory.newOutputFile(partition);
        try {
            DataWriter<Record> writer =
                    Parquet.writeData(output)
                            .forTable(table)
                            .schema(schema)
                            .withSpec(table.spec())
                            .withPartition(table.spec().isUnpartitioned() ? null : partition)
                            .createWriterFunc(file -> GenericParquetWriter.create(schema, file))
                            .build();
            try (writer) {
                Runs runs = new Runs(writer, comparator(schema));
                for (DataFile file : bin) {
                    try (CloseableIterable<Record> rows = read(file, schema)) {
                        rows.forEach(runs::add);
                    }
                }
                runs.flush();
            }
            return writer.toDataFile();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot compact " + table.name(), e);
        }
    }

    private CloseableIterable<Record> read(DataFile file, Schema schema) {
        return Parquet.read(table.io().newInputFile(file))
                .project(schema)
                .createReaderFunc(type -> GenericParquetReaders.buildReader(schema, type))
                .build();
    }

    /// By the table's sort columns, nulls first; rows that are equal stay in their order.
    private Comparator<Record> comparator(Schema schema) {
        List<String> columns = new ArrayList<>();
        for (SortField field : table.sortOrder().fields()) {
            columns.add(schema.findColumnName(field.sourceId()));
        }
        if (columns.isEmpty()) {
            return (_, _) -> 0;
        }
        Schema key = schema.select(columns);
        Comparator<StructLike> order = Comparators.forType(key.asStruct());
        return Comparator.comparing(
                row -> new InternalRecordWrapper(key.asStruct()).wrap(project(row, key)), order);
    }

    private static Record project(Record row, Schema key) {
        Record projected = org.apache.iceberg.data.GenericRecord.create(key);
        for (org.apache.iceberg.types.Types.NestedField column : key.columns()) {
            projected.setField(column.name(), row.getField(column.name()));
        }
        return projected;
    }

    /// Sorts a bounded number of rows at a time.
    private static final class Runs {
        private final DataWriter<Record> writer;
        private final Comparator<Record> order;
        private final List<Record> run = new ArrayList<>();

        Runs(DataWriter<Record> writer, Comparator<Record> order) {
            this.writer = writer;
            this.order = order;
        }

        void add(Record row) {
            run.add(row.copy());
            if (run.size() == RUN_ROWS) {
                flush();
            }
        }

        void flush() {
            run.sort(order);
            run.forEach(writer::write);
            run.clear();
        }
    }
}

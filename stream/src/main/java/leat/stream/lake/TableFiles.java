package leat.stream.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import leat.core.contract.Contract.TimePartitioning;
import leat.stream.lake.parquet.ParquetAppender;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFileFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The data files of one append that one thread writes: one open file a partition of the table, as
/// many as allowed at once. Rows of further partitions wait in memory up to a bound and are then
/// written one partition after the other, so that scattered event times make no more files than
/// they must.
final class TableFiles {

    private static final Logger LOG = LoggerFactory.getLogger(TableFiles.class);
    private static final long MAX_WAITING_BYTES = 32L << 20;
    private static final int ROWS_BETWEEN_SIZE_CHECKS = 1_000;

    private final Table table;
    private final Schema schema;
    private final PartitionSpec spec;
    private final TimePartitioning partitioning;
    private final OutputFileFactory factory;
    private final long fileBytes;
    private final int openFiles;
    private final Map<Integer, OpenFile> open = new HashMap<>();
    private final Map<Integer, List<LakeRow>> waiting = new TreeMap<>();
    private final List<DataFile> closed = new ArrayList<>();
    private final List<String> locations = new ArrayList<>();
    private @Nullable OpenFile latest;
    private long waitingBytes;

    /// A row that the writer could not take although it was decoded; the files are lost with it.
    static final class BadRow extends RuntimeException {
        private final transient LakeRow row;

        BadRow(LakeRow row, RuntimeException cause) {
            super(row.partition() + "@" + row.offset() + " cannot be written: " + cause, cause);
            this.row = row;
        }

        LakeRow row() {
            return row;
        }
    }

    private static final class OpenFile {
        private final int slot;
        private final DataWriter<LakeRow> writer;
        private long rows;

        OpenFile(int slot, DataWriter<LakeRow> writer) {
            this.slot = slot;
            this.writer = writer;
        }
    }

    TableFiles(
            Table table,
            Schema schema,
            TimePartitioning partitioning,
            int writer,
            LakeLoaderSettings settings) {
        this.table = table;
        this.schema = schema;
        this.spec = table.spec();
        this.partitioning = partitioning;
        this.fileBytes = settings.fileSize().bytes();
        this.openFiles = settings.openFiles();
        this.factory =
                OutputFileFactory.builderFor(table, writer, 0).format(FileFormat.PARQUET).build();
    }

    /// Writes a row, now or before the files are closed.
    ///
    /// @param sourceBytes the size of what the row was made from
    void write(LakeRow row, int sourceBytes) {
        int slot = TimeSlot.ordinal(partitioning, row.timeMicros());
        OpenFile file = latest;
        if (file == null || file.slot != slot) {
            file = open.get(slot);
            if (file == null) {
                if (open.size() >= openFiles) {
                    defer(slot, row, sourceBytes);
                    return;
                }
                file = open(slot);
                open.put(slot, file);
            }
            latest = file;
        }
        write(file, row);
        if (file.rows % ROWS_BETWEEN_SIZE_CHECKS == 0 && file.writer.length() >= fileBytes) {
            close(file);
            open.remove(slot);
            latest = null;
        }
    }

    /// Closes all files and gives them.
    List<DataFile> finish() {
        for (OpenFile file : open.values()) {
            close(file);
        }
        open.clear();
        latest = null;
        writeWaiting();
        return List.copyOf(closed);
    }

    /// Closes what is open and deletes everything that was written.
    void discard() {
        for (OpenFile file : open.values()) {
            try {
                file.writer.close();
            } catch (IOException | RuntimeException e) {
                LOG.atDebug().setCause(e).log("A file that is deleted next did not close");
            }
        }
        open.clear();
        latest = null;
        waiting.clear();
        locations.forEach(table.io()::deleteFile);
    }

    private void defer(int slot, LakeRow row, int sourceBytes) {
        waiting.computeIfAbsent(slot, _ -> new ArrayList<>()).add(row);
        waitingBytes += sourceBytes;
        if (waitingBytes >= MAX_WAITING_BYTES) {
            writeWaiting();
        }
    }

    private void writeWaiting() {
        waiting.forEach((slot, rows) -> {
            OpenFile file = open(slot);
            for (LakeRow row : rows) {
                write(file, row);
            }
            close(file);
        });
        waiting.clear();
        waitingBytes = 0;
    }

    private static void write(OpenFile file, LakeRow row) {
        try {
            file.writer.write(row);
        } catch (UncheckedIOException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new BadRow(row, e);
        }
        file.rows++;
    }

    private OpenFile open(int slot) {
        EncryptedOutputFile output;
        @Nullable TimeSlot partition = spec.isUnpartitioned() ? null : new TimeSlot(slot);
        output = partition == null ? factory.newOutputFile() : factory.newOutputFile(partition);
        locations.add(output.encryptingOutputFile().location());
        try {
            DataWriter<LakeRow> writer =
                    new DataWriter<>(
                            new ParquetAppender<>(
                                    table,
                                    schema,
                                    output.encryptingOutputFile(),
                                    file -> RowFileWriter.of(schema.asStruct(), file)),
                            FileFormat.PARQUET,
                            output.encryptingOutputFile().location(),
                            spec,
                            partition,
                            output.keyMetadata());
            return new OpenFile(slot, writer);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot open " + output.encryptingOutputFile().location(), e);
        }
    }

    private void close(OpenFile file) {
        try {
            file.writer.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close a data file", e);
        }
        closed.add(file.writer.toDataFile());
    }
}

package leat.stream.lake.parquet;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.schema.MessageType;

/// The columns of one row group on its way into a file.
final class ColumnBuffers implements ColumnWriteStore {

    private final Map<ColumnDescriptor, ColumnBuffer> columns = new LinkedHashMap<>();
    private long rows;
    private long bytes;

    ColumnBuffers(MessageType type) {
        for (ColumnDescriptor column : type.getColumns()) {
            columns.put(column, ColumnBuffer.of(column, this));
        }
    }

    /// Takes note of what a value takes in memory.
    void grew(int valueBytes) {
        bytes += valueBytes;
    }

    long rows() {
        return rows;
    }

    /// Writes everything as the chunks of a row group, and is empty afterwards.
    void writeTo(ParquetFileWriter file, BytesInputCompressor compressor) throws IOException {
        for (ColumnBuffer column : columns.values()) {
            column.writeTo(file, compressor);
            column.clear();
        }
        rows = 0;
        bytes = 0;
    }

    @Override
    public ColumnBuffer getColumnWriter(ColumnDescriptor path) {
        ColumnBuffer column = columns.get(path);
        if (column == null) {
            throw new IllegalArgumentException("no column of this file: " + path);
        }
        return column;
    }

    @Override
    public void endRecord() {
        rows++;
    }

    @Override
    public long getBufferedSize() {
        return bytes;
    }

    @Override
    public long getAllocatedSize() {
        return bytes;
    }

    @Override
    public String memUsageString() {
        return bytes + " bytes in " + rows + " rows";
    }

    @Override
    public void flush() {
        // The appender decides when; see #writeTo.
    }

    @Override
    public void close() {
        columns.clear();
    }
}

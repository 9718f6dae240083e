package leat.stream.lake.parquet;

import java.io.IOException;
import java.util.Arrays;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.BytesUtils;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;

/// One column of a row group: its levels and values as they came, encoded at the end, when it is
/// known whether a dictionary pays. Pages are of version 1, which every reader knows.
abstract sealed class ColumnBuffer implements ColumnWriter
        permits FixedColumn, BooleanColumn, BinaryColumn {

    static final int FIRST_CAPACITY = 1024;
    private static final int MAX_PAGE_ROWS = 20_000;
    private static final int MAX_PAGE_BYTES = 1 << 20;
    private static final int MAX_SLAB_BYTES = 1 << 20;

    final ColumnDescriptor column;
    private final ColumnBuffers store;
    private final int maxDefinition;
    private final int maxRepetition;
    private byte[] definitions;
    private byte[] repetitions;
    private int entries;

    /// The numbers of the values in the dictionary, in the order of the values.
    ///
    /// @param page the dictionary's values in plain encoding
    @SuppressWarnings("ArrayRecordComponent")
    record Dictionary(int[] indexes, int entries, BytesInput page) {}

    ColumnBuffer(ColumnDescriptor column, ColumnBuffers store) {
        this.column = column;
        this.store = store;
        this.maxDefinition = column.getMaxDefinitionLevel();
        this.maxRepetition = column.getMaxRepetitionLevel();
        this.definitions = new byte[maxDefinition > 0 ? FIRST_CAPACITY : 0];
        this.repetitions = new byte[maxRepetition > 0 ? FIRST_CAPACITY : 0];
    }

    static ColumnBuffer of(ColumnDescriptor column, ColumnBuffers store) {
        return switch (column.getPrimitiveType().getPrimitiveTypeName()) {
            case INT32, INT64, DOUBLE, FLOAT -> new FixedColumn(column, store);
            case BOOLEAN -> new BooleanColumn(column, store);
            case BINARY, FIXED_LEN_BYTE_ARRAY, INT96 -> new BinaryColumn(column, store);
        };
    }

    /// How many values there are, nulls not counted.
    abstract int values();

    /// The dictionary of all values; null when they are better written plainly.
    abstract @Nullable Dictionary dictionary();

    /// Values in plain encoding.
    abstract BytesInput plain(int from, int to);

    /// How many bytes the plain encoding of a value takes.
    abstract int plainBytes(int value);

    /// The smallest and the largest of some values.
    abstract void bounds(
            int from, int to, @Nullable Dictionary dictionary, Statistics<?> statistics);

    abstract void clearValues();

    void clear() {
        entries = 0;
        clearValues();
    }

    /// Takes note of the levels of a value or null.
    final void level(int repetition, int definition, int valueBytes) {
        if (maxDefinition > 0) {
            if (entries == definitions.length) {
                definitions = Arrays.copyOf(definitions, entries * 2);
            }
            definitions[entries] = (byte) definition;
        }
        if (maxRepetition > 0) {
            if (entries == repetitions.length) {
                repetitions = Arrays.copyOf(repetitions, entries * 2);
            }
            repetitions[entries] = (byte) repetition;
        }
        entries++;
        store.grew(valueBytes + 1);
    }

    void writeTo(ParquetFileWriter file, BytesInputCompressor compressor) throws IOException {
        file.startColumn(column, entries, compressor.getCodecName());
        Dictionary dictionary = values() == 0 ? null : dictionary();
        if (dictionary != null) {
            file.writeDictionaryPage(
                    new DictionaryPage(
                            compressor.compress(dictionary.page()),
                            Math.toIntExact(dictionary.page().size()),
                            dictionary.entries(),
                            Encoding.PLAIN));
        }
        int value = 0;
        int entry = 0;
        while (entry < entries) {
            Page page = page(entry, value);
            write(file, compressor, dictionary, page);
            entry = page.toEntry();
            value = page.toValue();
        }
        file.endColumn();
    }

    private record Page(int fromEntry, int toEntry, int fromValue, int toValue, int rows) {}

    /// The next page: it ends where a row ends.
    private Page page(int fromEntry, int fromValue) {
        int value = fromValue;
        int rows = 0;
        long bytes = 0;
        int entry = fromEntry;
        for (; entry < entries; entry++) {
            if (maxRepetition == 0 || repetitions[entry] == 0) {
                if (rows == MAX_PAGE_ROWS || bytes >= MAX_PAGE_BYTES) {
                    break;
                }
                rows++;
            }
            if (maxDefinition == 0 || definitions[entry] == maxDefinition) {
                bytes += plainBytes(value++);
            }
        }
        return new Page(fromEntry, entry, fromValue, value, rows);
    }

    private void write(
            ParquetFileWriter file,
            BytesInputCompressor compressor,
            @Nullable Dictionary dictionary,
            Page page)
            throws IOException {
        Statistics<?> statistics = Statistics.createStats(column.getPrimitiveType());
        int nulls = page.toEntry() - page.fromEntry() - (page.toValue() - page.fromValue());
        statistics.incrementNumNulls(nulls);
        if (page.toValue() > page.fromValue()) {
            bounds(page.fromValue(), page.toValue(), dictionary, statistics);
        }
        BytesInput body =
                BytesInput.concat(
                        levels(repetitions, maxRepetition, page),
                        levels(definitions, maxDefinition, page),
                        dictionary == null
                                ? plain(page.fromValue(), page.toValue())
                                : indexes(dictionary, page));
        file.writeDataPage(
                page.toEntry() - page.fromEntry(),
                Math.toIntExact(body.size()),
                compressor.compress(body),
                statistics,
                page.rows(),
                Encoding.RLE,
                Encoding.RLE,
                dictionary == null ? Encoding.PLAIN : Encoding.RLE_DICTIONARY);
    }

    private static BytesInput levels(byte[] levels, int max, Page page) throws IOException {
        if (max == 0) {
            return BytesInput.empty();
        }
        RunLengthBitPackingHybridEncoder encoder = encoder(BytesUtils.getWidthFromMaxInt(max));
        for (int i = page.fromEntry(); i < page.toEntry(); i++) {
            encoder.writeInt(levels[i]);
        }
        BytesInput bytes = encoder.toBytes();
        return BytesInput.concat(BytesInput.fromInt(Math.toIntExact(bytes.size())), bytes);
    }

    private static BytesInput indexes(Dictionary dictionary, Page page) throws IOException {
        int width = BytesUtils.getWidthFromMaxInt(dictionary.entries() - 1);
        RunLengthBitPackingHybridEncoder encoder = encoder(width);
        for (int i = page.fromValue(); i < page.toValue(); i++) {
            encoder.writeInt(dictionary.indexes()[i]);
        }
        return BytesInput.concat(BytesInput.from(new byte[] {(byte) width}), encoder.toBytes());
    }

    private static RunLengthBitPackingHybridEncoder encoder(int width) {
        return new RunLengthBitPackingHybridEncoder(
                width, FIRST_CAPACITY, MAX_SLAB_BYTES, new HeapByteBufferAllocator());
    }

    /// Whether a dictionary takes less than the plain values.
    static boolean pays(int values, int entries, long dictionaryBytes, long plainBytes) {
        int width = BytesUtils.getWidthFromMaxInt(entries);
        return dictionaryBytes + (long) values * width / Byte.SIZE < plainBytes;
    }

    @Override
    public final void writeNull(int repetition, int definition) {
        level(repetition, definition, 0);
    }

    @Override
    public void write(int value, int repetition, int definition) {
        throw new UnsupportedOperationException(column + " holds no integers");
    }

    @Override
    public void write(long value, int repetition, int definition) {
        throw new UnsupportedOperationException(column + " holds no integers");
    }

    @Override
    public void write(boolean value, int repetition, int definition) {
        throw new UnsupportedOperationException(column + " holds no booleans");
    }

    @Override
    public void write(Binary value, int repetition, int definition) {
        throw new UnsupportedOperationException(column + " holds no texts or bytes");
    }

    @Override
    public void write(float value, int repetition, int definition) {
        throw new UnsupportedOperationException(column + " holds no floats");
    }

    @Override
    public void write(double value, int repetition, int definition) {
        throw new UnsupportedOperationException(column + " holds no doubles");
    }

    @Override
    public long getBufferedSizeInMemory() {
        return entries;
    }

    @Override
    public void close() {
        // Holds nothing but arrays.
    }
}

package leat.stream.lake.parquet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/// Numbers of four or eight bytes; floating ones are kept as their bits.
final class FixedColumn extends ColumnBuffer {

    private final PrimitiveTypeName type;
    private final int width;
    private long[] values = new long[FIRST_CAPACITY];
    private int count;

    FixedColumn(ColumnDescriptor column, ColumnBuffers store) {
        super(column, store);
        this.type = column.getPrimitiveType().getPrimitiveTypeName();
        this.width =
                type == PrimitiveTypeName.INT32 || type == PrimitiveTypeName.FLOAT
                        ? Integer.BYTES
                        : Long.BYTES;
    }

    @Override
    public void write(int value, int repetition, int definition) {
        add(value, repetition, definition);
    }

    @Override
    public void write(long value, int repetition, int definition) {
        add(value, repetition, definition);
    }

    @Override
    public void write(double value, int repetition, int definition) {
        add(Double.doubleToRawLongBits(value), repetition, definition);
    }

    @Override
    public void write(float value, int repetition, int definition) {
        add(Float.floatToRawIntBits(value), repetition, definition);
    }

    private void add(long value, int repetition, int definition) {
        if (count == values.length) {
            values = Arrays.copyOf(values, count * 2);
        }
        values[count++] = value;
        level(repetition, definition, Long.BYTES);
    }

    @Override
    int values() {
        return count;
    }

    @Override
    @Nullable Dictionary dictionary() {
        int[] indexes = new int[count];
        LongNumbers numbers = new LongNumbers(count);
        int most = mostEntries();
        for (int i = 0; i < count; i++) {
            indexes[i] = numbers.of(values[i]);
            if (numbers.size() > most) {
                return null;
            }
        }
        int entries = numbers.size();
        long plain = (long) count * width;
        return pays(count, entries, (long) entries * width, plain)
                ? new Dictionary(indexes, entries, plain(numbers.keys(), 0, entries))
                : null;
    }

    /// More entries never pay, even at one bit less than their values have.
    private int mostEntries() {
        return FIRST_CAPACITY + count / 2;
    }

    @Override
    BytesInput plain(int from, int to) {
        return plain(values, from, to);
    }

    private BytesInput plain(long[] numbers, int from, int to) {
        byte[] page = new byte[(to - from) * width];
        ByteBuffer bytes = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
        if (width == Long.BYTES) {
            bytes.asLongBuffer().put(numbers, from, to - from);
        } else {
            for (int i = from; i < to; i++) {
                bytes.putInt((i - from) * width, (int) numbers[i]);
            }
        }
        return BytesInput.from(page);
    }

    @Override
    int plainBytes(int value) {
        return width;
    }

    @Override
    void bounds(int from, int to, @Nullable Dictionary dictionary, Statistics<?> statistics) {
        switch (type) {
            case DOUBLE -> doubles(from, to, statistics);
            case FLOAT -> {
                for (int i = from; i < to; i++) {
                    statistics.updateStats(Float.intBitsToFloat((int) values[i]));
                }
            }
            default -> integers(from, to, statistics);
        }
    }

    private void integers(int from, int to, Statistics<?> statistics) {
        long least = values[from];
        long most = least;
        for (int i = from + 1; i < to; i++) {
            least = Math.min(least, values[i]);
            most = Math.max(most, values[i]);
        }
        if (type == PrimitiveTypeName.INT32) {
            statistics.updateStats((int) least);
            statistics.updateStats((int) most);
        } else {
            statistics.updateStats(least);
            statistics.updateStats(most);
        }
    }

    private void doubles(int from, int to, Statistics<?> statistics) {
        double least = Double.longBitsToDouble(values[from]);
        double most = least;
        for (int i = from + 1; i < to; i++) {
            double value = Double.longBitsToDouble(values[i]);
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        statistics.updateStats(least);
        statistics.updateStats(most);
    }

    @Override
    void clearValues() {
        count = 0;
    }
}

package leat.stream.lake.parquet;

import java.util.Arrays;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/// Booleans, a bit each in the file.
final class BooleanColumn extends ColumnBuffer {

    private boolean[] values = new boolean[FIRST_CAPACITY];
    private int count;

    BooleanColumn(ColumnDescriptor column, ColumnBuffers store) {
        super(column, store);
    }

    @Override
    public void write(boolean value, int repetition, int definition) {
        if (count == values.length) {
            values = Arrays.copyOf(values, count * 2);
        }
        values[count++] = value;
        level(repetition, definition, 1);
    }

    @Override
    int values() {
        return count;
    }

    @Override
    @Nullable Dictionary dictionary() {
        return null;
    }

    @Override
    BytesInput plain(int from, int to) {
        byte[] bytes = new byte[Math.ceilDiv(to - from, Byte.SIZE)];
        for (int i = from; i < to; i++) {
            if (values[i]) {
                bytes[(i - from) / Byte.SIZE] |= (byte) (1 << ((i - from) % Byte.SIZE));
            }
        }
        return BytesInput.from(bytes);
    }

    @Override
    int plainBytes(int value) {
        return 1;
    }

    @Override
    void bounds(int from, int to, @Nullable Dictionary dictionary, Statistics<?> statistics) {
        for (int i = from; i < to; i++) {
            statistics.updateStats(values[i]);
        }
    }

    @Override
    void clearValues() {
        count = 0;
    }
}

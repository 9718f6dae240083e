package leat.stream.lake.parquet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/// Texts and bytes, one behind the other.
final class BinaryColumn extends ColumnBuffer {

    private static final int MAX_DICTIONARY_BYTES = 2 << 20;

    /// Four bytes before each value tell its length, unless all have the same.
    private final int prefixBytes;

    private byte[] bytes = new byte[FIRST_CAPACITY];
    private int[] ends = new int[FIRST_CAPACITY];
    private int count;

    BinaryColumn(ColumnDescriptor column, ColumnBuffers store) {
        super(column, store);
        this.prefixBytes =
                column.getPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY
                        ? Integer.BYTES
                        : 0;
    }

    @Override
    public void write(Binary value, int repetition, int definition) {
        byte[] added = value.getBytesUnsafe();
        int from = start(count);
        int to = Math.addExact(from, added.length);
        if (to > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(to, bytes.length * 2));
        }
        System.arraycopy(added, 0, bytes, from, added.length);
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, count * 2);
        }
        ends[count++] = to;
        level(repetition, definition, added.length + Integer.BYTES);
    }

    private int start(int value) {
        return value == 0 ? 0 : ends[value - 1];
    }

    @Override
    int values() {
        return count;
    }

    @Override
    @Nullable Dictionary dictionary() {
        int[] indexes = new int[count];
        int[] firsts = new int[FIRST_CAPACITY];
        int[] slots = new int[FIRST_CAPACITY * 4];
        int entries = 0;
        int previous = -1;
        long size = 0;
        for (int i = 0; i < count; i++) {
            if (previous >= 0 && same(i, firsts[previous])) {
                indexes[i] = previous;
                continue;
            }
            int slot = slot(slots, firsts, i);
            if (slots[slot] == 0) {
                size += plainBytes(i);
                if (size > MAX_DICTIONARY_BYTES || entries > FIRST_CAPACITY + count / 2) {
                    return null;
                }
                if (entries == firsts.length) {
                    firsts = Arrays.copyOf(firsts, entries * 2);
                    slots = grown(slots.length * 2, firsts, entries);
                    slot = slot(slots, firsts, i);
                }
                firsts[entries] = i;
                slots[slot] = ++entries;
            }
            previous = slots[slot] - 1;
            indexes[i] = previous;
        }
        long plain = start(count) + (long) count * prefixBytes;
        return pays(count, entries, size, plain)
                ? new Dictionary(indexes, entries, page(firsts, entries, size))
                : null;
    }

    private int[] grown(int length, int[] firsts, int entries) {
        int[] slots = new int[length];
        for (int number = 0; number < entries; number++) {
            slots[slot(slots, firsts, firsts[number])] = number + 1;
        }
        return slots;
    }

    /// The slot of an equal value, or the free one where it belongs.
    private int slot(int[] slots, int[] firsts, int value) {
        int mask = slots.length - 1;
        int slot = hash(value) & mask;
        while (slots[slot] != 0 && !same(value, firsts[slots[slot] - 1])) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private int hash(int value) {
        int hash = 1;
        for (int i = start(value); i < ends[value]; i++) {
            hash = 31 * hash + bytes[i];
        }
        return (hash * 0x9E3779B9) >>> 8;
    }

    private boolean same(int left, int right) {
        return Arrays.equals(bytes, start(left), ends[left], bytes, start(right), ends[right]);
    }

    private BytesInput page(int[] firsts, int entries, long size) {
        byte[] page = new byte[Math.toIntExact(size)];
        ByteBuffer out = over(page);
        for (int number = 0; number < entries; number++) {
            put(out, firsts[number]);
        }
        return BytesInput.from(page);
    }

    private static ByteBuffer over(byte[] page) {
        return ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void put(ByteBuffer page, int value) {
        int from = start(value);
        if (prefixBytes > 0) {
            page.putInt(ends[value] - from);
        }
        page.put(bytes, from, ends[value] - from);
    }

    @Override
    BytesInput plain(int from, int to) {
        byte[] page = new byte[start(to) - start(from) + (to - from) * prefixBytes];
        ByteBuffer out = over(page);
        for (int i = from; i < to; i++) {
            put(out, i);
        }
        return BytesInput.from(page);
    }

    @Override
    int plainBytes(int value) {
        return ends[value] - start(value) + prefixBytes;
    }

    @Override
    void bounds(int from, int to, @Nullable Dictionary dictionary, Statistics<?> statistics) {
        if (prefixBytes == 0) {
            // Numbers of a fixed length are not ordered as their bytes are.
            for (int i = from; i < to; i++) {
                statistics.updateStats(binary(i));
            }
            return;
        }
        BitSet seen = new BitSet();
        int least = from;
        int most = from;
        for (int i = from; i < to; i++) {
            if (dictionary != null) {
                int number = dictionary.indexes()[i];
                if (seen.get(number)) {
                    continue;
                }
                seen.set(number);
            }
            least = compare(i, least) < 0 ? i : least;
            most = compare(i, most) > 0 ? i : most;
        }
        statistics.updateStats(binary(least));
        statistics.updateStats(binary(most));
    }

    private int compare(int left, int right) {
        return Arrays.compareUnsigned(
                bytes, start(left), ends[left], bytes, start(right), ends[right]);
    }

    private Binary binary(int value) {
        return Binary.fromConstantByteArray(Arrays.copyOfRange(bytes, start(value), ends[value]));
    }

    @Override
    void clearValues() {
        count = 0;
    }
}

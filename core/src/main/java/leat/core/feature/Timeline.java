package leat.core.feature;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What is known of tiles, in the order of their starts. It mostly grows at its end and is dropped
/// from its begin; what comes late costs a move of what is after it.
final class Timeline<V> {

    private static final int USUAL_CAPACITY = 64;

    private long[] starts = new long[0];
    private @Nullable Object[] values = new @Nullable Object[0];
    private int head;
    private int size;

    int size() {
        return size;
    }

    long start(int index) {
        return starts[head + index];
    }

    @SuppressWarnings("unchecked")
    V value(int index) {
        return (V) Objects.requireNonNull(values[head + index]);
    }

    /// The index of the first tile at or after a start; the size where there is none.
    int ceiling(long start) {
        int last = size - 1;
        if (last < 0 || starts[head + last] < start) {
            return size;
        }
        // As of most events.
        if (last == 0 || starts[head + last - 1] < start) {
            return last;
        }
        int found = Arrays.binarySearch(starts, head, head + size, start);
        return (found >= 0 ? found : -found - 1) - head;
    }

    boolean has(int index, long start) {
        return index < size && start(index) == start;
    }

    @Nullable V find(long start) {
        int index = ceiling(start);
        return has(index, start) ? value(index) : null;
    }

    void put(long start, V value) {
        int index = ceiling(start);
        replace(index, has(index, start) ? index + 1 : index, start, value);
    }

    /// Puts a tile in the place of those from an index on, to another one, exclusive.
    void replace(int from, int to, long start, V value) {
        int after = size - to;
        if (from == to) {
            room();
        }
        int target = head + from + 1;
        if (from + 1 != to && after > 0) {
            System.arraycopy(starts, head + to, starts, target, after);
            System.arraycopy(values, head + to, values, target, after);
        }
        starts[head + from] = start;
        values[head + from] = value;
        int newSize = from + 1 + after;
        if (newSize < size) {
            Arrays.fill(values, head + newSize, head + size, null);
        }
        size = newSize;
    }

    void dropBefore(long start) {
        int dropped = ceiling(start);
        Arrays.fill(values, head, head + dropped, null);
        head += dropped;
        size -= dropped;
        if (starts.length > USUAL_CAPACITY && size < starts.length / 4) {
            move(Math.max(USUAL_CAPACITY, 2 * size));
        }
    }

    /// Makes room for one more at the end.
    private void room() {
        if (head + size < starts.length) {
            return;
        }
        move(head > starts.length / 2 ? starts.length : Math.max(4, 2 * starts.length));
    }

    private void move(int capacity) {
        long[] movedStarts = new long[capacity];
        @Nullable Object[] movedValues = new @Nullable Object[capacity];
        System.arraycopy(starts, head, movedStarts, 0, size);
        System.arraycopy(values, head, movedValues, 0, size);
        starts = movedStarts;
        values = movedValues;
        head = 0;
    }

    /// Without the values.
    long weightBytes() {
        return 80 + (12L * starts.length);
    }
}

package leat.ml.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The rows of events, by where these stand in their topic. They are found once all are added.
final class EventRows {

    private final List<Partition> partitions = new ArrayList<>();

    private static final class Partition {
        private long[] offsets = new long[16];
        private int[] rows = new int[16];
        private int size;
        private boolean sorted;

        void add(long offset, int row) {
            if (size == offsets.length) {
                offsets = Arrays.copyOf(offsets, size + size / 2);
                rows = Arrays.copyOf(rows, size + size / 2);
            }
            offsets[size] = offset;
            rows[size++] = row;
            sorted = false;
        }

        private void sort() {
            int[] order = StableOrder.of(offsets, size);
            long[] sortedOffsets = new long[size];
            int[] sortedRows = new int[size];
            for (int i = 0; i < size; i++) {
                sortedOffsets[i] = offsets[order[i]];
                sortedRows[i] = rows[order[i]];
            }
            offsets = sortedOffsets;
            rows = sortedRows;
            sorted = true;
        }

        int row(long offset) {
            if (!sorted) {
                sort();
            }
            int place = Arrays.binarySearch(offsets, 0, size, offset);
            return place < 0 ? -1 : rows[place];
        }
    }

    /// @param row of the event at an offset
    void add(int partition, long offset, int row) {
        while (partitions.size() <= partition) {
            partitions.add(new Partition());
        }
        partitions.get(partition).add(offset, row);
    }

    /// The row of an event; -1 where there is none.
    int row(int partition, long offset) {
        return partition < partitions.size() ? partitions.get(partition).row(offset) : -1;
    }
}

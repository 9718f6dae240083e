package leat.stream.lake.parquet;

import java.util.Arrays;

/// Numbers different values from 0 in the order in which they come: an open hash table.
final class LongNumbers {

    private static final int FIRST_SLOTS = 256;
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private long[] keys;
    private int[] slots = new int[FIRST_SLOTS];
    private int shift = Long.numberOfLeadingZeros(FIRST_SLOTS - 1);
    private int size;

    LongNumbers(int expected) {
        this.keys = new long[Math.min(FIRST_SLOTS / 2, expected) + 1];
    }

    int of(long key) {
        int mask = slots.length - 1;
        int slot = (int) ((key * MIX) >>> shift);
        while (slots[slot] != 0) {
            int number = slots[slot] - 1;
            if (keys[number] == key) {
                return number;
            }
            slot = (slot + 1) & mask;
        }
        slots[slot] = size + 1;
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, size * 2);
        }
        keys[size] = key;
        if (++size > slots.length / 2) {
            grow();
        }
        return size - 1;
    }

    private void grow() {
        int[] grown = new int[slots.length * 4];
        shift -= 2;
        int mask = grown.length - 1;
        for (int number = 0; number < size; number++) {
            int slot = (int) ((keys[number] * MIX) >>> shift);
            while (grown[slot] != 0) {
                slot = (slot + 1) & mask;
            }
            grown[slot] = number + 1;
        }
        slots = grown;
    }

    int size() {
        return size;
    }

    /// The values by their numbers; valid below [#size].
    long[] keys() {
        return keys;
    }
}

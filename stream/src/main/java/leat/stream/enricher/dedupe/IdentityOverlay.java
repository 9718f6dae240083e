package leat.stream.enricher.dedupe;

import java.util.Arrays;

/// The identities of the batch in flight, in the order in which they were first seen, on top of an
/// [IdentityTable] that must not know them yet.
final class IdentityOverlay {

    private long[] highs = new long[1024];
    private long[] lows = new long[1024];
    private long[] millis = new long[1024];

    /// Index + 1 of the entry in each bucket; 0 is free. Always a power of two, at least twice the
    /// entries.
    private int[] buckets = new int[4096];

    private int size;

    /// Takes one identity of the batch in flight.
    @FunctionalInterface
    interface Sink {
        void accept(long high, long low, long millis);
    }

    /// When the identity was last seen in this batch, or [IdentityTable#ABSENT].
    long lastSeen(long high, long low) {
        int index = buckets[bucket(high, low)] - 1;
        return index < 0 ? IdentityTable.ABSENT : millis[index];
    }

    void put(long high, long low, long appendMillis) {
        int bucket = bucket(high, low);
        int index = buckets[bucket] - 1;
        if (index >= 0) {
            millis[index] = Math.max(millis[index], appendMillis);
            return;
        }
        if (size == highs.length) {
            grow();
            bucket = bucket(high, low);
        }
        highs[size] = high;
        lows[size] = low;
        millis[size] = appendMillis;
        buckets[bucket] = ++size;
    }

    int size() {
        return size;
    }

    void forEach(Sink sink) {
        for (int i = 0; i < size; i++) {
            sink.accept(highs[i], lows[i], millis[i]);
        }
    }

    void clear() {
        if (size > 0) {
            Arrays.fill(buckets, 0);
            size = 0;
        }
    }

    private int bucket(long high, long low) {
        int mask = buckets.length - 1;
        int bucket = (int) low & mask;
        while (buckets[bucket] != 0) {
            int index = buckets[bucket] - 1;
            if (highs[index] == high && lows[index] == low) {
                return bucket;
            }
            bucket = (bucket + 1) & mask;
        }
        return bucket;
    }

    private void grow() {
        highs = Arrays.copyOf(highs, 2 * size);
        lows = Arrays.copyOf(lows, 2 * size);
        millis = Arrays.copyOf(millis, 2 * size);
        buckets = new int[2 * buckets.length];
        for (int i = 0; i < size; i++) {
            buckets[bucket(highs[i], lows[i])] = i + 1;
        }
    }
}

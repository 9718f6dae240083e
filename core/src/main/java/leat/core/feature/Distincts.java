package leat.core.feature;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// How many different values every window has. As all windows end at the query time, a value is in
/// those that see the newest tile that has it.
///
/// A tile tells apart no more values than the limit. A window with such a full tile is at the limit
/// by that tile alone, so what the tile did not keep cannot be missed.
final class Distincts {

    private final Map<Object, Long> newestTile = new HashMap<>();
    private final long[] counts;
    private long weightBytes = 120;

    Distincts(int windows) {
        this.counts = new long[windows];
    }

    /// Takes in a value that a tile keeps.
    ///
    /// @param froms where the windows begin
    void add(Object value, long start, long[] froms) {
        Long before = newestTile.get(value);
        if (before != null && before >= start) {
            return;
        }
        newestTile.put(value, start);
        if (before == null) {
            weightBytes += 80 + Values.weightBytes(value);
        }
        for (int window = 0; window < froms.length; window++) {
            boolean was = before != null && before >= froms[window];
            if (!was && start >= froms[window]) {
                counts[window]++;
            }
        }
    }

    /// A tile leaves a window.
    void leave(Set<Object> values, long start, int window) {
        for (Object value : values) {
            Long newest = newestTile.get(value);
            if (newest != null && newest == start) {
                counts[window]--;
            }
        }
    }

    /// A tile has left all windows.
    void forget(Set<Object> values, long start) {
        for (Object value : values) {
            if (newestTile.remove(value, start)) {
                weightBytes -= 80 + Values.weightBytes(value);
            }
        }
    }

    long count(int window) {
        return counts[window];
    }

    long weightBytes() {
        return weightBytes + (8L * counts.length);
    }
}

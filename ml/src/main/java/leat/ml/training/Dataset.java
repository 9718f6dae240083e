package leat.ml.training;

import java.time.Instant;
import java.util.SortedMap;
import leat.core.training.Checks;
import leat.ml.training.algorithm.Rows;

/// Rows to learn from, in the order of their query times; equal ones in that of partitions and
/// offsets.
final class Dataset {

    private final DatasetName name;
    private final Rows rows;
    private final long[] times;
    private final SortedMap<String, Checks.Seen> seen;
    private final SortedMap<String, Checks.Kept> kept;
    private final LeftOut leftOut;

    Dataset(
            DatasetName name,
            Rows rows,
            long[] times,
            SortedMap<String, Checks.Seen> seen,
            SortedMap<String, Checks.Kept> kept,
            LeftOut leftOut) {
        this.name = name;
        this.rows = rows;
        this.times = times;
        this.seen = seen;
        this.kept = kept;
        this.leftOut = leftOut;
    }

    /// Vectors of the range of time that are no rows.
    ///
    /// @param lacking a feature
    /// @param unlabelled since no event says their label, or it is not over in which one may come
    record LeftOut(long lacking, long unlabelled) {}

    DatasetName name() {
        return name;
    }

    Rows rows() {
        return rows;
    }

    SortedMap<String, Checks.Seen> seen() {
        return seen;
    }

    /// How the records that were read keep their schemas, by what they are.
    SortedMap<String, Checks.Kept> kept() {
        return kept;
    }

    /// How many records break their schema.
    long unreadable() {
        return kept.values().stream().mapToLong(Checks.Kept::unreadable).sum();
    }

    LeftOut leftOut() {
        return leftOut;
    }

    Instant time(int row) {
        return rows.time(row);
    }

    /// How many of the first rows have a time that is so far before another row's, or farther.
    int before(int row, long micros) {
        int before = row;
        while (before > 0 && times[before - 1] > times[row] - micros) {
            before--;
        }
        return before;
    }
}

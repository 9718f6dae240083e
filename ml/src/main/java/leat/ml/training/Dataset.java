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
    private final LeftOut leftOut;

    Dataset(
            DatasetName name,
            Rows rows,
            long[] times,
            SortedMap<String, Checks.Seen> seen,
            LeftOut leftOut) {
        this.name = name;
        this.rows = rows;
        this.times = times;
        this.seen = seen;
        this.leftOut = leftOut;
    }

    /// Vectors of the range of time that are no rows.
    ///
    /// @param lacking a feature
    /// @param unlabelled since no event says their label, or it is not over in which one may come
    /// @param unreadable records that are no vectors
    record LeftOut(long lacking, long unlabelled, long unreadable) {}

    DatasetName name() {
        return name;
    }

    Rows rows() {
        return rows;
    }

    SortedMap<String, Checks.Seen> seen() {
        return seen;
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

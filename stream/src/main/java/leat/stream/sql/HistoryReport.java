package leat.stream.sql;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// A training set that was made.
///
/// @param views in the order of their columns
/// @param elapsed from the request to the last row in the file
public record HistoryReport(Path file, long rows, List<ViewRows> views, Duration elapsed) {

    public HistoryReport {
        views = List.copyOf(views);
    }

    /// How a view did.
    ///
    /// @param view `NAME.vN`, or `NAME.v1+v2` where several versions gave the rows
    /// @param rowsWithout rows for which it had no vector, or only one that is too old
    public record ViewRows(String view, long rowsWithout) {}

    public double rowsPerSecond() {
        return rows / Math.max(1e-9, elapsed.toNanos() / 1e9);
    }
}

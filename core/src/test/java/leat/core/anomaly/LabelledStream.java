package leat.core.anomaly;

import java.util.List;

/// A metric stream whose anomalies are known: rows, and windows (row numbers, both ends included)
/// in which an alarm is right.
final class LabelledStream {

    /// An anomaly begins near the middle of its window.
    record Window(int first, int last, String anomaly) {}

    final String name;
    final long[] timesMillis;
    final double[] values;
    final List<Window> windows;

    LabelledStream(String name, long[] timesMillis, double[] values, List<Window> windows) {
        this.name = name;
        this.timesMillis = timesMillis;
        this.values = values;
        this.windows = List.copyOf(windows);
    }

    int length() {
        return values.length;
    }

    @Override
    public String toString() {
        return name;
    }
}

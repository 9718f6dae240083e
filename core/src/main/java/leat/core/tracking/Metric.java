package leat.core.tracking;

import java.util.Comparator;

/// One value of a metric.
///
/// @param value may be infinite or not a number
/// @param timestampMillis since 1970, not negative
/// @param step may be negative
public record Metric(String key, double value, long timestampMillis, long step) {

    /// By step, then by time, then by value.
    public static final Comparator<Metric> OLDEST_FIRST =
            Comparator.comparingLong(Metric::step)
                    .thenComparingLong(Metric::timestampMillis)
                    .thenComparingDouble(Metric::value);

    /// Whether this one is the newest of both. Equal ones are not newer than each other.
    boolean newerThan(Metric other) {
        return OLDEST_FIRST.compare(this, other) > 0;
    }
}

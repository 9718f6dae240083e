package leat.core.tracking;

/// One value of a metric.
///
/// @param value may be infinite or not a number
/// @param timestampMillis since 1970, not negative
/// @param step may be negative
public record Metric(String key, double value, long timestampMillis, long step) {

    /// Whether this one is the newest of both: by step, then by time, then by value. Equal ones are
    /// not newer than each other.
    boolean newerThan(Metric other) {
        int order = Long.compare(step, other.step);
        if (order == 0) {
            order = Long.compare(timestampMillis, other.timestampMillis);
        }
        return (order == 0 ? Double.compare(value, other.value) : order) > 0;
    }
}

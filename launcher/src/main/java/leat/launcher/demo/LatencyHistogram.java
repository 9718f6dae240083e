package leat.launcher.demo;

import java.util.concurrent.atomic.AtomicLongArray;

/// Latencies in whole milliseconds, exact up to a minute; what is longer counts as a minute. Safe
/// for many threads.
final class LatencyHistogram {

    private static final int MAX_MILLIS = 60_000;

    private final AtomicLongArray counts = new AtomicLongArray(MAX_MILLIS + 1);

    void record(long millis) {
        counts.incrementAndGet(Math.clamp(millis, 0, MAX_MILLIS));
    }

    /// The smallest latency that `share` (0 to 1) of all recorded ones do not exceed; 0 when there
    /// are none.
    long quantile(double share) {
        long total = 0;
        for (int millis = 0; millis <= MAX_MILLIS; millis++) {
            total += counts.get(millis);
        }
        long wanted = (long) Math.ceil(total * share);
        long seen = 0;
        for (int millis = 0; millis <= MAX_MILLIS && total > 0; millis++) {
            seen += counts.get(millis);
            if (seen >= wanted) {
                return millis;
            }
        }
        return 0;
    }
}

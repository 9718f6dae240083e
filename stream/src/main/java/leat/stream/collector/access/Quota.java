package leat.stream.collector.access;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// A token bucket: so many units a second, a second's worth at once. What is larger than the bucket
/// is let through when a unit is there and leaves a debt, since refusing it would mean to refuse it
/// for ever; the rate holds over time all the same.
final class Quota {

    private static final double SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final double perSecond;
    private final LongSupplier nanos;
    private double left;
    private long filledNanos;

    Quota(long perSecond, LongSupplier nanos) {
        this.perSecond = perSecond;
        this.nanos = nanos;
        this.left = perSecond;
        this.filledNanos = nanos.getAsLong();
    }

    /// Milliseconds until something may be taken; 0 for now.
    synchronized long waitMillis() {
        fill();
        return left >= 1 ? 0 : 1 + (long) ((1 - left) / perSecond * 1000);
    }

    synchronized void take(long units) {
        fill();
        left -= units;
    }

    private void fill() {
        long now = nanos.getAsLong();
        left = Math.min(perSecond, left + (now - filledNanos) / SECOND_NANOS * perSecond);
        filledNanos = now;
    }
}

package leat.stream.collector;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/// Tells from what the log acknowledged lately whether one more request would wait too long for it.
///
/// By Little's law what is in flight waits as long as the log needs to acknowledge as much. So once
/// acknowledgements have lately taken half of the bearable wait or more, no more is let in flight
/// than the log acknowledged during the last such wait, or [#HESITANT_BYTES]; and only
/// [#FLOOR_BYTES] to try with once they take all of it. A log that answers soon is never held back,
/// however much comes at once.
final class Backlog {

    /// What may always be in flight.
    static final long FLOOR_BYTES = 256L << 10;

    /// What may be in flight while the log is slow, as after a pause, but not too slow.
    static final long HESITANT_BYTES = 1L << 20;

    private static final int SLOTS = 8;

    private final long waitNanos;
    private final long slotNanos;
    private final LongSupplier nanoTime;
    private final AtomicInteger waiting = new AtomicInteger();
    private final long[] acknowledgedBytes = new long[SLOTS];
    private final long[] slowestNanos = new long[SLOTS];
    private long slot;
    private volatile long progressNanos;

    /// @param wait how long an event may wait for its acknowledgement
    /// @param nanoTime a clock such as [System#nanoTime]
    Backlog(Duration wait, LongSupplier nanoTime) {
        this.waitNanos = wait.toNanos();
        this.slotNanos = Math.max(1, waitNanos / SLOTS);
        this.nanoTime = nanoTime;
        this.slot = nanoTime.getAsLong() / slotNanos;
    }

    /// A batch is handed to the log.
    void began() {
        if (waiting.getAndIncrement() == 0) {
            progressNanos = nanoTime.getAsLong();
            forgetLatencies();
        }
    }

    /// The log's last word on a batch has come.
    ///
    /// @param bytes how much of it the log acknowledged
    /// @param tookNanos since it was handed over
    void ended(long bytes, long tookNanos) {
        long now = nanoTime.getAsLong();
        waiting.decrementAndGet();
        progressNanos = now;
        synchronized (this) {
            turnTo(now / slotNanos);
            acknowledgedBytes[index(slot)] += bytes;
            slowestNanos[index(slot)] = Math.max(slowestNanos[index(slot)], tookNanos);
        }
    }

    private synchronized void forgetLatencies() {
        Arrays.fill(slowestNanos, 0);
    }

    /// Whether one more request may be handed over, with `inFlightBytes` taken by it and all
    /// others.
    boolean admits(long inFlightBytes) {
        if (inFlightBytes <= FLOOR_BYTES || waiting.get() == 0) {
            return true;
        }
        long now = nanoTime.getAsLong();
        long delayNanos = Math.max(slowestLately(now), now - progressNanos);
        if (delayNanos < waitNanos / 2
                || (delayNanos < waitNanos && inFlightBytes <= HESITANT_BYTES)) {
            return true;
        }
        return inFlightBytes < acknowledgedLately(now);
    }

    private synchronized long acknowledgedLately(long now) {
        turnTo(now / slotNanos);
        long sum = 0;
        for (long bytes : acknowledgedBytes) {
            sum += bytes;
        }
        return sum;
    }

    private synchronized long slowestLately(long now) {
        turnTo(now / slotNanos);
        long slowest = 0;
        for (long nanos : slowestNanos) {
            slowest = Math.max(slowest, nanos);
        }
        return slowest;
    }

    /// Empties the slots between the newest one and `next`, which is the newest now.
    private void turnTo(long next) {
        if (next <= slot) {
            return;
        }
        for (long empty = Math.max(slot + 1, next - SLOTS + 1); empty <= next; empty++) {
            acknowledgedBytes[index(empty)] = 0;
            slowestNanos[index(empty)] = 0;
        }
        slot = next;
    }

    private static int index(long slot) {
        return Math.floorMod(slot, SLOTS);
    }
}

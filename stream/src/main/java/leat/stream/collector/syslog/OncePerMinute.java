package leat.stream.collector.syslog;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Lets one line a minute into the log: many senders may be wrong at once, and all are counted.
final class OncePerMinute {

    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final AtomicLong lastNanos = new AtomicLong(System.nanoTime() - MINUTE_NANOS);

    /// Whether it is time for a line, which is used up by that.
    boolean isDue() {
        long last = lastNanos.get();
        long now = System.nanoTime();
        return now - last >= MINUTE_NANOS && lastNanos.compareAndSet(last, now);
    }
}

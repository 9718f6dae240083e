package leat.stream.log;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Lets one line a minute into a process's own log: much may be wrong at once, and is counted.
public final class OncePerMinute {

    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final AtomicLong lastNanos = new AtomicLong(System.nanoTime() - MINUTE_NANOS);

    /// Whether it is time for a line, which is used up by that.
    public boolean isDue() {
        long last = lastNanos.get();
        long now = System.nanoTime();
        return now - last >= MINUTE_NANOS && lastNanos.compareAndSet(last, now);
    }
}

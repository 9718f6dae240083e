package leat.stream.log;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Decides which of a loader's many waits is worth a line: the first of a row, since starting
/// engines are waited for every day; when it lasts, a warning after thirty seconds and then after
/// ever longer ones; and the end. One thread uses it.
public final class WaitReport {

    private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();
    private static final long MAX_INTERVAL_NANOS = Duration.ofMinutes(10).toNanos();

    private @Nullable Long sinceNanos;
    private long warnAtNanos;
    private long intervalNanos;

    /// What is to be said of a wait.
    public enum Line {
        BEGINS,
        LASTS,
        NONE
    }

    /// It waits, again or for the first time.
    public Line waits(long nowNanos) {
        if (sinceNanos == null) {
            sinceNanos = nowNanos;
            intervalNanos = PATIENCE_NANOS;
            warnAtNanos = nowNanos + intervalNanos;
            return Line.BEGINS;
        }
        if (nowNanos - warnAtNanos < 0) {
            return Line.NONE;
        }
        intervalNanos = Math.min(2 * intervalNanos, MAX_INTERVAL_NANOS);
        warnAtNanos = nowNanos + intervalNanos;
        return Line.LASTS;
    }

    /// For how long it has waited; zero when it does not.
    public Duration waited(long nowNanos) {
        return sinceNanos == null ? Duration.ZERO : Duration.ofNanos(nowNanos - sinceNanos);
    }

    /// It goes on; whether it had waited.
    public boolean goesOn() {
        boolean waited = sinceNanos != null;
        sinceNanos = null;
        return waited;
    }
}

package leat.stream.collector.http;

import leat.stream.collector.HttpSettings;
import org.jspecify.annotations.Nullable;

/// How long one connection waits for its client: for a request to begin, for the rest of one, and
/// for answers to be read. Time in which nothing is read is not the client's.
///
/// All times are those of [System#nanoTime].
final class Patience {

    private static final long MIN_LOOK_MILLIS = 100;

    private final HttpSettings settings;
    private boolean paused;
    private long pausedNanos;
    private boolean ending;
    private long endingNanos;
    private long activeNanos;

    /// What is to be done about a client.
    sealed interface Verdict {

        /// It has time left.
        record Wait() implements Verdict {}

        /// It asks for nothing.
        record End() implements Verdict {}

        /// Its request does not go on.
        record Refuse(Exchange half) implements Verdict {}

        /// It leaves its answers unread, or its side open: no word would reach it.
        record Cut() implements Verdict {}
    }

    Patience(HttpSettings settings, long nowNanos) {
        this.settings = settings;
        this.activeNanos = nowNanos;
    }

    /// How long until the next look at the connection.
    long lookMillis() {
        long shortest =
                Math.min(
                        settings.answerTimeout().toMillis(),
                        Math.min(
                                settings.idleTimeout().toMillis(),
                                settings.requestTimeout().toMillis()));
        return Math.max(MIN_LOOK_MILLIS, shortest / 4);
    }

    /// The client has begun a request, or an answer was written for it.
    void active(long nowNanos) {
        activeNanos = nowNanos;
    }

    /// The last answer is written: only the end is waited for.
    void ending(long nowNanos) {
        ending = true;
        endingNanos = nowNanos;
    }

    /// The connection is read from, or is not for a while.
    ///
    /// @param half the request that is being read
    /// @return whether that is news
    boolean read(boolean on, @Nullable Exchange half, long nowNanos) {
        if (paused != on) {
            return false;
        }
        paused = !on;
        if (paused) {
            pausedNanos = nowNanos;
        } else if (half != null) {
            half.startNanos += nowNanos - Math.max(pausedNanos, half.startNanos);
        }
        return true;
    }

    /// @param unreadNanos how long answers have been left unread
    /// @param half the request that is being read
    /// @param answered whether every other one is answered
    Verdict verdict(long unreadNanos, @Nullable Exchange half, boolean answered, long nowNanos) {
        long waitedNanos = ending ? nowNanos - endingNanos : unreadNanos;
        if (waitedNanos > settings.answerTimeout().toNanos()) {
            return new Verdict.Cut();
        }
        if (ending || paused) {
            return new Verdict.Wait();
        }
        if (half != null) {
            return nowNanos - half.startNanos > settings.requestTimeout().toNanos()
                    ? new Verdict.Refuse(half)
                    : new Verdict.Wait();
        }
        return answered && nowNanos - activeNanos > settings.idleTimeout().toNanos()
                ? new Verdict.End()
                : new Verdict.Wait();
    }
}

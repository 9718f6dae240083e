package leat.stream.enricher.api;

import java.util.concurrent.atomic.AtomicLong;

/// Allows repeated calls as a share of the first ones, so that a service in trouble is not asked
/// more than it was before. Up to [#SAVED] repetitions are saved for a bad moment.
final class RetryBudget {

    private static final int SAVED = 10;
    private static final long ONE = 100;

    private final long perCall;
    private final AtomicLong hundredths = new AtomicLong(SAVED * ONE);

    RetryBudget(int percent) {
        this.perCall = percent;
        if (percent == 0) {
            hundredths.set(0);
        }
    }

    /// A first call is made.
    void called() {
        hundredths.updateAndGet(saved -> Math.min(SAVED * ONE, saved + perCall));
    }

    /// Whether a call may be repeated; it counts as repeated then.
    boolean repeat() {
        long before = hundredths.getAndUpdate(saved -> saved < ONE ? saved : saved - ONE);
        return before >= ONE;
    }
}

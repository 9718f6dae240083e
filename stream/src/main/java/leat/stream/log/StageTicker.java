package leat.stream.log;

import java.util.concurrent.locks.LockSupport;

/// Time as a [Stage] sees it; tests have one that they move.
interface StageTicker {

    StageTicker SYSTEM =
            new StageTicker() {
                @Override
                public long nanos() {
                    return System.nanoTime();
                }

                @Override
                public void park(long nanos) {
                    if (nanos > 0) {
                        LockSupport.parkNanos(nanos);
                    }
                }

                @Override
                public void polled() {}
            };

    long nanos();

    /// Waits; at once back when `nanos` is not positive.
    void park(long nanos);

    /// A poll without records returned while the stage backs off.
    void polled();
}

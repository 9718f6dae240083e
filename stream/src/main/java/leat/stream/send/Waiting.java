package leat.stream.send;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The time of one run: its clock, and waits that a stop or a failure ends early.
interface Waiting {

    /// Nanoseconds from some origin.
    long nanos();

    /// Waits, at most `duration`.
    ///
    /// @return whether the run is to end
    boolean await(Duration duration) throws InterruptedException;

    /// Ends all waits, now and later.
    void end();

    static Waiting real() {
        CountDownLatch ended = new CountDownLatch(1);
        return new Waiting() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public boolean await(Duration duration) throws InterruptedException {
                return ended.await(duration.toNanos(), TimeUnit.NANOSECONDS);
            }

            @Override
            public void end() {
                ended.countDown();
            }
        };
    }
}

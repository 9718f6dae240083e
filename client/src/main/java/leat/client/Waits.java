package leat.client;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The clock of a client, and waits that can be ended early.
public interface Waits {

    /// Nanoseconds from some origin.
    long nanos();

    /// Waits, at most `duration`.
    ///
    /// @return whether the client is to end
    boolean await(Duration duration) throws InterruptedException;

    /// Ends all waits, now and later.
    void end();

    /// By the clock of the machine.
    static Waits real() {
        CountDownLatch ended = new CountDownLatch(1);
        return new Waits() {
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

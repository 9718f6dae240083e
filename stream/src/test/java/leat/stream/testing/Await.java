package leat.stream.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// Waits for what is going to be true.
public final class Await {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long PAUSE_NANOS = Duration.ofMillis(10).toNanos();

    private Await() {}

    /// Returns when `condition` holds.
    public static void untilTrue(BooleanSupplier condition) {
        until(() -> assertThat(condition.getAsBoolean()).isTrue());
    }

    /// Returns when `assertion` holds; after 60 s what it last said is thrown.
    public static void until(ThrowingCallable assertion) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                assertion.call();
                return;
            } catch (AssertionError e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }
    }
}

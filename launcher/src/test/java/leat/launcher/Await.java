package leat.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Waits for what a platform does by itself.
final class Await {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long LOOK_NANOS = Duration.ofMillis(100).toNanos();

    private Await() {}

    /// Waits until something is so.
    ///
    /// @param what is awaited, in words
    static void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time for " + what).isLessThan(deadline);
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /// Waits until a text has something in it.
    static void text(String wanted, Supplier<String> look) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String seen = look.get();
        while (!seen.contains(wanted)) {
            assertThat(System.nanoTime()).as(seen).isLessThan(deadline);
            LockSupport.parkNanos(LOOK_NANOS);
            seen = look.get();
        }
    }
}

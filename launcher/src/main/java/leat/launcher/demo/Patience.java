package leat.launcher.demo;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Waits for what comes by itself, and for no longer than it may still come.
///
/// @param view is told five times a second how far it is, in one line
/// @param told is told what is not waited for any longer
record Patience(Consumer<String> view, Consumer<String> told) {

    private static final long BEAT_NANOS = Duration.ofMillis(200).toNanos();

    /// After so long without anything new, what is awaited will not come.
    private static final Duration QUIET_LIMIT = Duration.ofSeconds(30);

    private static final Duration LIMIT = Duration.ofMinutes(10);

    /// For so long a new version may take to predict.
    private static final Duration SWAP_LIMIT = Duration.ofSeconds(30);

    /// Waits until something is so, or nothing new comes any more.
    void await(BooleanSupplier done, LongSupplier progress, Supplier<String> line) {
        long begun = System.nanoTime();
        long lastNanos = begun;
        long last = -1;
        while (!done.getAsBoolean()) {
            long now = System.nanoTime();
            if (progress.getAsLong() != last) {
                last = progress.getAsLong();
                lastNanos = now;
            }
            if (now - lastNanos > QUIET_LIMIT.toNanos() || now - begun > LIMIT.toNanos()) {
                told.accept("does not wait longer for " + line.get());
                return;
            }
            view.accept(line.get());
            beat();
        }
    }

    /// Waits for a new version to have predicted; false when it does not.
    static boolean comes(BooleanSupplier something) {
        long limit = System.nanoTime() + SWAP_LIMIT.toNanos();
        while (!something.getAsBoolean()) {
            if (System.nanoTime() > limit) {
                return false;
            }
            beat();
        }
        return true;
    }

    /// Lets a moment pass before one looks again.
    static void beat() {
        LockSupport.parkNanos(BEAT_NANOS);
    }
}

package leat.ml.featurestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/// Waits for what other threads and processes do.
final class Waiting {

    private static final long LOOK_MILLIS = 20;

    private Waiting() {}

    /// Looks again and again until it holds.
    ///
    /// @param what is named when it does not
    static void await(Callable<Boolean> condition, Duration patience, String what)
            throws Exception {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }
}

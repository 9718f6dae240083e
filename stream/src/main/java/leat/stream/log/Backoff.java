package leat.stream.log;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// Growing delays with jitter, so that many loaders do not come back to what is struggling at the
/// same moment. Each delay lies between half and all of a bound that doubles from 100 ms to 10 s.
public final class Backoff {

    private static final long FIRST_MILLIS = 100;
    private static final long MAX_MILLIS = 10_000;

    private final RandomGenerator random;
    private long boundMillis = FIRST_MILLIS;

    /// With random numbers of the default kind.
    public Backoff() {
        this(RandomGenerator.getDefault());
    }

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /// How long to wait now.
    public Duration next() {
        long millis = boundMillis / 2 + random.nextLong(boundMillis / 2 + 1);
        boundMillis = Math.min(2 * boundMillis, MAX_MILLIS);
        return Duration.ofMillis(millis);
    }

    /// It went well: the next wait is a short one.
    public void reset() {
        boundMillis = FIRST_MILLIS;
    }
}

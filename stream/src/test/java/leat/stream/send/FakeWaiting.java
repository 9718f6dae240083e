package leat.stream.send;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import leat.client.Waits;

/// A clock that moves by the waits alone.
final class FakeWaiting implements Waits {

    private long nanos = 1;
    private boolean ended;
    private final List<Duration> waits = new ArrayList<>();

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public synchronized boolean await(Duration duration) {
        if (!ended && duration.isPositive()) {
            waits.add(duration);
            nanos += duration.toNanos();
        }
        return ended;
    }

    @Override
    public synchronized void end() {
        ended = true;
    }

    synchronized List<Duration> waits() {
        return new ArrayList<>(waits);
    }

    synchronized Duration total() {
        return Duration.ofNanos(nanos - 1);
    }
}

package leat.launcher.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import leat.launcher.config.LeatConfig.History;

/// How the sources' time passes in a demo that shows models: their past is there first, and then a
/// step of theirs, a minute say, passes as often as all of them have sent once. So a minute of
/// demonstration has failures to foretell, and the past is like what follows.
///
/// @param begin of the past
/// @param live where it ends; the same where there is none
/// @param speed how much faster than the clock it passes from then on
record SourceTime(Instant begin, Instant live, double speed) {

    /// The demo ends about now.
    ///
    /// @param newest time of what the log has of an earlier demo, after which this one goes on,
    ///   without a past of its own
    static SourceTime of(Demo.Size size, History history, Instant now, Optional<Instant> newest) {
        double speed = history.step().toNanos() / 1e9 * size.rate() / size.sources();
        Duration played = Duration.ofNanos((long) (size.length().toNanos() * speed));
        Instant live = floor(now.minus(played), history.step());
        Instant begin = live.minus(history.length());
        if (newest.filter(one -> !one.isBefore(begin)).isEmpty()) {
            return new SourceTime(begin, live, speed);
        }
        Instant next = floor(newest.get(), history.step()).plus(history.step());
        Instant later = next.isAfter(live) ? next : live;
        return new SourceTime(later, later, speed);
    }

    /// So that what windows are made of does not depend on the second in which a demo begins.
    private static Instant floor(Instant time, Duration step) {
        long seconds = Math.max(1, step.toSeconds());
        return Instant.ofEpochSecond(time.getEpochSecond() / seconds * seconds);
    }

    /// Events a second of the sources' time, all together.
    double eventsPerSecond(Demo.Size size) {
        return size.rate() / speed;
    }
}

package leat.stream.audit;

import java.time.Instant;

/// A range of timestamps in the log's unit, milliseconds since the epoch.
///
/// @param from the first
/// @param to the first that does not belong to it any more
public record TimeRange(long from, long to) {

    /// The timestamps in a window: one at or after `time` is one at or after the next full
    /// millisecond.
    static TimeRange of(Instant from, Instant to) {
        return new TimeRange(millisRoundedUp(from), millisRoundedUp(to));
    }

    public boolean contains(long millis) {
        return millis >= from && millis < to;
    }

    static long millisRoundedUp(Instant time) {
        long millis = time.toEpochMilli();
        return Instant.ofEpochMilli(millis).isBefore(time) ? millis + 1 : millis;
    }
}

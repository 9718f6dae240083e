package leat.stream.enricher.dedupe;

import java.time.Duration;

/// A record is a duplicate ⇔ its identity stands at a smaller offset of its partition, itself a
/// duplicate or not, whose log-append time is no more than `windowMillis` older.
public record DuplicateRule(long windowMillis) {

    /// How far a broker's clock may jump back without a duplicate being missed: identities are
    /// remembered this much longer than the window.
    public static final long CLOCK_SLACK_MILLIS = Duration.ofMinutes(5).toMillis();

    public static DuplicateRule within(Duration window) {
        return new DuplicateRule(window.toMillis());
    }

    /// Whether an identity last appended at `earlierMillis` makes a record a duplicate.
    public boolean holds(long earlierMillis, long appendMillis) {
        return appendMillis - earlierMillis <= windowMillis;
    }

    /// What is older can decide nothing once a record of `newestMillis` was seen.
    public long horizonMillis(long newestMillis) {
        return newestMillis - windowMillis - CLOCK_SLACK_MILLIS;
    }
}

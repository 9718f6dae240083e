package leat.stream.inspect;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import leat.stream.log.EventTimes;

/// How far event time has come among a contract's enriched events, from what the enricher commits
/// with its positions, so it is exact whatever was killed.
///
/// @param watermark the least of the partitions' greatest event times, idle partitions left out
/// @param idlePartitions partitions whose newest event was appended more than [#IDLE_AFTER] before
///   the contract's newest
/// @param events how many events were timed since the enricher first did
/// @param late how many of them were late by more than each of [EventTimes#BOUNDS]
public record EventTimeStatus(Instant watermark, int idlePartitions, long events, List<Long> late) {

    /// A partition without events for so long does not hold the watermark back.
    public static final Duration IDLE_AFTER = Duration.ofMinutes(1);

    public EventTimeStatus {
        late = List.copyOf(late);
    }

    /// Reads the times of a contract's partitions; empty when none has any.
    static Optional<EventTimeStatus> of(List<EventTimes> partitions) {
        Optional<EventTimes> all = partitions.stream().reduce(EventTimes::plus);
        if (all.isEmpty()) {
            return Optional.empty();
        }
        long activeSince = all.get().appendedMillis() - IDLE_AFTER.toMillis();
        List<EventTimes> active =
                partitions.stream().filter(one -> one.appendedMillis() >= activeSince).toList();
        long watermark = active.stream().mapToLong(EventTimes::watermarkMicros).min().orElseThrow();
        return Optional.of(
                new EventTimeStatus(
                        Instant.EPOCH.plus(watermark, ChronoUnit.MICROS),
                        partitions.size() - active.size(),
                        all.get().timed(),
                        all.get().late()));
    }

    /// The least of the bounds by which at most one event in a hundred was later; empty when more
    /// were later than the greatest.
    public Optional<Duration> latenessP99() {
        for (int i = 0; i < late.size(); i++) {
            if (late.get(i) * 100 <= events) {
                return Optional.of(EventTimes.BOUNDS.get(i));
            }
        }
        return Optional.empty();
    }
}

package leat.stream.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.stream.audit.AuditLog.TimedOffset;
import org.jspecify.annotations.Nullable;

/// What of the window the log has, and what of that can be judged.
///
/// @param windows the raw offsets whose append time lies in the window, by partition
/// @param verifiableFroms the raw offset from which on everything needed is kept; absent where all
///   of the window is
/// @param rawComplete whether the raw topic still has all records of the window
record Horizon(
        Map<Integer, OffsetRange> windows,
        Map<Integer, Long> verifiableFroms,
        boolean rawComplete) {

    Horizon {
        windows = Map.copyOf(windows);
        verifiableFroms = Map.copyOf(verifiableFroms);
    }

    OffsetRange window(int partition) {
        return windows.getOrDefault(partition, new OffsetRange(0, 0));
    }

    long verifiableFrom(int partition) {
        return verifiableFroms.getOrDefault(partition, 0L);
    }

    /// Where retention deleted something, a record can be judged only if the dedupe window before
    /// it is still in raw and no output of its age can have been deleted.
    ///
    /// @param raw the raw topic's bounds
    static Horizon of(
            AuditLog log,
            AuditRequest request,
            Followed followed,
            String rawTopic,
            Map<Integer, OffsetRange> raw,
            List<Output> outputs,
            Instant now) {
        Map<Integer, Instant> oldest = new HashMap<>();
        boolean rawComplete = true;
        Map<Integer, TimedOffset> firsts = log.firstAt(rawTopic, Instant.EPOCH);
        for (Map.Entry<Integer, OffsetRange> partition : raw.entrySet()) {
            if (partition.getValue().from() > 0) {
                TimedOffset first = firsts.get(partition.getKey());
                Instant kept = first == null ? now : first.time();
                rawComplete &= kept.isBefore(request.from());
                oldest.put(partition.getKey(), kept.plus(followed.dedupeWindow()));
            }
        }
        for (Output output : outputs) {
            Map<Integer, TimedOffset> kept = log.firstAt(output.topic(), Instant.EPOCH);
            output.bounds()
                    .forEach((partition, bounds) -> {
                        if (bounds.from() > 0) {
                            Instant complete =
                                    completeFrom(
                                            kept.get(partition),
                                            followed.contract().log().retention().map(now::minus));
                            oldest.merge(partition, complete, Horizon::later);
                        }
                    });
        }
        Map<Integer, Long> verifiableFroms = new HashMap<>();
        oldest.forEach((partition, from) -> {
            OffsetRange bounds = raw.get(partition);
            if (bounds != null && from.isAfter(request.from())) {
                Instant capped = from.isAfter(request.to()) ? request.to() : from;
                verifiableFroms.put(
                        partition,
                        TimedOffset.offset(
                                log.firstAt(rawTopic, capped).get(partition), bounds.to()));
            }
        });
        return new Horizon(windows(log, request, rawTopic, raw), verifiableFroms, rawComplete);
    }

    private static Map<Integer, OffsetRange> windows(
            AuditLog log, AuditRequest request, String rawTopic, Map<Integer, OffsetRange> raw) {
        Map<Integer, TimedOffset> starts = log.firstAt(rawTopic, request.from());
        Map<Integer, TimedOffset> ends = log.firstAt(rawTopic, request.to());
        Map<Integer, OffsetRange> windows = new HashMap<>();
        raw.forEach((partition, bounds) -> {
            long end = Math.min(TimedOffset.offset(ends.get(partition), bounds.to()), bounds.to());
            long start = TimedOffset.offset(starts.get(partition), bounds.to());
            windows.put(partition, new OffsetRange(Math.min(start, end), end));
        });
        return windows;
    }

    /// The time from which on an output topic that lost its beginning is complete: the oldest
    /// record that is left, or the retention, since nothing younger is deleted.
    private static Instant completeFrom(
            @Nullable TimedOffset first, Optional<Instant> byRetention) {
        Instant byRecord = first == null ? Instant.MAX : first.time().plus(Duration.ofMillis(1));
        return byRetention.filter(byRecord::isAfter).orElse(byRecord);
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}

package leat.stream.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// How far event time has come among the events of a partition that a stage passed on, and how late
/// the stragglers were. An event is late by as much as its time lies behind the watermark: the
/// greatest time of the events before it in its partition.
///
/// @param watermarkMicros the greatest event time; [Long#MIN_VALUE] when no event was timed
/// @param appendedMillis the greatest append time of a timed event; [Long#MIN_VALUE] like above
/// @param timed the events that this tells of
/// @param late how many of them were late by more than each of [#BOUNDS]
public record EventTimes(long watermarkMicros, long appendedMillis, long timed, List<Long> late) {

    /// By how much an event can be late, ascending.
    public static final List<Duration> BOUNDS =
            List.of(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(10),
                    Duration.ofHours(1),
                    Duration.ofDays(1));

    public static final EventTimes NONE =
            new EventTimes(
                    Long.MIN_VALUE, Long.MIN_VALUE, 0, Collections.nCopies(BOUNDS.size(), 0L));

    public EventTimes {
        late = List.copyOf(late);
        if (timed < 0 || late.size() != BOUNDS.size() || late.stream().anyMatch(n -> n < 0)) {
            throw new IllegalArgumentException("a count of late events is missing or negative");
        }
    }

    /// Both together, where `more` came after this or stands beside it.
    public EventTimes plus(EventTimes more) {
        List<Long> sum = new ArrayList<>(late.size());
        for (int i = 0; i < late.size(); i++) {
            sum.add(late.get(i) + more.late.get(i));
        }
        return new EventTimes(
                Math.max(watermarkMicros, more.watermarkMicros),
                Math.max(appendedMillis, more.appendedMillis),
                timed + more.timed,
                sum);
    }

    /// What the events after a watermark add to it. Not for several threads.
    public static final class Progress {
        private final long[] late = new long[BOUNDS.size()];
        private long watermarkMicros;
        private long appendedMillis = Long.MIN_VALUE;
        private long timed;

        /// @param watermarkMicros the partition's before the first event
        public Progress(long watermarkMicros) {
            this.watermarkMicros = watermarkMicros;
        }

        /// The next event of the partition.
        public void add(long eventMicros, long appendMillis) {
            timed++;
            appendedMillis = Math.max(appendedMillis, appendMillis);
            if (eventMicros >= watermarkMicros) {
                watermarkMicros = eventMicros;
                return;
            }
            long behindMicros = watermarkMicros - eventMicros;
            for (int i = 0; i < late.length; i++) {
                if (behindMicros > BOUNDS.get(i).toNanos() / 1_000) {
                    late[i]++;
                }
            }
        }

        public EventTimes times() {
            return timed == 0
                    ? NONE
                    : new EventTimes(
                            watermarkMicros,
                            appendedMillis,
                            timed,
                            java.util.Arrays.stream(late).boxed().toList());
        }
    }
}

package leat.launcher.demo;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import leat.core.evaluation.EventEvaluation;
import leat.core.evaluation.EventEvaluation.Moment;

/// How right a scoring's alarms are so far, by the sources' time: of alarms that follow each other,
/// whether the event came in time, once that time is over; of events, whether an alarm came before
/// and how long. The newest 200,000 alarms and events are looked at.
final class AlarmTally {

    static final int MOST_MOMENTS = 200_000;

    private final Duration within;
    private final Deque<Moment> alarms = new ArrayDeque<>();
    private final Deque<Moment> events = new ArrayDeque<>();
    private long newestMicros = Long.MIN_VALUE;

    /// @param within how soon after its alarm an event is to come
    AlarmTally(Duration within) {
        this.within = within;
    }

    /// How right it is.
    ///
    /// @param alarms those that follow each other are one; only those whose time is over
    /// @param right of these
    /// @param events that were to be foretold
    /// @param foretold of these
    /// @param leadMicros the median of the times from the first alarm to its event
    record Outcome(long alarms, long right, long events, long foretold, OptionalLong leadMicros) {

        /// The share of alarms that were right; empty without an alarm.
        Optional<Double> precision() {
            return alarms == 0 ? Optional.empty() : Optional.of((double) right / alarms);
        }

        /// The share of events that were foretold; empty without an event.
        Optional<Double> recall() {
            return events == 0 ? Optional.empty() : Optional.of((double) foretold / events);
        }
    }

    /// A prediction was made.
    synchronized void predicted(String entity, long atMicros, boolean alarm) {
        newestMicros = Math.max(newestMicros, atMicros);
        if (alarm) {
            add(alarms, new Moment(entity, atMicros));
        }
    }

    /// What was to be foretold has happened.
    synchronized void happened(String entity, long atMicros) {
        add(events, new Moment(entity, atMicros));
    }

    private static void add(Deque<Moment> moments, Moment moment) {
        moments.addLast(moment);
        if (moments.size() > MOST_MOMENTS) {
            moments.removeFirst();
        }
    }

    synchronized Outcome outcome() {
        List<Moment> happened = List.copyOf(events);
        long over = newestMicros - within.toNanos() / 1_000;
        EventEvaluation due =
                EventEvaluation.of(
                        alarms.stream().filter(alarm -> alarm.atMicros() <= over).toList(),
                        happened,
                        within);
        EventEvaluation all = EventEvaluation.of(List.copyOf(alarms), happened, within);
        return new Outcome(
                due.episodes(), due.right(), all.events(), all.found(), all.medianLeadMicros());
    }
}

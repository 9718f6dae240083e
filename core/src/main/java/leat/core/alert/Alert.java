package leat.core.alert;

import java.util.ArrayList;
import java.util.List;
import leat.core.contract.QualityRule.AlertPolicy;

/// An alert between two events: the fold of all before.
///
/// @param failures windows in a row that failed, up to the last one judged
/// @param successes windows in a row that passed, likewise
/// @param firedAtMillis the end of the window that raised it last; 0 when none has
public record Alert(Status status, int failures, int successes, long firedAtMillis) {

    /// Where an alert stands. Both `FIRING` and `ACKNOWLEDGED` go on until it is resolved.
    public enum Status {
        RESOLVED,
        FIRING,
        ACKNOWLEDGED;

        /// `firing`, as users see it.
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /// An alert that was never raised.
    public static final Alert QUIET = new Alert(Status.RESOLVED, 0, 0, 0);

    /// What can happen to an alert from outside.
    public sealed interface Command {

        /// A window was judged.
        ///
        /// @param endMillis where the window ends
        record Judged(boolean passed, AlertPolicy policy, long endMillis) implements Command {}

        /// Somebody has taken the alert up.
        record Acknowledge() implements Command {}
    }

    /// What has happened to an alert.
    public sealed interface Event {

        /// So many windows in a row have failed, or passed; one of the two is 0.
        record Streak(int failures, int successes) implements Event {}

        record Fired(long atMillis) implements Event {}

        record Acknowledged() implements Event {}

        record Resolved() implements Event {}
    }

    /// What a command means. Acknowledging an alert that is not firing means nothing.
    public List<Event> decide(Command command) {
        return switch (command) {
            case Command.Acknowledge _ ->
                    status == Status.FIRING ? List.of(new Event.Acknowledged()) : List.of();
            case Command.Judged(boolean passed, AlertPolicy policy, long end) ->
                    passed ? passed(policy) : failed(policy, end);
        };
    }

    private List<Event> failed(AlertPolicy policy, long endMillis) {
        List<Event> events = new ArrayList<>();
        int streak = Math.min(failures + 1, policy.failures());
        events.add(new Event.Streak(streak, 0));
        if (status == Status.RESOLVED && streak >= policy.failures()) {
            events.add(new Event.Fired(endMillis));
        }
        return events;
    }

    private List<Event> passed(AlertPolicy policy) {
        List<Event> events = new ArrayList<>();
        int streak = Math.min(successes + 1, policy.successes());
        events.add(new Event.Streak(0, streak));
        if (status != Status.RESOLVED && streak >= policy.successes()) {
            events.add(new Event.Resolved());
        }
        return events;
    }

    /// The alert after an event.
    public Alert apply(Event event) {
        return switch (event) {
            case Event.Streak(int bad, int good) -> new Alert(status, bad, good, firedAtMillis);
            case Event.Fired(long at) -> new Alert(Status.FIRING, failures, successes, at);
            case Event.Acknowledged _ -> with(Status.ACKNOWLEDGED);
            case Event.Resolved _ -> with(Status.RESOLVED);
        };
    }

    private Alert with(Status next) {
        return new Alert(next, failures, successes, firedAtMillis);
    }

    /// The alert after several events.
    public Alert apply(List<Event> events) {
        Alert alert = this;
        for (Event event : events) {
            alert = alert.apply(event);
        }
        return alert;
    }
}

package leat.core.monitor;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import leat.core.alert.Alert;
import leat.core.evaluation.EventEvaluation.Moment;

/// What is kept of the watching of a scoring from one window to the next.
///
/// @param closedThroughMillis the end of the last judged window
/// @param newestVectorMillis when the last vector that was seen was appended
/// @param served the versions that answer or have answered, in the order in which they began to
/// @param alarms that later events may be found by
/// @param baselines by version, of versions without a training profile; the least lately used first
public record MonitoringState(
        long closedThroughMillis,
        OptionalLong newestVectorMillis,
        Map<ModelRule, Alert> alerts,
        SequencedMap<String, FirstWindow> baselines,
        SequencedMap<String, ServedVersion> served,
        List<Moment> alarms) {

    /// Of so many versions a first window is kept.
    public static final int MAX_BASELINES = 20;

    /// Of so many versions it is kept what they cost.
    public static final int MAX_SERVED = 20;

    /// Takes copies, and leaves out the baselines that are too many.
    public MonitoringState {
        alerts = Map.copyOf(alerts);
        alarms = List.copyOf(alarms);
        baselines = newest(baselines, MAX_BASELINES);
        served = newest(served, MAX_SERVED);
    }

    private static <T> SequencedMap<String, T> newest(SequencedMap<String, T> all, int most) {
        SequencedMap<String, T> kept = new LinkedHashMap<>(all);
        while (kept.size() > most) {
            kept.pollFirstEntry();
        }
        return Collections.unmodifiableSequencedMap(kept);
    }

    /// What the first full window of a version looked like.
    ///
    /// @param features empty until there was such a window, or where there is a training profile
    public record FirstWindow(Optional<Profile> features, Optional<Profile> scores) {
        static final FirstWindow NONE = new FirstWindow(Optional.empty(), Optional.empty());
    }

    /// Watching that begins with the window that begins then.
    public static MonitoringState begin(long startMillis) {
        return new MonitoringState(
                startMillis,
                OptionalLong.empty(),
                Map.of(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                List.of());
    }

    public Alert alert(ModelRule rule) {
        return alerts.getOrDefault(rule, Alert.QUIET);
    }

    /// What a version is compared with, where nothing is known of its training.
    public FirstWindow baseline(String version) {
        return baselines.getOrDefault(version, FirstWindow.NONE);
    }

    /// The same without what is missed least: the baseline that was used least lately, else the
    /// older half of the alarms; empty when neither is left.
    public Optional<MonitoringState> smaller() {
        if (baselines.isEmpty() && alarms.isEmpty()) {
            return Optional.empty();
        }
        SequencedMap<String, FirstWindow> fewer = new LinkedHashMap<>(baselines);
        boolean hadBaseline = fewer.pollFirstEntry() != null;
        List<Moment> kept =
                hadBaseline ? alarms : alarms.subList((alarms.size() + 1) / 2, alarms.size());
        return Optional.of(
                new MonitoringState(
                        closedThroughMillis, newestVectorMillis, alerts, fewer, served, kept));
    }

    /// The same with another alert.
    public MonitoringState with(ModelRule rule, Alert alert) {
        Map<ModelRule, Alert> changed = new EnumMap<>(ModelRule.class);
        changed.putAll(alerts);
        changed.put(rule, alert);
        return new MonitoringState(
                closedThroughMillis, newestVectorMillis, changed, baselines, served, alarms);
    }
}

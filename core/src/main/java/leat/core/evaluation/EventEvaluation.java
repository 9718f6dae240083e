package leat.core.evaluation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/// How good alarms foretell events: not row by row, but by event, with the time that the first
/// alarm leaves. An event is found when its entity had an alarm before it, at most `within` before.
///
/// Alarms are counted by episode: those of an entity that follow each other by at most `within` are
/// one. An episode is right when an alarm of it finds an event.
///
/// @param events that were to be foretold
/// @param found those of them that were
/// @param episodes of alarms
/// @param right those of them that found an event
/// @param leadMicros of each found event, how long before it its first alarm within came; rising
public record EventEvaluation(
        long events, long found, long episodes, long right, List<Long> leadMicros) {

    public EventEvaluation {
        leadMicros = leadMicros.stream().sorted().toList();
    }

    /// Something that happened to an entity: an alarm, or an event that was to be foretold.
    ///
    /// @param atMicros in microseconds since 1970
    public record Moment(String entity, long atMicros) {}

    /// Judges the alarms. What stands twice counts once.
    ///
    /// @param within how long before an event an alarm may come and still be of use; positive
    public static EventEvaluation of(List<Moment> alarms, List<Moment> events, Duration within) {
        long withinMicros = within.toNanos() / 1_000;
        if (withinMicros <= 0) {
            throw new IllegalArgumentException("alarms cannot find events within " + within);
        }
        Map<String, NavigableSet<Long>> alarmsOf = byEntity(alarms);
        Map<String, NavigableSet<Long>> eventsOf = byEntity(events);
        List<Long> leads = new ArrayList<>();
        long all = 0;
        for (Map.Entry<String, NavigableSet<Long>> entity : eventsOf.entrySet()) {
            all += entity.getValue().size();
            NavigableSet<Long> own = alarmsOf.getOrDefault(entity.getKey(), new TreeSet<>());
            for (long event : entity.getValue()) {
                Long first = own.ceiling(event - withinMicros);
                if (first != null && first < event) {
                    leads.add(event - first);
                }
            }
        }
        long episodes = 0;
        long right = 0;
        for (Map.Entry<String, NavigableSet<Long>> entity : alarmsOf.entrySet()) {
            NavigableSet<Long> own = eventsOf.getOrDefault(entity.getKey(), new TreeSet<>());
            for (boolean finds : episodes(entity.getValue(), own, withinMicros).values()) {
                episodes++;
                right += finds ? 1 : 0;
            }
        }
        return new EventEvaluation(all, leads.size(), episodes, right, leads);
    }

    private static Map<String, NavigableSet<Long>> byEntity(List<Moment> moments) {
        Map<String, NavigableSet<Long>> byEntity = new HashMap<>();
        for (Moment moment : moments) {
            byEntity.computeIfAbsent(moment.entity(), _ -> new TreeSet<>()).add(moment.atMicros());
        }
        return byEntity;
    }

    /// Of each episode by its first alarm, whether it finds an event.
    private static NavigableMap<Long, Boolean> episodes(
            NavigableSet<Long> alarms, NavigableSet<Long> events, long withinMicros) {
        NavigableMap<Long, Boolean> episodes = new TreeMap<>();
        long last = Long.MIN_VALUE;
        for (long alarm : alarms) {
            if (episodes.isEmpty() || alarm - last > withinMicros) {
                episodes.put(alarm, false);
            }
            last = alarm;
            Long next = events.higher(alarm);
            if (next != null && next - alarm <= withinMicros) {
                episodes.put(episodes.lastKey(), true);
            }
        }
        return episodes;
    }

    /// The share of episodes that found an event; NaN when there was no alarm.
    public double precision() {
        return episodes == 0 ? Double.NaN : (double) right / episodes;
    }

    /// The share of events that were found; NaN when there was no event.
    public double recall() {
        return events == 0 ? Double.NaN : (double) found / events;
    }

    /// How long before their event half of the first alarms came, or longer; empty when no event
    /// was found.
    public OptionalLong medianLeadMicros() {
        return leadMicros.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(leadMicros.get(leadMicros.size() / 2));
    }
}

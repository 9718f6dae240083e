package leat.core.monitor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import leat.core.evaluation.Confusion;
import leat.core.evaluation.EventEvaluation.Moment;

/// What became of the predictions of a window, now that their labels are there.
///
/// @param events of the window's time that were to be foretold
/// @param leadMicros of each event that was, how long before it the first alarm came; rising
/// @param versions of each version that predicted
/// @param alarms that later events may still be found by, of each entity and window the first and
///   the last, the oldest window first
public record LabelledWindow(
        long events,
        List<Long> leadMicros,
        SortedMap<String, Outcome> versions,
        List<Moment> alarms) {

    /// Of so many alarms it is remembered that they were; of more, of the newest.
    public static final int MAX_ALARMS = 20_000;

    public LabelledWindow {
        leadMicros = leadMicros.stream().sorted().toList();
        versions = Collections.unmodifiableSortedMap(new TreeMap<>(versions));
        alarms =
                List.copyOf(alarms.subList(Math.max(0, alarms.size() - MAX_ALARMS), alarms.size()));
    }

    /// What became of a version's predictions, one by one.
    ///
    /// @param answers whether it was champion or canary, and so its alarms were heard
    public record Outcome(boolean answers, Confusion confusion) {}

    /// A prediction.
    ///
    /// @param atMicros the query time
    public record Prediction(
            String entity, long atMicros, String version, boolean answers, boolean alarm) {}

    /// A stretch of time, in microseconds, the end not included.
    public record Stretch(long startMicros, long endMicros) {}

    /// Joins predictions with what came after them.
    ///
    /// @param time of the window: whose events are counted
    /// @param predictions of the window
    /// @param events up to `within` after the window, each once
    /// @param before alarms of earlier windows
    public static LabelledWindow join(
            Labels labels,
            Stretch time,
            List<Prediction> predictions,
            List<Moment> events,
            List<Moment> before) {
        long within = labels.within().toNanos() / 1_000;
        Map<String, NavigableSet<Long>> eventsOf = byEntity(events);
        SortedMap<String, Outcome> versions = new TreeMap<>();
        List<Moment> own = new ArrayList<>();
        for (Prediction one : predictions) {
            Long next = eventsOf.getOrDefault(one.entity(), new TreeSet<>()).higher(one.atMicros());
            boolean positive = next != null && next - one.atMicros() <= within;
            versions.merge(
                    one.version(),
                    new Outcome(one.answers(), Confusion.NONE.plus(one.alarm(), positive)),
                    (sum, more) ->
                            new Outcome(
                                    sum.answers() || more.answers(),
                                    sum.confusion().plus(more.confusion())));
            if (one.answers() && one.alarm()) {
                own.add(new Moment(one.entity(), one.atMicros()));
            }
        }
        Map<String, NavigableSet<Long>> alarmsOf = byEntity(before);
        byEntity(own)
                .forEach((entity, moments) ->
                        alarmsOf.computeIfAbsent(entity, _ -> new TreeSet<>()).addAll(moments));
        List<Long> leads = new ArrayList<>();
        long count = 0;
        for (Map.Entry<String, NavigableSet<Long>> entity : eventsOf.entrySet()) {
            NavigableSet<Long> alarms = alarmsOf.getOrDefault(entity.getKey(), new TreeSet<>());
            for (long event : entity.getValue().subSet(time.startMicros(), time.endMicros())) {
                count++;
                lead(alarms, event, within).ifPresent(leads::add);
            }
        }
        return new LabelledWindow(
                count, leads, versions, remembered(before, own, time.endMicros() - within));
    }

    private static OptionalLong lead(NavigableSet<Long> alarms, long event, long within) {
        Long first = alarms.ceiling(event - within);
        return first != null && first < event
                ? OptionalLong.of(event - first)
                : OptionalLong.empty();
    }

    private static SortedMap<String, NavigableSet<Long>> byEntity(List<Moment> moments) {
        SortedMap<String, NavigableSet<Long>> byEntity = new TreeMap<>();
        for (Moment moment : moments) {
            byEntity.computeIfAbsent(moment.entity(), _ -> new TreeSet<>()).add(moment.atMicros());
        }
        return byEntity;
    }

    /// Of each entity the first and the last alarm of this window, behind those remembered; none
    /// that is older than an event behind the window can be found by. Whether such an event is
    /// found, the last alone decides; how long before, the first.
    private static List<Moment> remembered(List<Moment> before, List<Moment> own, long oldest) {
        List<Moment> kept = new ArrayList<>(notBefore(oldest, before));
        byEntity(notBefore(oldest, own))
                .forEach((entity, moments) ->
                        Stream.of(moments.first(), moments.last())
                                .distinct()
                                .map(atMicros -> new Moment(entity, atMicros))
                                .forEach(kept::add));
        return kept;
    }

    private static List<Moment> notBefore(long oldest, List<Moment> alarms) {
        return alarms.stream().filter(alarm -> alarm.atMicros() >= oldest).toList();
    }

    /// The share of events that had an alarm before; NaN when there was no event.
    public double recall() {
        return events == 0 ? Double.NaN : (double) leadMicros.size() / events;
    }

    /// How long before their event half of the first alarms came, or longer; empty when no event
    /// was found.
    public OptionalLong medianLeadMicros() {
        return leadMicros.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(leadMicros.get(leadMicros.size() / 2));
    }
}

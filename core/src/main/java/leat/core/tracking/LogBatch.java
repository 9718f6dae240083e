package leat.core.tracking;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/// What a run logs at once: all of it or nothing.
///
/// @param single whether the request is one for a single entry, whose texts name no place in a list
public record LogBatch(
        String runId, List<Metric> metrics, List<Entry> params, List<Entry> tags, boolean single)
        implements RunCommand {

    /// A key and its value.
    public record Entry(String key, String value) {}

    public LogBatch {
        metrics = List.copyOf(metrics);
        params = List.copyOf(params);
        tags = List.copyOf(tags);
    }

    public static LogBatch metric(String runId, Metric metric) {
        return new LogBatch(runId, List.of(metric), List.of(), List.of(), true);
    }

    public static LogBatch param(String runId, String key, String value) {
        return new LogBatch(runId, List.of(), List.of(new Entry(key, value)), List.of(), true);
    }

    public static LogBatch tag(String runId, String key, String value) {
        return new LogBatch(runId, List.of(), List.of(), List.of(new Entry(key, value)), true);
    }

    @Override
    public Decision decide(TrackingFold state, long nowMillis) {
        EntryChecks.runId(runId);
        checkEntries();
        checkNumbers();
        Run run = RunCommand.active(state, runId);
        List<TrackingRecord> records = new ArrayList<>(newParams(run));
        Optional<String> name = Optional.empty();
        for (Entry tag : tags) {
            records.add(new TrackingRecord.Tag(runId, tag.key(), Optional.of(tag.value())));
            if (tag.key().equals(Run.NAME_TAG)) {
                name = Optional.of(tag.value());
            }
        }
        name.ifPresent(newName -> records.add(new TrackingRecord.OfRun(run.info().named(newName))));
        checkGrowth(run);
        return new Decision(records, runId, List.copyOf(new LinkedHashSet<>(metrics)));
    }

    private void checkEntries() {
        for (int i = 0; i < metrics.size(); i++) {
            EntryChecks.metric(place("metrics", i), metrics.get(i));
        }
        for (int i = 0; i < params.size(); i++) {
            EntryChecks.param(place("params", i), params.get(i).key(), params.get(i).value());
        }
        for (int i = 0; i < tags.size(); i++) {
            EntryChecks.tag(
                    place("tags", i),
                    tags.get(i).key(),
                    tags.get(i).value(),
                    TrackingLimits.TAG_CHARACTERS);
        }
    }

    private String place(String list, int index) {
        return single ? "" : list + "[" + index + "].";
    }

    private void checkNumbers() {
        atMost("metrics", metrics.size(), TrackingLimits.BATCH);
        atMost("params", params.size(), TrackingLimits.BATCH_PARAMS);
        atMost("tags", tags.size(), TrackingLimits.BATCH_PARAMS);
        atMost(
                "metrics, params, and tags",
                metrics.size() + params.size() + tags.size(),
                TrackingLimits.BATCH);
        Set<String> keys = new HashSet<>();
        List<String> twice = params.stream().map(Entry::key).filter(key -> !keys.add(key)).toList();
        if (!twice.isEmpty()) {
            throw TrackingRefused.invalid(
                    "Duplicate parameter keys have been submitted: "
                            + quoted(twice)
                            + ". Please ensure the request contains only one param value per param"
                            + " key.");
        }
    }

    private static void atMost(String what, int count, int limit) {
        if (count > limit) {
            throw TrackingRefused.invalid(
                    "A batch logging request can contain at most "
                            + limit
                            + " "
                            + what
                            + ". Got "
                            + count
                            + " "
                            + what
                            + ". Please split up "
                            + what
                            + " across multiple requests and try again.");
        }
    }

    private static String quoted(List<String> keys) {
        return "['" + String.join("', '", keys) + "']";
    }

    /// Those that are not logged yet. A parameter never changes.
    private List<TrackingRecord> newParams(Run run) {
        List<TrackingRecord> records = new ArrayList<>();
        List<String> changed = new ArrayList<>();
        for (Entry param : params) {
            String old = run.params().get(param.key());
            if (old == null) {
                records.add(new TrackingRecord.Param(runId, param.key(), param.value()));
            } else if (!old.equals(param.value())) {
                changed.add(
                        "{'key': '"
                                + param.key()
                                + "', 'old_value': '"
                                + old
                                + "', 'new_value': '"
                                + param.value()
                                + "'}");
            }
        }
        if (!changed.isEmpty()) {
            throw TrackingRefused.invalid(
                    "Changing param values is not allowed. Params were already logged='["
                            + String.join(", ", changed)
                            + "]' for run ID='"
                            + runId
                            + "'.");
        }
        return records;
    }

    private void checkGrowth(Run run) {
        checkKeys("parameters", run.params(), params.stream().map(Entry::key).toList());
        checkKeys("tags", run.tags(), tags.stream().map(Entry::key).toList());
        checkKeys("metrics", run.metrics(), metrics.stream().map(Metric::key).toList());
        Map<String, Long> points = new HashMap<>();
        for (Metric metric : metrics) {
            long before =
                    Optional.ofNullable(run.metrics().get(metric.key()))
                            .map(NewestMetric::points)
                            .orElse(0L);
            long after = points.merge(metric.key(), before + 1, (count, _) -> count + 1);
            TrackingLimits.withinLimit(
                    "The points of the metric '" + metric.key() + "' of the run",
                    after,
                    TrackingLimits.POINTS);
        }
    }

    private static void checkKeys(String what, SortedMap<String, ?> known, List<String> keys) {
        Set<String> added = new TreeSet<>(keys);
        added.removeAll(known.keySet());
        if (!added.isEmpty()) {
            TrackingLimits.withinLimit(
                    "The " + what + " of the run",
                    known.size() + (long) added.size(),
                    TrackingLimits.RUN_KEYS);
        }
    }
}

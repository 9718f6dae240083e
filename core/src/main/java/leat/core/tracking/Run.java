package leat.core.tracking;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// A run with all that it logged, but of its metrics the newest values only.
public record Run(
        RunInfo info,
        SortedMap<String, String> params,
        SortedMap<String, String> tags,
        SortedMap<String, NewestMetric> metrics,
        SortedMap<DatasetId, DatasetInput> datasets) {

    /// The tag that says a run's name once more.
    public static final String NAME_TAG = "mlflow.runName";

    public Run {
        params = copy(params);
        tags = copy(tags);
        metrics = copy(metrics);
        datasets = copy(datasets);
    }

    private static <K extends Comparable<K>, V> SortedMap<K, V> copy(Map<K, V> map) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }

    /// How large it is when it is shown, about.
    public long characters() {
        return 500
                + 100L * metrics.size()
                + characters(params)
                + characters(tags)
                + datasets.values().stream().mapToLong(DatasetInput::characters).sum()
                + metrics.keySet().stream().mapToLong(String::length).sum();
    }

    static long characters(Map<String, String> entries) {
        return entries.entrySet().stream()
                .mapToLong(entry -> 30L + entry.getKey().length() + entry.getValue().length())
                .sum();
    }

    Run in(LifecycleStage stage) {
        return new Run(info.in(stage), params, tags, metrics, datasets);
    }
}

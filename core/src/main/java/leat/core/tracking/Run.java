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
        SortedMap<String, NewestMetric> metrics) {

    /// The tag that says a run's name once more.
    public static final String NAME_TAG = "mlflow.runName";

    public Run {
        params = copy(params);
        tags = copy(tags);
        metrics = copy(metrics);
    }

    private static <V> SortedMap<String, V> copy(Map<String, V> map) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }

    Run in(LifecycleStage stage) {
        return new Run(info.in(stage), params, tags, metrics);
    }
}

package leat.core.model;

import java.util.List;
import java.util.Map;
import leat.core.tracking.ModelMetric;

/// A logged model with what was measured of it.
///
/// @param metrics of each measure the newest value
public record MeasuredModel(LoggedModel model, List<ModelMetric> metrics) {

    public MeasuredModel {
        metrics = List.copyOf(metrics);
    }

    /// How large it is when it is shown, about.
    public long characters() {
        return 500 + 300L * metrics.size() + characters(model.params()) + characters(model.tags());
    }

    private static long characters(Map<String, String> entries) {
        return entries.entrySet().stream()
                .mapToLong(entry -> 30L + entry.getKey().length() + entry.getValue().length())
                .sum();
    }
}

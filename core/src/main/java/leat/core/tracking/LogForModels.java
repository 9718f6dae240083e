package leat.core.tracking;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a run logs at once, with metrics in it that are of logged models too: all of it or nothing.
/// Of each of its measures a model has the newest value, whichever run has logged it.
///
/// @param metrics those of the batch that are of models
public record LogForModels(LogBatch batch, List<ModelMetric> metrics) implements RunCommand {

    public LogForModels {
        metrics = List.copyOf(metrics);
    }

    @Override
    public Decision decide(TrackingFold state, long nowMillis) {
        metrics.stream()
                .flatMap(metric -> metric.dataset().stream())
                .forEach(dataset -> EntryChecks.dataset("dataset_", dataset));
        Decision ofRun = batch.decide(state, nowMillis);
        Map<String, SortedMap<ModelMetric.Measure, ModelMetric>> ofModels = new TreeMap<>();
        for (ModelMetric metric : metrics) {
            ofModels.computeIfAbsent(metric.modelId(), id -> new TreeMap<>(state.ofModel(id)))
                    .merge(metric.measure(), metric, ModelMetric::newest);
        }
        List<TrackingRecord> records = new ArrayList<>(ofRun.records());
        ofModels.forEach((id, newest) -> records.addAll(changed(state.ofModel(id), newest)));
        return new Decision(records, ofRun.runId(), ofRun.points());
    }

    private static List<TrackingRecord> changed(
            SortedMap<ModelMetric.Measure, ModelMetric> known,
            SortedMap<ModelMetric.Measure, ModelMetric> newest) {
        TrackingLimits.withinLimit(
                "The metrics of the logged model", newest.size(), TrackingLimits.MODEL_METRICS);
        return newest.values().stream()
                .filter(metric -> !metric.equals(known.get(metric.measure())))
                .<TrackingRecord>map(TrackingRecord.OfModel::new)
                .toList();
    }
}

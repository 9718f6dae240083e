package leat.core.tracking;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Says which datasets a run has read: all of them or nothing. One that the run has already stays
/// as it was logged first, its tags too.
public record LogDatasets(String runId, List<DatasetInput> datasets) implements RunCommand {

    public LogDatasets {
        datasets = List.copyOf(datasets);
    }

    @Override
    public Decision decide(TrackingFold state, long nowMillis) {
        EntryChecks.runId(runId);
        for (int i = 0; i < datasets.size(); i++) {
            check("datasets[" + i + "].", datasets.get(i));
        }
        Run run = RunCommand.active(state, runId);
        Map<DatasetId, DatasetInput> all = new LinkedHashMap<>(run.datasets());
        datasets.forEach(input -> all.putIfAbsent(input.dataset().id(), input));
        TrackingLimits.withinLimit(
                "The datasets of the run", all.size(), TrackingLimits.RUN_DATASETS);
        TrackingLimits.withinLimit(
                "The characters of the run's datasets together",
                all.values().stream().mapToLong(DatasetInput::characters).sum(),
                TrackingLimits.RUN_DATASET_CHARACTERS);
        all.keySet().removeAll(run.datasets().keySet());
        return Decision.of(
                all.values().stream()
                        .<TrackingRecord>map(input -> new TrackingRecord.OfDataset(runId, input))
                        .toList());
    }

    private static void check(String path, DatasetInput input) {
        Dataset dataset = input.dataset();
        EntryChecks.dataset(path + "dataset.", dataset.id());
        EntryChecks.length(
                path + "dataset.source_type",
                dataset.sourceType(),
                TrackingLimits.DATASET_SOURCE_TYPE_CHARACTERS);
        EntryChecks.length(
                path + "dataset.source",
                dataset.source(),
                TrackingLimits.DATASET_SOURCE_CHARACTERS);
        TrackingLimits.withinLimit(
                "The tags of the dataset '" + dataset.id().name() + "'",
                input.tags().size(),
                TrackingLimits.DATASET_TAGS);
        input.tags()
                .forEach((key, value) -> {
                    EntryChecks.length(
                            path + "tags.key", key, TrackingLimits.DATASET_TAG_KEY_CHARACTERS);
                    EntryChecks.length(
                            path + "tags.value", value, TrackingLimits.DATASET_TAG_CHARACTERS);
                });
    }
}

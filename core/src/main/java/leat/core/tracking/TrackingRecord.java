package leat.core.tracking;

import java.util.Optional;

/// What one record of the topic says. Each is the whole value of its key, so that of two with the
/// same key the later one is enough.
public sealed interface TrackingRecord {

    /// The newest state of an experiment; its tags have records of their own.
    record OfExperiment(Experiment experiment) implements TrackingRecord {}

    /// A tag of an experiment.
    ///
    /// @param value empty where the tag was deleted
    record ExperimentTag(String experimentId, String key, Optional<String> value)
            implements TrackingRecord {}

    /// The newest state of a run; what it logged has records of its own.
    record OfRun(RunInfo info) implements TrackingRecord {}

    record Param(String runId, String key, String value) implements TrackingRecord {}

    /// A tag of a run.
    ///
    /// @param value empty where the tag was deleted
    record Tag(String runId, String key, Optional<String> value) implements TrackingRecord {}

    /// The newest value of a metric, and where its points are.
    record OfMetric(String runId, NewestMetric newest) implements TrackingRecord {}

    /// The newest value of a measure of a logged model.
    record OfModel(ModelMetric newest) implements TrackingRecord {}

    /// A dataset that a run has read, which never changes.
    record OfDataset(String runId, DatasetInput input) implements TrackingRecord {}
}

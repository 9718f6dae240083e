package leat.core.tracking;

import java.util.Comparator;
import java.util.Optional;

/// A value of a metric that a run has logged for a logged model. The run has it as its own too.
///
/// @param dataset on which the model was measured; empty where nobody said
public record ModelMetric(
        String modelId, String runId, Optional<DatasetId> dataset, Metric metric) {

    /// Which of the model's measures it is a value of.
    public Measure measure() {
        return new Measure(metric.key(), dataset);
    }

    /// The newer of both; this one where none is.
    ModelMetric newest(ModelMetric other) {
        return other.metric.newerThan(metric) ? other : this;
    }

    /// What a model is measured by: a metric, on a dataset.
    public record Measure(String metric, Optional<DatasetId> dataset)
            implements Comparable<Measure> {

        private static final DatasetId NONE = new DatasetId("", "");
        private static final Comparator<Measure> ORDER =
                Comparator.comparing(Measure::metric)
                        .thenComparing(measure -> measure.dataset().orElse(NONE));

        @Override
        public int compareTo(Measure other) {
            return ORDER.compare(this, other);
        }
    }
}

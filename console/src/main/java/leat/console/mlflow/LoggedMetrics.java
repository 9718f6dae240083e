package leat.console.mlflow;

import java.util.List;
import java.util.Optional;
import leat.core.tracking.DatasetId;
import leat.core.tracking.Metric;
import leat.core.tracking.ModelMetric;
import leat.core.tracking.TrackingRefused;

/// Metrics that a request logs to a run.
///
/// @param requests one of each
record LoggedMetrics(String runId, List<Fields> requests) {

    List<Metric> metrics() {
        return requests.stream().map(LoggedMetrics::metric).toList();
    }

    /// Those that are of logged models too.
    ///
    /// @throws TrackingRefused where half of a dataset is named
    List<ModelMetric> ofModels() {
        return requests.stream().flatMap(request -> ofModel(request).stream()).toList();
    }

    private static Metric metric(Fields request) {
        return new Metric(
                request.required("key"),
                request.requiredNumber("value"),
                request.requiredInteger("timestamp"),
                request.integer("step").orElse(0));
    }

    private Optional<ModelMetric> ofModel(Fields request) {
        String model = request.text("model_id");
        return model.isEmpty()
                ? Optional.empty()
                : Optional.of(new ModelMetric(model, runId, dataset(request), metric(request)));
    }

    private static Optional<DatasetId> dataset(Fields request) {
        DatasetId id = new DatasetId(request.text("dataset_name"), request.text("dataset_digest"));
        if (id.name().isEmpty() != id.digest().isEmpty()) {
            throw TrackingRefused.invalid(
                    "Both 'dataset_name' and 'dataset_digest' must be provided if one is provided");
        }
        return id.name().isEmpty() ? Optional.empty() : Optional.of(id);
    }
}

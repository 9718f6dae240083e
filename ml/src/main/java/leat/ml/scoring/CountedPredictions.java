package leat.ml.scoring;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import leat.core.scoring.Predicted;
import leat.core.scoring.PredictionRequest;
import leat.core.scoring.Predictor;

/// Counts what a predictor is asked, by the model as the steps name it.
public final class CountedPredictions implements Predictor {

    private static final double[] BOUNDS = {
        0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10
    };

    private final Predictor predictor;
    private final Counter rows;
    private final Histogram seconds;

    /// Counts into a registry that has no other like it.
    public CountedPredictions(Predictor predictor, PrometheusRegistry registry) {
        this.predictor = predictor;
        this.rows =
                Counter.builder()
                        .name("leat_enricher_model_rows_total")
                        .help("Events that models were asked for, by fate: predicted, failed")
                        .labelNames("model", "fate")
                        .register(registry);
        this.seconds =
                Histogram.builder()
                        .name("leat_enricher_model_seconds")
                        .help("How long a model took for the events of one batch")
                        .labelNames("model")
                        .classicOnly()
                        .classicUpperBounds(BOUNDS)
                        .register(registry);
    }

    @Override
    public List<Predicted> predict(PredictionRequest request) {
        String model = request.model().toString();
        long begun = System.nanoTime();
        List<Predicted> predictions = predictor.predict(request);
        seconds.labelValues(model).observe((System.nanoTime() - begun) / 1e9);
        long failed = predictions.stream().filter(Predicted.Failed.class::isInstance).count();
        rows.labelValues(model, "failed").inc(failed);
        rows.labelValues(model, "predicted").inc(predictions.size() - failed);
        return predictions;
    }
}

package leat.ml.scorer;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import leat.core.prediction.Lineup;

/// What the scorer counts, by scoring; only what is committed.
final class ScorerMetrics {

    private static final Counter PREDICTIONS =
            counter(
                    "leat_scorer_predictions_total",
                    "Predictions written, with those that failed",
                    "scoring",
                    "role",
                    "version");
    private static final Counter FAILED =
            counter(
                    "leat_scorer_failed_predictions_total",
                    "Predictions without values, since a feature is missing or the model failed",
                    "scoring",
                    "role",
                    "version");
    private static final Counter SWAPS =
            counter(
                    "leat_scorer_swaps_total",
                    "Positions from which on other versions predict, one a partition",
                    "scoring");
    private static final Counter UNREADABLE =
            counter(
                    "leat_scorer_unreadable_records_total",
                    "Records of the view's topic that are no vectors, passed over",
                    "scoring");

    private static final Counter CHECKPOINTS =
            counter(
                    "leat_scorer_checkpoints_total",
                    "States written of versions that learn as they score, one a version and"
                            + " partition",
                    "scoring");

    private final String scoring;

    ScorerMetrics(String scoring) {
        this.scoring = scoring;
    }

    /// @param failed those of them that have no values
    void predicted(Lineup.Answering by, int predictions, int failed) {
        PREDICTIONS
                .labelValues(scoring, by.role().word(), by.standing().version())
                .inc(predictions);
        if (failed > 0) {
            FAILED.labelValues(scoring, by.role().word(), by.standing().version()).inc(failed);
        }
    }

    void swap() {
        SWAPS.labelValues(scoring).inc();
    }

    void checkpoints(int written) {
        CHECKPOINTS.labelValues(scoring).inc(written);
    }

    void unreadable(int records) {
        UNREADABLE.labelValues(scoring).inc(records);
    }

    private static Counter counter(String name, String help, String... labels) {
        return Counter.builder()
                .name(name)
                .help(help)
                .labelNames(labels)
                .register(PrometheusRegistry.defaultRegistry);
    }
}

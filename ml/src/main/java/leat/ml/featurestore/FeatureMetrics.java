package leat.ml.featurestore;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.GaugeDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/// What the feature store counts, by view. What is computed again after a failure counts again.
final class FeatureMetrics {

    private static final Counter EVENTS =
            counter("leat_features_events_total", "Events of the source that were read");
    private static final Counter VECTORS =
            counter("leat_features_vectors_total", "Vectors written, one an event of the view");
    private static final Counter TOO_LATE =
            counter(
                    "leat_features_too_late_events_total",
                    "Events that no window could see any more; they change no feature");
    private static final Counter UNREADABLE =
            counter(
                    "leat_features_unreadable_records_total",
                    "Records of the source that are no enriched events, passed over");
    private static final Counter FAILURES =
            counter(
                    "leat_features_expression_failures_total",
                    "Values that an event did not give since an expression failed");
    private static final Gauge ENTITIES = gauge("leat_features_entities", "Entities in memory");
    private static final Gauge STATE =
            gauge("leat_features_state_bytes", "State on the disk of this process");

    private final CounterDataPoint events;
    private final CounterDataPoint vectors;
    private final CounterDataPoint tooLate;
    private final CounterDataPoint unreadable;
    private final CounterDataPoint failures;
    private final GaugeDataPoint entities;
    private final GaugeDataPoint state;

    FeatureMetrics(String view) {
        events = EVENTS.labelValues(view);
        vectors = VECTORS.labelValues(view);
        tooLate = TOO_LATE.labelValues(view);
        unreadable = UNREADABLE.labelValues(view);
        failures = FAILURES.labelValues(view);
        entities = ENTITIES.labelValues(view);
        state = STATE.labelValues(view);
    }

    void event() {
        events.inc();
    }

    void vector() {
        vectors.inc();
    }

    void tooLate() {
        tooLate.inc();
    }

    void unreadable() {
        unreadable.inc();
    }

    void expressionFailed() {
        failures.inc();
    }

    void entities(int more) {
        entities.inc(more);
    }

    void stateBytes(double bytes) {
        state.set(bytes);
    }

    private static Counter counter(String name, String help) {
        return Counter.builder()
                .name(name)
                .help(help)
                .labelNames("view")
                .register(PrometheusRegistry.defaultRegistry);
    }

    private static Gauge gauge(String name, String help) {
        return Gauge.builder()
                .name(name)
                .help(help)
                .labelNames("view")
                .register(PrometheusRegistry.defaultRegistry);
    }
}

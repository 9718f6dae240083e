package leat.stream.extract;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import leat.stream.send.RowDelivery;

/// What extractions count.
public final class ExtractionMetrics {

    private final Counter rows;
    private final Counter failures;

    public ExtractionMetrics(PrometheusRegistry registry) {
        rows =
                Counter.builder()
                        .name("leat_extractor_rows_total")
                        .help("Rows delivered to the collector, by fate: accepted, dead, refused")
                        .labelNames("extraction", "outcome")
                        .register(registry);
        failures =
                Counter.builder()
                        .name("leat_extractor_failures_total")
                        .help("Rounds that failed and were tried again")
                        .labelNames("extraction")
                        .register(registry);
    }

    void delivered(String extraction, RowDelivery.Outcome outcome) {
        rows.labelValues(extraction, "accepted").inc(outcome.accepted());
        rows.labelValues(extraction, "dead").inc(outcome.dead());
        rows.labelValues(extraction, "refused").inc(outcome.refused());
    }

    void failed(String extraction) {
        failures.labelValues(extraction).inc();
    }
}

package leat.stream.enricher;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import leat.stream.log.Counts;

/// What the enricher counts, by contract; only what is committed.
final class EnricherMetrics {

    private static final Counter ENRICHED =
            counter("leat_enricher_enriched_events_total", "Events enriched");
    private static final Counter DEAD =
            counter("leat_enricher_dead_events_total", "Events refused, to the dead letters");
    private static final Counter DUPLICATES =
            counter("leat_enricher_duplicate_events_total", "Duplicates dropped");

    private final CounterDataPoint enriched;
    private final CounterDataPoint dead;
    private final CounterDataPoint duplicates;

    EnricherMetrics(String contract) {
        enriched = ENRICHED.labelValues(contract);
        dead = DEAD.labelValues(contract);
        duplicates = DUPLICATES.labelValues(contract);
    }

    void add(Counts more) {
        enriched.inc(more.passed());
        dead.inc(more.dead());
        duplicates.inc(more.duplicates());
    }

    private static Counter counter(String name, String help) {
        return Counter.builder()
                .name(name)
                .help(help)
                .labelNames("contract")
                .register(PrometheusRegistry.defaultRegistry);
    }
}

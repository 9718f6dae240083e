package leat.stream.search;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/// What the search loaders count, by contract.
public final class SearchMetrics {

    private static final String CONTRACT = "contract";

    final Counter indexed;
    final Counter alreadyThere;
    final Counter refused;
    final Counter deadRefused;
    final Counter retries;
    final Counter bytes;
    final Histogram bulkSeconds;
    final Gauge stopped;

    /// Registers the metrics; once a registry.
    public SearchMetrics(PrometheusRegistry registry) {
        indexed = counter(registry, "leat_search_indexed_total", "Documents written");
        alreadyThere =
                counter(
                        registry,
                        "leat_search_already_there_total",
                        "Documents that an earlier attempt had written");
        refused =
                counter(
                        registry,
                        "leat_search_refused_total",
                        "Enriched events that the engine refused: dead letters");
        deadRefused =
                counter(
                        registry,
                        "leat_search_dead_refused_total",
                        "Dead letters that the engine refused: only counted and logged");
        retries = counter(registry, "leat_search_retries_total", "Bulk requests tried again");
        bytes = counter(registry, "leat_search_bulk_bytes_total", "Bytes of bulk requests");
        bulkSeconds =
                Histogram.builder()
                        .name("leat_search_bulk_seconds")
                        .help("Time of a bulk request")
                        .labelNames(CONTRACT)
                        .classicUpperBounds(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60)
                        .register(registry);
        stopped =
                Gauge.builder()
                        .name("leat_search_stopped")
                        .help("1 when the loader has stopped and needs an operator")
                        .labelNames(CONTRACT)
                        .register(registry);
    }

    private static Counter counter(PrometheusRegistry registry, String name, String help) {
        return Counter.builder().name(name).help(help).labelNames(CONTRACT).register(registry);
    }
}

package leat.stream.enricher.api;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.datapoints.GaugeDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/// What is counted of a service.
final class ApiMetrics {

    private static final Counter CALLS =
            counter("leat_enrich_api_calls_total", "Calls of an enrichment service", "outcome");
    private static final Counter ANSWERS =
            counter(
                    "leat_enrich_api_answers_total",
                    "Answers of an enrichment service, by where they came from",
                    "from");
    private static final Histogram SECONDS =
            Histogram.builder()
                    .name("leat_enrich_api_call_seconds")
                    .help("How long the calls of an enrichment service took")
                    .labelNames("api")
                    .classicOnly()
                    .classicUpperBounds(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
                    .register(PrometheusRegistry.defaultRegistry);
    private static final Gauge OPEN =
            Gauge.builder()
                    .name("leat_enrich_api_circuit_open")
                    .help(
                            "1 while an enrichment service is not asked because too many calls failed")
                    .labelNames("api")
                    .register(PrometheusRegistry.defaultRegistry);

    final CounterDataPoint succeeded;
    final CounterDataPoint failed;
    final CounterDataPoint repeated;
    final CounterDataPoint cached;
    final CounterDataPoint asked;
    final DistributionDataPoint seconds;
    final GaugeDataPoint open;

    ApiMetrics(String api) {
        succeeded = CALLS.labelValues(api, "success");
        failed = CALLS.labelValues(api, "failure");
        repeated = CALLS.labelValues(api, "repetition");
        cached = ANSWERS.labelValues(api, "cache");
        asked = ANSWERS.labelValues(api, "service");
        seconds = SECONDS.labelValues(api);
        open = OPEN.labelValues(api);
    }

    private static Counter counter(String name, String help, String label) {
        return Counter.builder()
                .name(name)
                .help(help)
                .labelNames("api", label)
                .register(PrometheusRegistry.defaultRegistry);
    }
}

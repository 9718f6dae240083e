package leat.ml.scorer;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/// How long versions take for their rows, so that one can be compared with the one before. Tries
/// that are done again, because they failed or were killed, count too.
final class ModelTimes {

    private static final Counter SECONDS =
            counter(
                    "leat_scorer_model_seconds_total",
                    "Time that versions took for their rows, reading and writing excluded");
    private static final Counter ROWS =
            counter("leat_scorer_model_rows_total", "Rows that versions were asked for");

    private ModelTimes() {}

    /// A version has answered.
    static void took(String version, int rows, long nanos) {
        SECONDS.labelValues(version).inc(nanos / 1e9);
        ROWS.labelValues(version).inc(rows);
    }

    private static Counter counter(String name, String help) {
        return Counter.builder()
                .name(name)
                .help(help)
                .labelNames("version")
                .register(PrometheusRegistry.defaultRegistry);
    }
}

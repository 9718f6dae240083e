package leat.stream.influx;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/// What the loader counts.
public final class InfluxMetrics {

    final CounterDataPoint written;
    final CounterDataPoint empty;
    final CounterDataPoint refused;

    public InfluxMetrics(PrometheusRegistry registry) {
        Counter points =
                Counter.builder()
                        .name("leat_influx_points_total")
                        .help("Data points by fate: written, empty (nothing was measured), refused")
                        .labelNames("fate")
                        .register(registry);
        written = points.labelValues("written");
        empty = points.labelValues("empty");
        refused = points.labelValues("refused");
    }
}

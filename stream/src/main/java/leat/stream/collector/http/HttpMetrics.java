package leat.stream.collector.http;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.IntSupplier;

/// What the HTTP door counts.
final class HttpMetrics {

    private final CounterDataPoint[] byStatus = new CounterDataPoint[600];
    private final Counter requests;

    HttpMetrics(PrometheusRegistry registry, IntSupplier connections) {
        requests =
                Counter.builder()
                        .name("leat_collector_http_requests_total")
                        .help("Answered requests by HTTP status")
                        .labelNames("status")
                        .register(registry);
        GaugeWithCallback.builder()
                .name("leat_collector_http_connections")
                .help("Open connections")
                .callback(gauge -> gauge.call(connections.getAsInt()))
                .register(registry);
        for (int status = 0; status < byStatus.length; status++) {
            if (Answer.isKnown(status)) {
                byStatus[status] = requests.labelValues(Integer.toString(status));
            }
        }
    }

    void answered(int status) {
        byStatus[status].inc();
    }
}

package leat.stream.collector.grpc;

import io.grpc.Status;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;
import java.util.function.IntSupplier;

/// What the gRPC door counts.
final class GrpcMetrics {

    private final Counter calls;
    private final Counter requests;

    GrpcMetrics(PrometheusRegistry registry, IntSupplier openCalls) {
        calls =
                Counter.builder()
                        .name("leat_collector_grpc_calls_total")
                        .help("Ended calls by method and gRPC status")
                        .labelNames("method", "status")
                        .register(registry);
        requests =
                Counter.builder()
                        .name("leat_collector_grpc_requests_total")
                        .help("Requests that were answered with what became of their events")
                        .labelNames("method")
                        .register(registry);
        GaugeWithCallback.builder()
                .name("leat_collector_grpc_open_calls")
                .help("Open calls")
                .callback(gauge -> gauge.call(openCalls.getAsInt()))
                .register(registry);
    }

    void ended(String method, Status.Code code) {
        calls.labelValues(method, code.name().toLowerCase(Locale.ROOT)).inc();
    }

    void answered(String method) {
        requests.labelValues(method).inc();
    }
}

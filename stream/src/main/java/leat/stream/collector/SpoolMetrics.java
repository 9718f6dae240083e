package leat.stream.collector;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import leat.stream.spool.Spool;

/// What goes into a spool and out of it, and what stands there.
final class SpoolMetrics {

    private final Counter spooled;
    private final Counter drained;

    SpoolMetrics(PrometheusRegistry registry, Spool spool) {
        spooled =
                Counter.builder()
                        .name("leat_collector_spooled_events_total")
                        .help("Events that were accepted into the spool, dead letters included")
                        .register(registry);
        drained =
                Counter.builder()
                        .name("leat_collector_drained_events_total")
                        .help("Events that went from the spool to the log")
                        .register(registry);
        GaugeWithCallback.builder()
                .name("leat_collector_spool_events")
                .help("Events that stand in the spool")
                .callback(gauge -> gauge.call((double) spool.events()))
                .register(registry);
        GaugeWithCallback.builder()
                .name("leat_collector_spool_bytes")
                .help("Size of the spool's files")
                .callback(gauge -> gauge.call((double) spool.bytes()))
                .register(registry);
        GaugeWithCallback.builder()
                .name("leat_collector_spool_oldest_seconds")
                .help("How long the oldest event has stood in the spool; 0 when it is empty")
                .callback(gauge ->
                        gauge.call(
                                spool.oldestMillis()
                                        .map(since ->
                                                Math.max(0, System.currentTimeMillis() - since)
                                                        / 1e3)
                                        .orElse(0.0)))
                .register(registry);
    }

    void spooled() {
        spooled.inc();
    }

    void drained(int events) {
        drained.inc(events);
    }
}

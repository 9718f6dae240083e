package leat.stream.monitor;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import leat.core.alert.Alert;
import leat.core.quality.Windows;

/// What the monitor counts; only what is committed.
final class MonitorMetrics {

    private static final Counter WINDOWS =
            Counter.builder()
                    .name("leat_quality_windows_total")
                    .help("Windows closed, by verdict: passed, failed or not-judged")
                    .labelNames("contract", "rule", "verdict")
                    .register(PrometheusRegistry.defaultRegistry);
    private static final Gauge VALUE =
            Gauge.builder()
                    .name("leat_quality_value")
                    .help("The number that a rule compared last")
                    .labelNames("contract", "rule")
                    .register(PrometheusRegistry.defaultRegistry);
    private static final Counter LATE =
            Counter.builder()
                    .name("leat_quality_late_events_total")
                    .help("Events of windows that were closed already; they count for none")
                    .labelNames("contract", "rule")
                    .register(PrometheusRegistry.defaultRegistry);

    private MonitorMetrics() {}

    static void closed(String contract, Windows.Closed window) {
        String rule = window.rule().id();
        WINDOWS.labelValues(contract, rule, window.verdict().judgement().word()).inc();
        window.verdict().value().ifPresent(value -> VALUE.labelValues(contract, rule).set(value));
    }

    static void late(String contract, String rule, long events) {
        LATE.labelValues(contract, rule).inc((double) events);
    }

    static void alert(String contract, String rule, Alert alert) {
        FiringAlerts.METRIC.stands(contract, rule, alert);
    }

    /// Another process may judge the contract now.
    static void forget(String contract, String rule) {
        FiringAlerts.METRIC.forget(contract, rule);
        VALUE.remove(contract, rule);
    }
}

package leat.stream.monitor;

import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import leat.core.alert.Alert;

/// The metric of alerts that go on, whoever judges them.
public final class FiringAlerts {

    private static final Gauge FIRING =
            Gauge.builder()
                    .name("leat_alerts_firing")
                    .help("1 while an alert is firing or acknowledged, else 0")
                    .labelNames("contract", "rule")
                    .register(PrometheusRegistry.defaultRegistry);

    private FiringAlerts() {}

    /// An alert is as it is now.
    public static void stands(String contract, String rule, Alert alert) {
        FIRING.labelValues(contract, rule).set(alert.status() == Alert.Status.RESOLVED ? 0 : 1);
    }

    /// Another process may judge the rule now.
    public static void forget(String contract, String rule) {
        FIRING.remove(contract, rule);
    }
}

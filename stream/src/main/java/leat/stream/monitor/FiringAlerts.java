package leat.stream.monitor;

import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import leat.core.alert.Alert;
import leat.core.alert.AlertWatch;

/// The metric of alerts that go on, whoever judges them.
public final class FiringAlerts implements AlertWatch {

    /// The one of this process.
    public static final AlertWatch METRIC = new FiringAlerts();

    private final Gauge firing =
            Gauge.builder()
                    .name("leat_alerts_firing")
                    .help("1 while an alert is firing or acknowledged, else 0")
                    .labelNames("contract", "rule")
                    .register(PrometheusRegistry.defaultRegistry);

    private FiringAlerts() {}

    @Override
    public void stands(String contract, String rule, Alert alert) {
        firing.labelValues(contract, rule).set(alert.status() == Alert.Status.RESOLVED ? 0 : 1);
    }

    @Override
    public void forget(String contract, String rule) {
        firing.remove(contract, rule);
    }
}

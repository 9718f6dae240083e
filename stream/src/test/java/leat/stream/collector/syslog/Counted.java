package leat.stream.collector.syslog;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Label;
import io.prometheus.metrics.model.snapshots.Labels;
import leat.stream.testing.FailedHandshakes;

/// Reads what a door has counted.
final class Counted {

    private final PrometheusRegistry registry;

    Counted(PrometheusRegistry registry) {
        this.registry = registry;
    }

    /// Messages of one fate.
    long messages(String fate) {
        return counter("leat_collector_syslog_messages", fate);
    }

    /// Connections that were closed for one reason.
    long refused(String reason) {
        return counter("leat_collector_syslog_refused_connections", reason);
    }

    long failedHandshakes() {
        return FailedHandshakes.at("syslog", registry);
    }

    long openConnections() {
        return (long)
                registry.scrape("leat_collector_syslog_connections"::equals).stream()
                        .map(GaugeSnapshot.class::cast)
                        .flatMap(gauge -> gauge.getDataPoints().stream())
                        .mapToDouble(GaugeDataPointSnapshot::getValue)
                        .sum();
    }

    private long counter(String name, String label) {
        return (long)
                registry.scrape(name::equals).stream()
                        .map(CounterSnapshot.class::cast)
                        .flatMap(counter -> counter.getDataPoints().stream())
                        .filter(point -> hasValue(point.getLabels(), label))
                        .mapToDouble(CounterDataPointSnapshot::getValue)
                        .sum();
    }

    private static boolean hasValue(Labels labels, String value) {
        return labels.stream().map(Label::getValue).anyMatch(value::equals);
    }
}

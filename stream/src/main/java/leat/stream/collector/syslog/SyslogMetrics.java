package leat.stream.collector.syslog;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.function.IntSupplier;
import leat.stream.collector.Receipt;
import leat.stream.collector.access.Denial;

/// What the syslog door counts.
final class SyslogMetrics {

    private final Counter messages;
    private final Counter refusedConnections;

    SyslogMetrics(PrometheusRegistry registry, IntSupplier connections) {
        GaugeWithCallback.builder()
                .name("leat_collector_syslog_connections")
                .help("Open connections")
                .callback(gauge -> gauge.call(connections.getAsInt()))
                .register(registry);
        messages =
                Counter.builder()
                        .name("leat_collector_syslog_messages_total")
                        .help("Messages by fate: stored, dead, refused, denied, too-large, lost")
                        .labelNames("fate")
                        .register(registry);
        refusedConnections =
                Counter.builder()
                        .name("leat_collector_syslog_refused_connections_total")
                        .help(
                                "Connections that the collector has closed: unauthenticated,"
                                        + " forbidden, too-many")
                        .labelNames("reason")
                        .register(registry);
    }

    void settled(List<Receipt.Item> items) {
        int stored = 0;
        int dead = 0;
        int refused = 0;
        for (Receipt.Item item : items) {
            switch (item) {
                case Receipt.Accepted _ -> stored++;
                case Receipt.Dead _ -> dead++;
                case Receipt.Refused _ -> refused++;
            }
        }
        count("stored", stored);
        count("dead", dead);
        count("refused", refused);
    }

    /// Messages were read whose sender may not bring them in, not any longer perhaps.
    void denied(int count) {
        count("denied", count);
    }

    void refusedConnection(Denial.Kind kind) {
        refusedConnections.labelValues(kind.word()).inc();
    }

    void tooManyConnections() {
        refusedConnections.labelValues("too-many").inc();
    }

    void tooLarge() {
        count("too-large", 1);
    }

    /// Messages were read that the log did not take before the collector stopped.
    void lost(int count) {
        count("lost", count);
    }

    private void count(String fate, int count) {
        if (count > 0) {
            messages.labelValues(fate).inc(count);
        }
    }
}

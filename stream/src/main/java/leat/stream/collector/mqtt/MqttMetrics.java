package leat.stream.collector.mqtt;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import leat.stream.collector.Receipt;

/// What the MQTT door counts.
final class MqttMetrics {

    /// Connections that were let in and are open.
    final AtomicInteger sessions = new AtomicInteger();

    private final Counter connects;
    private final Counter messages;
    private final Counter ends;
    private final Counter wills;

    MqttMetrics(PrometheusRegistry registry) {
        GaugeWithCallback.builder()
                .name("leat_collector_mqtt_connections")
                .help("Connected clients")
                .callback(gauge -> gauge.call(sessions.get()))
                .register(registry);
        connects =
                Counter.builder()
                        .name("leat_collector_mqtt_connects_total")
                        .help("Answered CONNECTs: accepted, or why not")
                        .labelNames("answer")
                        .register(registry);
        messages =
                Counter.builder()
                        .name("leat_collector_mqtt_messages_total")
                        .help("Settled messages by QoS and fate")
                        .labelNames("qos", "fate")
                        .register(registry);
        ends =
                Counter.builder()
                        .name("leat_collector_mqtt_disconnects_total")
                        .help("Ended connections of clients that were let in, by cause")
                        .labelNames("cause")
                        .register(registry);
        wills =
                Counter.builder()
                        .name("leat_collector_mqtt_wills_total")
                        .help("Published wills by fate: stored, refused, unavailable")
                        .labelNames("fate")
                        .register(registry);
    }

    void will(Receipt receipt) {
        String fate =
                switch (receipt) {
                    case Receipt.Settled(List<Receipt.Item> items, int _) ->
                            items.getFirst() instanceof Receipt.Refused ? "refused" : "stored";
                    case Receipt.Denied _, Receipt.Throttled _ -> "refused";
                    case Receipt.Unavailable _ -> "unavailable";
                };
        wills.labelValues(fate).inc();
    }

    void connect(String answer) {
        connects.labelValues(answer).inc();
    }

    void settled(Pending pending) {
        messages.labelValues(
                        Integer.toString(pending.qos.value()),
                        pending.fate.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .inc();
    }

    void ended(End cause) {
        ends.labelValues(cause.word()).inc();
    }
}

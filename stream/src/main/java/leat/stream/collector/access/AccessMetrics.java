package leat.stream.collector.access;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/// What is counted of those who come to the doors.
public final class AccessMetrics {

    private final Counter denied;
    private final Counter throttled;
    private final Gauge keysFileSound;

    public AccessMetrics(PrometheusRegistry registry) {
        denied =
                Counter.builder()
                        .name("leat_collector_denied_total")
                        .help("Clients or batches turned away: unauthenticated, forbidden")
                        .labelNames("door", "reason")
                        .register(registry);
        throttled =
                Counter.builder()
                        .name("leat_collector_throttled_events_total")
                        .help(
                                "Events that found their key's quota used up, at each try where"
                                        + " they are held back")
                        .labelNames("key")
                        .register(registry);
        keysFileSound =
                Gauge.builder()
                        .name("leat_collector_keys_file_sound")
                        .help("1 while the keys in use are those of the file, 0 while it is faulty")
                        .register(registry);
        keysFileSound.set(1);
    }

    void denied(DoorKind door, Denial.Kind kind) {
        denied.labelValues(door.word(), kind.word()).inc();
    }

    void throttled(String key, int events) {
        throttled.labelValues(key).inc(events);
    }

    void keysFileSound(boolean sound) {
        keysFileSound.set(sound ? 1 : 0);
    }
}

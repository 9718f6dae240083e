package leat.stream.testing;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;

/// Reads how many connections have ended before they were encrypted.
public final class FailedHandshakes {

    private FailedHandshakes() {}

    /// Those of one door.
    ///
    /// @param door as metrics name it, `mqtt`
    public static long at(String door, PrometheusRegistry registry) {
        return (long)
                registry.scrape("leat_collector_tls_failed_handshakes"::equals).stream()
                        .map(CounterSnapshot.class::cast)
                        .flatMap(counter -> counter.getDataPoints().stream())
                        .filter(point -> door.equals(point.getLabels().get("door")))
                        .mapToDouble(CounterDataPointSnapshot::getValue)
                        .sum();
    }
}

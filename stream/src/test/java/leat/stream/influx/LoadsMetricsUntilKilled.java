package leat.stream.influx;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import leat.core.event.Names;
import leat.stream.collector.otlp.TelemetryContracts;
import leat.stream.testing.SharedKafka;

/// A process that runs a loader of metrics until a fail point halts it.
final class LoadsMetricsUntilKilled {

    private LoadsMetricsUntilKilled() {}

    /// Never returns.
    ///
    /// @param args the broker, InfluxDB and the prefix
    public static void main(String[] args) throws InterruptedException {
        InfluxLoader.start(
                new InfluxLoader.Parts(
                        SharedKafka.mortal(args[0]),
                        new Names(args[2]),
                        TelemetryContracts.METRICS,
                        new InfluxSettings(
                                Optional.of(args[1]),
                                "leat test",
                                "metric-point",
                                Optional.empty(),
                                Optional.empty(),
                                100,
                                Duration.ofSeconds(10)),
                        Optional.empty(),
                        new InfluxMetrics(new PrometheusRegistry())));
        new CountDownLatch(1).await();
    }
}

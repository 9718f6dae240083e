package leat.stream.influx;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import leat.core.event.Names;
import leat.core.failpoint.FailPoint;
import leat.embedded.FreePorts;
import leat.stream.collector.otlp.TelemetryContracts;
import leat.stream.log.LogConnection;
import leat.stream.log.StageHealth;
import leat.stream.log.TopicSpec;
import leat.stream.testing.Await;
import leat.stream.testing.ChildJvm;
import leat.stream.testing.SharedKafka;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The loader of metrics with a real InfluxDB, killed at either side.
@Timeout(value = 240, unit = TimeUnit.SECONDS)
final class InfluxLoaderIT {

    private static final int POINTS = 1_000;
    private static final Instant START = Instant.parse("2026-01-03T10:00:00Z");

    @TempDir private Path folder;

    private final Names names = SharedKafka.freshNames();
    private RealInflux influx;

    @BeforeEach
    void open() throws IOException {
        SharedKafka.create(TopicSpec.of(names, TelemetryContracts.METRICS));
        influx = new RealInflux(folder, FreePorts.inARow(2));
    }

    @AfterEach
    void close() {
        if (influx != null) {
            influx.close();
        }
    }

    private InfluxLoader loader(InfluxMetrics metrics) {
        return loader(SharedKafka.connection(), metrics);
    }

    private InfluxLoader loader(LogConnection log, InfluxMetrics metrics) {
        return InfluxLoader.start(
                new InfluxLoader.Parts(
                        log,
                        names,
                        TelemetryContracts.METRICS,
                        influx.settings(),
                        java.util.Optional.empty(),
                        metrics));
    }

    private InfluxLoader loader() {
        return loader(new InfluxMetrics(new PrometheusRegistry()));
    }

    private void enrich(List<String> events) throws Exception {
        try (Producer<byte[], byte[]> producer = SharedKafka.connection().producer("t", Map.of())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (String event : events) {
                sent.add(
                        producer.send(
                                new ProducerRecord<>(
                                        names.enriched(TelemetryContracts.METRICS),
                                        event.getBytes(UTF_8))));
            }
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        }
    }

    private static List<String> points(int from, int to) {
        List<String> points = new ArrayList<>();
        for (int i = from; i < to; i++) {
            points.add(
                    "{\"time\":\""
                            + START.plusNanos(i)
                            + "\",\"metric\":\"load\",\"kind\":\"gauge\",\"value\":"
                            + i
                            + ",\"host\":\"m"
                            + i % 3
                            + "\",\"attributes\":[{\"key\":\"a b\",\"value\":\"c,=\\\\\"}]}");
        }
        return points;
    }

    @Test
    void pointsAreInTheDatabaseWithTheirTagsAndNanoseconds() throws Exception {
        enrich(points(0, POINTS));

        try (InfluxLoader _ = loader()) {
            Await.untilTrue(() -> influx.count("load") == POINTS);
        }

        assertThat(influx.query("SELECT value, host, \"a b\" FROM load WHERE value = 7").toString())
                .contains("[[" + (START.getEpochSecond() * 1_000_000_000L + 7) + ",7,\"m1\",\"c,=");
        assertThat(
                        influx.query("SELECT sum(value) FROM load")
                                .path("values")
                                .path(0)
                                .path(1)
                                .asLong())
                .isEqualTo((long) POINTS * (POINTS - 1) / 2);
    }

    @Test
    void aPointThatInfluxNeverTakesIsCountedAndStopsNoOther() throws Exception {
        List<String> mixed = new ArrayList<>(points(0, 250));
        mixed.add(130, "{\"time\":\"2026-01-03T10:00:00Z\",\"metric\":\"#\",\"value\":1}");
        mixed.add(140, "no JSON");
        String long64 = "x".repeat(70_000);
        mixed.add(
                150,
                "{\"time\":\"2026-01-03T10:00:00Z\",\"metric\":\"" + long64 + "\",\"value\":1}");
        enrich(mixed);
        InfluxMetrics metrics = new InfluxMetrics(new PrometheusRegistry());

        try (InfluxLoader loader = loader(metrics)) {
            Await.untilTrue(() -> influx.count("load") == 250 && metrics.refused.get() >= 3);

            assertThat(loader.health().ready()).isTrue();
        }
        assertThat(metrics.refused.get()).isEqualTo(3);
        assertThat(metrics.written.get()).isEqualTo(250);
    }

    @Test
    void whileInfluxIsAwayTheLoaderWaitsAndLosesNothing() throws Exception {
        enrich(points(0, 100));
        try (InfluxLoader loader = loader()) {
            Await.untilTrue(() -> influx.count("load") == 100);

            influx.kill();
            enrich(points(100, POINTS));
            Await.untilTrue(() -> loader.health() instanceof StageHealth.Retrying);
            influx.restart();

            Await.untilTrue(() -> influx.count("load") == POINTS);
            Await.untilTrue(() -> loader.health().ready());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"influx.after-write", "influx.after-write:3", "influx.after-commit:2"})
    void everyPointIsThereOnceAfterAKillAt(String failPoint) throws Exception {
        enrich(points(0, POINTS));

        Process killed = start(failPoint);
        assertThat(killed.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(killed.exitValue()).isEqualTo(FailPoint.EXIT_CODE);
        assertThat(influx.count("load")).isPositive();
        LogConnection log = SharedKafka.mortal(SharedKafka.bootstrapServers());
        try (InfluxLoader _ = loader(log, new InfluxMetrics(new PrometheusRegistry()))) {
            Await.untilTrue(() -> influx.count("load") == POINTS);
        }

        assertThat(
                        influx.query("SELECT sum(value) FROM load")
                                .path("values")
                                .path(0)
                                .path(1)
                                .asLong())
                .isEqualTo((long) POINTS * (POINTS - 1) / 2);
    }

    private Process start(String failPoint) throws IOException {
        return ChildJvm.start(
                LoadsMetricsUntilKilled.class,
                failPoint,
                Redirect.DISCARD,
                SharedKafka.bootstrapServers(),
                influx.url(),
                names.prefix());
    }
}

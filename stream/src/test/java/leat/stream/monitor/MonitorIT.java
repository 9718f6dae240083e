package leat.stream.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.core.event.Names.DeadStage;
import leat.core.odcs.OdcsReader;
import leat.stream.enricher.Enricher;
import leat.stream.enricher.EnricherSettings;
import leat.stream.enricher.Flow;
import leat.stream.log.LogConnection;
import leat.stream.log.TopicSpec;
import leat.stream.testing.SharedKafka;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// From raw to verdicts, quarantine and a webhook, on a real broker.
final class MonitorIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Contract CONTRACT =
            OdcsReader.read(
                            Path.of("ride.odcs.yaml"),
                            """
                            apiVersion: v3.1.0
                            kind: DataContract
                            id: ride
                            version: 1.0.0
                            status: active
                            schema:
                              - name: ride
                                quality:
                                  - name: volume
                                    metric: rowCount
                                    mustBeLessOrEqualTo: 15
                                    severity: warning
                                    customProperties: [{property: leat.window, value: 1s}]
                                properties:
                                  - name: speed
                                    logicalType: integer
                                    quality:
                                      - name: range
                                        type: custom
                                        engine: leat
                                        implementation: {range: {maximum: 400}}
                                        customProperties:
                                          - {property: leat.quarantine, value: true}
                                          - {property: leat.window, value: 1s}
                            customProperties:
                              - {property: leat.partitions, value: 3}
                            """)
                    .orThrow();

    private final LogConnection log = SharedKafka.connection();
    private final Names names = SharedKafka.freshNames();
    private final MonitorTopics topics = new MonitorTopics(names);
    private final Judgements judgements = new Judgements(log, names);
    private final MonitorSettings settings =
            new MonitorSettings(Duration.ofMillis(100), Duration.ofMillis(500));

    @TempDir private Path folder;

    @Test
    void judgesEveryEventOnceQuarantinesAndTellsAWebhookThatWasAway() throws IOException {
        // Given a webhook that refuses the first posts, and a monitor that is started again midway
        List<String> taken = new CopyOnWriteArrayList<>();
        Set<String> keys = new HashSet<>();
        AtomicInteger refusals = new AtomicInteger(3);
        HttpServer server =
                server(exchange -> {
                    String body =
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8);
                    boolean refuse = refusals.getAndDecrement() > 0;
                    if (!refuse) {
                        taken.add(body);
                        keys.add(exchange.getRequestHeaders().getFirst("idempotency-key"));
                    }
                    exchange.sendResponseHeaders(refuse ? 503 : 204, -1);
                    exchange.close();
                });
        AlertSettings alerts =
                new AlertSettings(Optional.of(address(server)), Duration.ofSeconds(5));
        SharedKafka.create(TopicSpec.of(names, CONTRACT));
        SharedKafka.create(topics.specs());
        Monitor.Place place = new Monitor.Place(log, names, "1");
        try (Enricher _ =
                Enricher.start(
                        log,
                        new Enricher.Instance(names, "1", folder),
                        EnricherSettings.DEFAULT,
                        List.of(Flow.of(names, CONTRACT)))) {
            // When
            try (Monitor _ =
                    Monitor.start(
                            place, settings, alerts, new Judged(List.of(CONTRACT), List.of()))) {
                await(() ->
                        !judgements.results("volume").isEmpty()
                                && !judgements.results("range").isEmpty());
                send(40, 10);
                await(() -> judgements.counted("volume") >= 40);
            }
            send(40, 10);
            try (Monitor _ =
                    Monitor.start(
                            place, settings, alerts, new Judged(List.of(CONTRACT), List.of()))) {
                await(() ->
                        judgements.counted("volume") >= 80 && judgements.counted("range") >= 100);
                await(() -> taken.stream().anyMatch(body -> body.contains("\"resolved\"")));
            }
        } finally {
            server.stop(0);
        }

        // Then every event stands in one window, and each window is judged once, in a row
        assertThat(judgements.counted("volume")).isEqualTo(80);
        assertThat(judgements.counted("range")).isEqualTo(100);
        assertThat(judgements.sum("range", "counted")).isEqualTo(20);
        for (String rule : List.of("volume", "range")) {
            List<Long> starts = judgements.starts(rule);
            assertThat(new TreeSet<>(starts)).hasSameSizeAs(starts);
            assertThat(starts.getLast() - starts.getFirst())
                    .isEqualTo(1_000L * (starts.size() - 1));
        }
        // And the alert stands once a change, whatever was refused
        assertThat(taken.getFirst()).contains("\"firing\"").contains("\"ride.v1:volume\"");
        assertThat(keys).hasSameSizeAs(taken);
        assertThat(judgements.records(names.dead(CONTRACT, DeadStage.ENRICHER), 3)).hasSize(20);
        AlertStanding standing = new AlertLog(log, names).list(List.of(CONTRACT)).getFirst();
        assertThat(standing.status()).isEqualTo("resolved");
        assertThat(standing.severity()).isEqualTo("warning");
    }

    /// Silence fires the alert, an event resolves it.
    @Test
    void judgesOnAndIsAcknowledgedWhileTheWebhookHangs() throws IOException {
        // Given a webhook that does not answer
        Contract silent = silent();
        List<String> taken = new CopyOnWriteArrayList<>();
        CountDownLatch answering = new CountDownLatch(1);
        HttpServer server =
                server(exchange -> {
                    String body =
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8);
                    awaitQuietly(answering);
                    taken.add(JSON.readTree(body).path("status").asString());
                    exchange.sendResponseHeaders(204, -1);
                    exchange.close();
                });
        AlertSettings alerts =
                new AlertSettings(Optional.of(address(server)), Duration.ofMinutes(2));
        SharedKafka.create(TopicSpec.of(names, silent));
        SharedKafka.create(topics.specs());
        AlertLog standing = new AlertLog(log, names);
        try (Enricher _ =
                        Enricher.start(
                                log,
                                new Enricher.Instance(names, "1", folder),
                                EnricherSettings.DEFAULT,
                                List.of(Flow.of(names, silent)));
                Monitor _ =
                        Monitor.start(
                                new Monitor.Place(log, names, "1"),
                                settings,
                                alerts,
                                new Judged(List.of(silent), List.of()))) {
            await(() -> status(standing, silent).equals("firing"));
            int before = judgements.results("beats").size();

            // When
            standing.acknowledge(standing.list(List.of(silent)).getFirst());

            // Then neither the command nor the windows wait for the answer
            await(() -> status(standing, silent).equals("acknowledged"));
            await(() -> judgements.results("beats").size() >= before + 3);
            assertThat(taken).isEmpty();
            // It is that for one window.
            await(() -> {
                beat(silent);
                return status(standing, silent).equals("resolved");
            });
            answering.countDown();
            await(() -> taken.size() >= 3);
            assertThat(taken.subList(0, 3)).containsExactly("firing", "acknowledged", "resolved");
        } finally {
            answering.countDown();
            server.stop(0);
        }
    }

    private Contract silent() {
        return OdcsReader.read(
                        Path.of("beat.odcs.yaml"),
                        """
                        apiVersion: v3.1.0
                        kind: DataContract
                        id: beat
                        version: 1.0.0
                        status: active
                        schema:
                          - name: beat
                            quality:
                              - name: beats
                                metric: rowCount
                                mustBeGreaterThan: 0
                                severity: error
                                customProperties: [{property: leat.window, value: 1s}]
                            properties:
                              - {name: speed, logicalType: integer}
                        customProperties:
                          - {property: leat.partitions, value: 1}
                        """)
                .orThrow();
    }

    private static String status(AlertLog log, Contract contract) {
        return log.list(List.of(contract)).stream()
                .map(AlertStanding::status)
                .findFirst()
                .orElse("");
    }

    private void beat(Contract contract) {
        try (Producer<byte[], byte[]> producer = log.producer("test", Map.of())) {
            Future<RecordMetadata> _ =
                    producer.send(
                            new ProducerRecord<>(
                                    names.raw(contract),
                                    0,
                                    null,
                                    "{\"speed\":1}".getBytes(StandardCharsets.UTF_8)));
        }
    }

    private static HttpServer server(HttpHandler handler) throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/alerts", handler);
        server.start();
        return server;
    }

    private static String address(HttpServer server) {
        return "http://localhost:" + server.getAddress().getPort() + "/alerts";
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(int good, int bad) {
        try (Producer<byte[], byte[]> producer = log.producer("test", Map.of())) {
            for (int i = 0; i < good + bad; i++) {
                String json = "{\"speed\":" + (i < good ? 100 : 500) + "}";
                Future<RecordMetadata> _ =
                        producer.send(
                                new ProducerRecord<>(
                                        names.raw(CONTRACT),
                                        i % 2,
                                        null,
                                        json.getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    private static void await(BooleanSupplier condition) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(until);
        }
    }
}

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
import java.time.Instant;
import java.util.ArrayList;
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
import leat.core.contract.Contracts;
import leat.core.event.Names;
import leat.core.event.Names.DeadStage;
import leat.core.feature.FeatureViewReader;
import leat.core.odcs.OdcsReader;
import leat.stream.enricher.Enricher;
import leat.stream.enricher.EnricherSettings;
import leat.stream.enricher.Flow;
import leat.stream.log.LogConnection;
import leat.stream.log.TopicSpec;
import leat.stream.testing.SharedKafka;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
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
                    Monitor.start(place, settings, alerts, Judged.events(List.of(CONTRACT)))) {
                await(() -> !results("volume").isEmpty() && !results("range").isEmpty());
                send(40, 10);
                await(() -> counted("volume") >= 40);
            }
            send(40, 10);
            try (Monitor _ =
                    Monitor.start(place, settings, alerts, Judged.events(List.of(CONTRACT)))) {
                await(() -> counted("volume") >= 80 && counted("range") >= 100);
                await(() -> taken.stream().anyMatch(body -> body.contains("\"resolved\"")));
            }
        } finally {
            server.stop(0);
        }

        // Then every event stands in one window, and each window is judged once, in a row
        assertThat(counted("volume")).isEqualTo(80);
        assertThat(counted("range")).isEqualTo(100);
        assertThat(sum("range", "counted")).isEqualTo(20);
        for (String rule : List.of("volume", "range")) {
            List<Long> starts = starts(rule);
            assertThat(new TreeSet<>(starts)).hasSameSizeAs(starts);
            assertThat(starts.getLast() - starts.getFirst())
                    .isEqualTo(1_000L * (starts.size() - 1));
        }
        // And the alert stands once a change, whatever was refused
        assertThat(taken.getFirst()).contains("\"firing\"").contains("\"ride.v1:volume\"");
        assertThat(keys).hasSameSizeAs(taken);
        assertThat(records(names.dead(CONTRACT, DeadStage.ENRICHER), 3)).hasSize(20);
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
                                Judged.events(List.of(silent)))) {
            await(() -> status(standing, silent).equals("firing"));
            int before = results("beats").size();

            // When
            standing.acknowledge(standing.list(List.of(silent)).getFirst());

            // Then neither the command nor the windows wait for the answer
            await(() -> status(standing, silent).equals("acknowledged"));
            await(() -> results("beats").size() >= before + 3);
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

    /// No enricher writes vectors, so none has to have come so far.
    @Test
    void judgesTheVectorsOfEachVersionOfAViewByItsName() {
        // Given two versions of a view, of which one has values that are not expected, and a third
        // whose topic is gone
        Contract first = vectors(1);
        Contract second = vectors(2);
        SharedKafka.create(TopicSpec.ofView(names, first, first));
        SharedKafka.create(TopicSpec.ofView(names, second, second));
        SharedKafka.create(topics.specs());
        AlertLog standing = new AlertLog(log, names);
        Judged judged = new Judged(List.of(), List.of(first, second, vectors(3)));
        try (Monitor _ =
                Monitor.start(
                        new Monitor.Place(log, names, "1"),
                        settings,
                        AlertSettings.DEFAULT,
                        judged)) {
            await(() -> !results("speed-range").isEmpty());

            // When
            writeVectors(first, 30, "\"speed\":50");
            writeVectors(second, 20, "\"speed\":50");
            writeVectors(second, 3, "\"speed\":70");
            writeVectors(second, 7, "\"gear\":1");

            // Then
            await(() -> counted("speed-range") == 60 && counted("speed-nullvalues") == 60);
            await(() -> !standing.list(judged.all()).isEmpty());
        }
        assertThat(results("speed-range"))
                .filteredOn(node -> node.path("verdict").asString().equals("failed"))
                .isNotEmpty()
                .allMatch(node -> node.path("contract").asString().equals("driving.v2"));
        assertThat(sum("speed-range", "counted")).isEqualTo(3);
        assertThat(sum("speed-nullvalues", "counted")).isEqualTo(7);
        assertThat(standing.list(judged.all()))
                .extracting(AlertStanding::id)
                .containsExactly("driving.v2:speed-range");
        // And the age of vectors is that of the time they say themselves
        assertThat(results("lateness"))
                .filteredOn(node -> node.path("events").asLong() > 0)
                .isNotEmpty()
                .allMatch(node -> node.path("counted").equals(node.path("events")));
    }

    private static Contract vectors(int version) {
        Contract source =
                OdcsReader.read(
                                Path.of("drives.odcs.yaml"),
                                """
                                apiVersion: v3.1.0
                                kind: DataContract
                                id: drives
                                version: 1.0.0
                                status: active
                                schema:
                                  - name: drives
                                    properties:
                                      - {name: car, logicalType: string}
                                      - {name: speed, logicalType: number}
                                      - {name: gear, logicalType: integer}
                                customProperties:
                                  - {property: leat.key, value: car}
                                  - {property: leat.partitions, value: 3}
                                """)
                        .orThrow();
        return FeatureViewReader.read(
                        Path.of("driving.yaml"),
                        """
                        version: %d
                        entity: car
                        source: drives
                        features:
                          - name: speed
                            expression: event.speed
                            expect:
                              - {range: {minimum: 0, maximum: 60}, window: 1s}
                              - {metric: nullValues, unit: percent, mustBeLessThan: 101, window: 1s}
                          - {name: gear, expression: event.gear}
                        expect: {lateness: 1s, unit: percent, mustBeLessThan: 101, window: 1s}
                        """
                                .formatted(version),
                        new Contracts(List.of(source)))
                .orThrow()
                .contract();
    }

    /// On two of the three partitions.
    private void writeVectors(Contract vectors, int count, String member) {
        try (Producer<byte[], byte[]> producer = log.producer("test", Map.of())) {
            for (int i = 0; i < count; i++) {
                String json =
                        "{\"entity\":\"c\",\"query_time\":\"2026-01-01T00:00:00.000001Z\","
                                + member
                                + "}";
                Future<RecordMetadata> _ =
                        producer.send(
                                new ProducerRecord<>(
                                        names.vectors(vectors),
                                        i % 2,
                                        null,
                                        json.getBytes(StandardCharsets.UTF_8)));
            }
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

    private long counted(String rule) {
        return sum(rule, "events");
    }

    private long sum(String rule, String number) {
        return results(rule).stream().mapToLong(node -> node.path(number).asLong()).sum();
    }

    private List<Long> starts(String rule) {
        return results(rule).stream()
                .map(node -> Instant.parse(node.path("windowStart").asString("")).toEpochMilli())
                .toList();
    }

    private List<JsonNode> results(String rule) {
        return records(topics.results(), 1).stream()
                .map(record -> JSON.readTree(record.value()))
                .filter(node -> node.path("rule").asString("").equals(rule))
                .toList();
    }

    private List<ConsumerRecord<byte[], byte[]>> records(String topic, int partitions) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = log.reader("test", Map.of())) {
            List<TopicPartition> all = new ArrayList<>();
            for (int partition = 0; partition < partitions; partition++) {
                all.add(new TopicPartition(topic, partition));
            }
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    private static void await(BooleanSupplier condition) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(until);
        }
    }
}

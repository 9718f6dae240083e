package leat.stream.enricher;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import leat.core.contract.Contract;
import leat.core.contract.Contracts;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.event.Names.DeadStage;
import leat.core.odcs.OdcsReader;
import leat.stream.enricher.api.ApiSettings;
import leat.stream.log.EventHeader;
import leat.stream.log.TopicSpec;
import leat.stream.testing.SharedKafka;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Steps that ask, on a real broker with a real service: reference data that changes, a service
/// that hangs while another contract goes on, one that fails.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class EnrichmentStepsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Contract CARS =
            contract(
                    "cars",
                    """
                      - {property: leat.key, value: car}
                      - {property: leat.reference, value: true}
                    """);

    private static final Contract TRIPS =
            contract(
                    "trips",
                    """
                      - property: leat.enrich
                        value:
                          - {lookup: cars, key: event.car, fields: [make]}
                    """);

    private static final Contract VISITS =
            contract(
                    "visits",
                    """
                      - property: leat.enrich
                        value:
                          - {api: regions, key: event.car, fields: [region], timeout: 30s, onFailure: skip}
                    """);

    private final Names names = SharedKafka.freshNames();
    private final CountDownLatch release = new CountDownLatch(1);
    private HttpServer server = stopped();
    @TempDir private Path folder;

    private static Contract contract(String name, String properties) {
        String head =
                """
                apiVersion: v3.1.0
                kind: DataContract
                id: %s
                version: 1.0.0
                status: active
                schema:
                  - name: it
                    properties:
                      - {name: car, logicalType: string, required: true}
                      - {name: make, logicalType: string}
                      - {name: region, logicalType: string}
                customProperties:
                  - {property: leat.partitions, value: 1}
                """
                        .formatted(name);
        return OdcsReader.read(Path.of(name + ".odcs.yaml"), head + properties).orThrow();
    }

    private static HttpServer stopped() {
        try {
            return HttpServer.create();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// Answers `hang` when it is released, refuses `fail`, and puts every other car in the north.
    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(
                "/",
                exchange -> {
                    JsonNode requests =
                            JsonMapper.shared()
                                    .readTree(exchange.getRequestBody())
                                    .path("requests");
                    List<String> results = new ArrayList<>();
                    for (JsonNode request : requests) {
                        switch (request.path("key").stringValue()) {
                            case "hang" -> {
                                release();
                                results.add("{\"fields\":{\"region\":\"late\"}}");
                            }
                            case "fail" -> results.add("{\"error\":\"no\"}");
                            case String _ -> results.add("{\"fields\":{\"region\":\"north\"}}");
                        }
                    }
                    byte[] body =
                            ("{\"results\":[" + String.join(",", results) + "]}")
                                    .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
    }

    private void release() {
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void stop() {
        release.countDown();
        server.stop(0);
    }

    private EnrichmentSources sources(EnricherSettings settings) {
        return EnrichmentSources.open(
                new EnrichmentSources.Place(SharedKafka.connection(), names),
                new Contracts(List.of(CARS, TRIPS, VISITS)),
                settings);
    }

    private EnricherSettings settings() {
        return EnricherSettings.DEFAULT.withApis(
                Map.of(
                        "regions",
                        ApiSettings.at("http://127.0.0.1:" + server.getAddress().getPort() + "/")));
    }

    private Enricher enricher(EnrichmentSources sources) {
        return Enricher.start(
                SharedKafka.connection(),
                new Enricher.Instance(names, "one", folder),
                settings(),
                List.of(CARS, TRIPS, VISITS).stream()
                        .map(contract -> Flow.of(names, contract, sources))
                        .toList());
    }

    private void send(Contract contract, String... events) throws Exception {
        try (Producer<byte[], byte[]> producer =
                SharedKafka.connection().producer("test", Map.of())) {
            for (String event : events) {
                String car = JsonMapper.shared().readTree(event).path("car").stringValue();
                Future<RecordMetadata> sent =
                        producer.send(
                                new ProducerRecord<>(
                                        names.raw(contract),
                                        0,
                                        car.getBytes(StandardCharsets.UTF_8),
                                        event.getBytes(StandardCharsets.UTF_8)));
                sent.get(60, TimeUnit.SECONDS);
            }
        }
    }

    /// The first `count` committed records of a topic.
    private static List<ConsumerRecord<byte[], byte[]>> records(String topic, int count) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        long until = System.nanoTime() + PATIENCE.toNanos();
        try (Consumer<byte[], byte[]> reader =
                SharedKafka.connection().reader("test-reader", Map.of())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            reader.assign(List.of(partition));
            reader.seekToBeginning(List.of(partition));
            while (records.size() < count && System.nanoTime() < until) {
                reader.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    private static String text(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.value(), StandardCharsets.UTF_8);
    }

    private void createTopics() {
        for (Contract contract : List.of(CARS, TRIPS, VISITS)) {
            SharedKafka.create(TopicSpec.of(names, contract));
        }
    }

    @Test
    void aLookUpSeesTheNewestRowAndSaysWhichState() throws Exception {
        createTopics();
        send(CARS, "{\"car\":\"a\",\"make\":\"Saab\"}");
        try (EnrichmentSources sources = sources(settings());
                Enricher _ = enricher(sources)) {
            records(names.latest(CARS), 1);
            send(TRIPS, "{\"car\":\"a\"}", "{\"car\":\"b\"}");
            List<ConsumerRecord<byte[], byte[]>> trips = records(names.enriched(TRIPS), 2);

            assertThat(trips)
                    .extracting(EnrichmentStepsIT::text)
                    .containsExactly("{\"car\":\"a\",\"make\":\"Saab\"}", "{\"car\":\"b\"}");
            assertThat(trips)
                    .extracting(trip -> EventHeader.text(trip.headers(), EventHeaders.LOOKUPS))
                    .allMatch(seen -> String.valueOf(seen).matches("cars\\.v1/0@\\d+"));
        }
    }

    @Test
    void aServiceThatHangsHoldsUpItsOwnContractOnlyAndClosingDoesNotWaitForIt() throws Exception {
        createTopics();
        try (EnrichmentSources sources = sources(settings())) {
            try (Enricher _ = enricher(sources)) {
                send(VISITS, "{\"car\":\"x\"}");
                records(names.enriched(VISITS), 1);

                // When
                send(VISITS, "{\"car\":\"hang\"}");
                send(
                        TRIPS,
                        IntStream.range(0, 20)
                                .mapToObj(i -> "{\"car\":\"c" + i + "\"}")
                                .toArray(String[]::new));

                // Then
                assertThat(records(names.enriched(TRIPS), 20)).hasSize(20);
                assertThat(release.getCount()).isEqualTo(1);
            }
            // The enricher has ended while the service still hangs; the next one asks again.
            release.countDown();
            try (Enricher _ = enricher(sources)) {
                assertThat(records(names.enriched(VISITS), 2))
                        .extracting(EnrichmentStepsIT::text)
                        .containsExactly(
                                "{\"car\":\"x\",\"region\":\"north\"}",
                                "{\"car\":\"hang\",\"region\":\"late\"}");
            }
        }
    }

    @Test
    void aFailureLeavesAMarkedGapAndEachKeyInItsOrder() throws Exception {
        createTopics();
        try (EnrichmentSources sources = sources(settings());
                Enricher _ = enricher(sources)) {
            send(VISITS, "{\"car\":\"x\"}", "{\"car\":\"fail\"}", "{\"car\":\"y\"}");

            List<ConsumerRecord<byte[], byte[]>> visits = records(names.enriched(VISITS), 3);

            assertThat(visits)
                    .extracting(EnrichmentStepsIT::text)
                    .containsExactly(
                            "{\"car\":\"x\",\"region\":\"north\"}",
                            "{\"car\":\"fail\"}",
                            "{\"car\":\"y\",\"region\":\"north\"}");
            assertThat(visits)
                    .extracting(visit -> EventHeader.text(visit.headers(), EventHeaders.SKIPPED))
                    .containsExactly(null, "region", null);
            assertThat(records(names.dead(VISITS, DeadStage.ENRICHER), 0)).isEmpty();
        }
    }
}

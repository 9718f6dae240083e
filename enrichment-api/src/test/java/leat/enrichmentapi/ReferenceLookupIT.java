package leat.enrichmentapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.core.odcs.OdcsReader;
import leat.embedded.kafka.EmbeddedKafka;
import leat.stream.log.LogConnection;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class ReferenceLookupIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Names NAMES = new Names("leat");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Contract CARS =
            OdcsReader.read(
                            Path.of("car-registry.odcs.yaml"),
                            """
                            apiVersion: v3.1.0
                            kind: DataContract
                            id: car-registry
                            version: 1.0.0
                            status: active
                            schema:
                              - name: car_registry
                                properties:
                                  - {name: car, logicalType: string, required: true}
                                  - {name: built, logicalType: date}
                                  - {name: price, logicalType: number, physicalType: "decimal(12,2)"}
                                  - name: owner
                                    logicalType: object
                                    properties:
                                      - {name: id, logicalType: string}
                            customProperties:
                              - {property: leat.key, value: car}
                              - {property: leat.partitions, value: 1}
                              - {property: leat.reference, value: true}
                            """)
                    .orThrow();

    @TempDir private Path folder;

    private static HttpResponse<String> awaitStatus(RunningServer server, String path, int status)
            throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            HttpResponse<String> response = server.get(path);
            if (response.statusCode() == status) {
                return response;
            }
            assertThat(System.nanoTime()).as(response.body()).isLessThan(deadline);
        }
    }

    @Test
    void servesTheNewestEventOfEachKeyAsSoonAsItHasReadThem() throws Exception {
        try (EmbeddedKafka kafka =
                EmbeddedKafka.start(new EmbeddedKafka.Settings(folder.resolve("kafka"), 0))) {
            LogConnection log = new LogConnection(kafka.bootstrapServers());
            try (RunningServer server =
                    RunningServer.start(
                            folder.resolve("reference"),
                            EnrichmentApiSettings.Trial.NONE,
                            log,
                            List.of(CARS))) {
                // Given
                HttpResponse<String> early =
                        server.post("car-registry", "{\"requests\":[{\"key\":\"car1\"}]}");
                assertThat(early.statusCode()).isEqualTo(503);
                assertThat(early.body()).contains("not-ready");
                assertThat(server.get("/health/ready").statusCode()).isEqualTo(503);

                // When
                write(log);

                // Then
                JsonNode found =
                        JSON.readTree(
                                awaitStatus(server, "/v1/lookups/car-registry/car1", 200).body());
                assertThat(found)
                        .isEqualTo(
                                JSON.readTree(
                                        """
                                        {"fields": {"car": "car1", "built": "2021-03-04",
                                          "price": 1234567890.10},
                                         "seen": "car-registry.v1/0@1"}
                                        """));
                assertThat(
                                server.post("car-registry", "{\"requests\":[{\"key\":\"car2\"}]}")
                                        .body())
                        .isEqualTo(
                                "{\"results\":[{\"missing\":true,"
                                        + "\"seen\":\"car-registry.v1/0@1\"}]}");
                assertThat(JSON.readTree(server.get("/v1/lookups").body()).at("/lookups/0/fields"))
                        .isEqualTo(JSON.readTree("[\"car\", \"built\", \"price\"]"));
                assertThat(server.get("/health/ready").statusCode()).isEqualTo(200);
            }
        }
    }

    private static void write(LogConnection log) throws Exception {
        try (Admin admin = log.admin()) {
            Topics topics = new Topics(admin, 1);
            topics.apply(topics.plan(TopicSpec.of(NAMES, CARS)));
        }
        try (Producer<byte[], byte[]> producer = log.producer("test", Map.of())) {
            producer.send(
                            new ProducerRecord<>(
                                    NAMES.latest(CARS),
                                    "car1".getBytes(StandardCharsets.UTF_8),
                                    ("{\"car\":\"car1\",\"built\":\"2021-03-04\","
                                                    + "\"price\":1234567890.10,"
                                                    + "\"owner\":{\"id\":\"o\"}}")
                                            .getBytes(StandardCharsets.UTF_8)))
                    .get();
        }
    }
}

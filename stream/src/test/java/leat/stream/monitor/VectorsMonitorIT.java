package leat.stream.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import leat.core.contract.Contract;
import leat.core.contract.Contracts;
import leat.core.event.Names;
import leat.core.feature.FeatureViewReader;
import leat.core.odcs.OdcsReader;
import leat.stream.log.LogConnection;
import leat.stream.log.TopicSpec;
import leat.stream.testing.SharedKafka;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;

/// From vectors of feature views to verdicts and alerts, on a real broker.
final class VectorsMonitorIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final LogConnection log = SharedKafka.connection();
    private final Names names = SharedKafka.freshNames();
    private final MonitorTopics topics = new MonitorTopics(names);
    private final Judgements judgements = new Judgements(log, names);
    private final MonitorSettings settings =
            new MonitorSettings(Duration.ofMillis(100), Duration.ofMillis(500));

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
            await(() -> !judgements.results("speed-range").isEmpty());

            // When
            writeVectors(first, 30, "\"speed\":50");
            writeVectors(second, 20, "\"speed\":50");
            writeVectors(second, 3, "\"speed\":70");
            writeVectors(second, 7, "\"gear\":1");

            // Then
            await(() ->
                    judgements.counted("speed-range") == 60
                            && judgements.counted("speed-nullvalues") == 60);
            await(() -> !standing.list(judged.all()).isEmpty());
        }
        assertThat(judgements.results("speed-range"))
                .filteredOn(node -> node.path("verdict").asString().equals("failed"))
                .isNotEmpty()
                .allMatch(node -> node.path("contract").asString().equals("driving.v2"));
        assertThat(judgements.sum("speed-range", "counted")).isEqualTo(3);
        assertThat(judgements.sum("speed-nullvalues", "counted")).isEqualTo(7);
        assertThat(standing.list(judged.all()))
                .extracting(AlertStanding::id)
                .containsExactly("driving.v2:speed-range");
        // And the age of vectors is that of the time they say themselves
        assertThat(judgements.results("lateness"))
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

    private static void await(BooleanSupplier condition) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(until);
        }
    }
}

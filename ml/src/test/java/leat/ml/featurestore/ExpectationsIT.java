package leat.ml.featurestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import leat.core.contract.Contract;
import leat.core.contract.Contracts;
import leat.core.event.Names;
import leat.core.feature.FeatureViewReader;
import leat.stream.log.LogConnection;
import leat.stream.log.Topics;
import leat.stream.monitor.AlertLog;
import leat.stream.monitor.AlertSettings;
import leat.stream.monitor.AlertStanding;
import leat.stream.monitor.Judged;
import leat.stream.monitor.Monitor;
import leat.stream.monitor.MonitorSettings;
import leat.stream.monitor.MonitorTopics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// From events to vectors to alerts: what a view expects of its features is watched while they are
/// computed.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class ExpectationsIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration WINDOW = Duration.ofSeconds(1);
    private static final long SECOND = 1_000_000;
    private static final String RANGE = "driving.v1:speed-max-1m-range";
    private static final String NULLS = "driving.v1:road-nullvalues";

    private static final String VIEW =
            """
            entity: car
            source: drives
            hop: 10s
            features:
              - name: road
                expression: event.road
                expect: {metric: nullValues, unit: percent, mustBeLessThan: 50, window: 1s,
                         severity: warning}
              - name: speed
                expression: event.speed
                aggregate: max
                windows: 1m
                expect: {range: {minimum: 0, maximum: 200}, unit: percent, window: 1s}
            """;

    private final LogConnection log = FeatureKafka.connection();
    private final Names names = FeatureKafka.freshNames();
    private final FeatureFlow flow =
            new FeatureFlow(
                    FeatureViewReader.read(
                                    Path.of("features/driving.yaml"),
                                    VIEW,
                                    new Contracts(List.of(Driving.SOURCE)))
                            .orThrow());
    private final Contract vectors = flow.vectors();
    private final MonitorTopics topics = new MonitorTopics(names);
    private final AlertLog alerts = new AlertLog(log, names);
    private long timeMicros = 1_800_000_000 * SECOND;

    @TempDir private Path folder;

    @Test
    void aPlantedViolationRaisesAnAlertAndQuietDataNone() throws Exception {
        FeatureKafka.prepare(names, new ViewDefinition(flow, VIEW));
        try (Admin admin = log.admin()) {
            Topics all = new Topics(admin, 1);
            all.apply(all.plan(topics.specs()));
        }
        try (FeatureStore _ =
                        FeatureStore.start(
                                new FeatureStore.Place(log, names, "1", folder, 1),
                                FeatureStoreSettings.DEFAULT,
                                List.of(flow),
                                DrivingVersions.DEFINITIONS);
                Monitor _ =
                        Monitor.start(
                                new Monitor.Place(log, names, "1"),
                                new MonitorSettings(Duration.ofMillis(100), Duration.ofMillis(500)),
                                AlertSettings.DEFAULT,
                                new Judged(List.of(), List.of(vectors)));
                Producer<byte[], byte[]> producer = log.producer("test", Map.of())) {
            // Given three windows of what is expected
            awaitWhile(producer, 50, ",\"road\":\"A1\"", () -> windowsWithEvents() >= 3);
            assertThat(alerts.list(List.of(vectors))).isEmpty();

            // When
            send(producer, 500, ",\"road\":\"A1\"");

            // Then it is of the window in which the vector came
            AlertStanding fired = awaitAlert(RANGE, "firing");
            assertThat(fired.severity()).isEqualTo("error");
            assertThat(fired.name()).isEqualTo("speed_max_1m range");
            assertThat(fired.value()).hasValueSatisfying(share -> assertThat(share).isPositive());
            assertThat(Instant.parse(fired.firedAt()))
                    .isAfter(appended("500.0"))
                    .isBeforeOrEqualTo(appended("500.0").plus(WINDOW));
            assertThat(alerts.list(List.of(vectors))).hasSize(1);

            // When the values are as expected again, but some are missing
            timeMicros += 120 * SECOND;
            awaitWhile(producer, 50, "", () -> has(RANGE, "resolved") && has(NULLS, "firing"));

            // When nothing is missing
            awaitWhile(producer, 50, ",\"road\":\"A1\"", () -> has(NULLS, "resolved"));
        }
    }

    private AlertStanding awaitAlert(String id, String status) {
        await(() -> has(id, status));
        return alerts.list(List.of(vectors)).stream()
                .filter(alert -> alert.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private boolean has(String id, String status) {
        return alerts.list(List.of(vectors)).stream()
                .anyMatch(alert -> alert.id().equals(id) && alert.status().equals(status));
    }

    private static void await(BooleanSupplier condition) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(until);
        }
    }

    /// Sends an event a look.
    private void awaitWhile(
            Producer<byte[], byte[]> producer, int speed, String road, BooleanSupplier condition) {
        await(() -> {
            send(producer, speed, road);
            return condition.getAsBoolean();
        });
    }

    private void send(Producer<byte[], byte[]> producer, int speed, String road) {
        timeMicros += SECOND / 10;
        String event = "{\"car\":\"car1\",\"speed\":" + speed + ".0" + road + "}";
        try {
            producer.send(
                            new ProducerRecord<>(
                                    names.enriched(Driving.SOURCE),
                                    0,
                                    null,
                                    "car1".getBytes(StandardCharsets.UTF_8),
                                    event.getBytes(StandardCharsets.UTF_8),
                                    Driving.headers(timeMicros)))
                    .get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private long windowsWithEvents() {
        return records(topics.results(), 1).stream()
                .map(record -> JSON.readTree(record.value()))
                .filter(node -> node.path("rule").asString("").equals("speed-max-1m-range"))
                .filter(node -> node.path("events").asLong() > 0)
                .map(node -> node.path("windowStart").asString(""))
                .distinct()
                .count();
    }

    /// When the first vector with that greatest speed came.
    private Instant appended(String speed) {
        return records(names.vectors(vectors), Driving.PARTITIONS).stream()
                .filter(record -> speed(record).equals(speed))
                .findFirst()
                .map(record -> Instant.ofEpochMilli(record.timestamp()))
                .orElseThrow();
    }

    private static String speed(ConsumerRecord<byte[], byte[]> record) {
        JsonNode vector = JSON.readTree(record.value());
        return vector.path("speed_max_1m").asString("");
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
}

package leat.ml.featurestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import leat.core.event.Names;
import leat.core.event.TopicId;
import leat.stream.log.StageHealth;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class FeatureVerifyIT {

    private static final long NOON = 1_800_000_000_000_000L;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long LOOK_NANOS = Duration.ofMillis(20).toNanos();

    private final Names names = FeatureKafka.freshNames();
    private final FeatureVerify verify = new FeatureVerify(FeatureKafka.connection(), names);

    @TempDir private Path folder;

    @Test
    void findsVectorsThatDifferAreMissingOrTooMany() throws Exception {
        FeatureKafka.prepare(names, Driving.FLOW);
        try (Admin admin = FeatureKafka.connection().admin();
                Producer<byte[], byte[]> producer =
                        FeatureKafka.connection().producer("test", Map.of())) {
            // Given four events and their vectors, all right but for one that is written by hand
            sendEvents(producer, 4);
            VectorWriter writer = new VectorWriter(Driving.FLOW, topicId(admin));
            try (FeatureStore store = start()) {
                awaitRunning(store);
                awaitPosition(admin, 4);
            }
            assertThat(verify.run(Driving.FLOW))
                    .isEqualTo(new VerifyReport("driving.v1", 4, 4, 1, 0, List.of()));
            String vectors = names.vectors(Driving.FLOW.vectors());
            byte[] wrong = "{\"entity\":\"car1\"}".getBytes(StandardCharsets.UTF_8);
            // a second vector of the last event, and one of an event that follows, not its own
            send(producer, vectors, wrong, writer.headers(0, 3));
            send(producer, names.enriched(Driving.SOURCE), event(4), headers(4));
            send(producer, names.enriched(Driving.SOURCE), event(5), headers(5));
            send(producer, vectors, wrong, writer.headers(0, 5));
            commit(admin, Driving.FLOW, 6);

            // When, Then
            VerifyReport report = verify.run(Driving.FLOW);
            assertThat(report.first())
                    .extracting(difference ->
                            difference.position().replaceAll(".*@", "") + " " + difference.what())
                    .containsExactly(
                            "3 is one too many",
                            "4 is missing",
                            "5 differs",
                            "5 is the newest of its entity, and latest has another");
            assertThat(report.differences()).isEqualTo(4);
            assertThat(report.vectors()).isEqualTo(5);
            assertThat(report.first().getLast().replayed()).contains("\"events_10m\":6");
        }
    }

    @Test
    void findsEntitiesWhoseNewestVectorIsNotInLatest() throws Exception {
        FeatureKafka.prepare(names, Driving.FLOW);
        try (Admin admin = FeatureKafka.connection().admin();
                Producer<byte[], byte[]> producer =
                        FeatureKafka.connection().producer("test", Map.of())) {
            // Given the vectors of four events, all of them right
            sendEvents(producer, 4);
            VectorWriter writer = new VectorWriter(Driving.FLOW, topicId(admin));
            try (FeatureStore store = start()) {
                awaitRunning(store);
                awaitPosition(admin, 4);
            }

            // When latest has what stands elsewhere in the vectors, and another entity
            String latest = names.latest(Driving.FLOW.vectors());
            byte[] older = "{\"entity\":\"car1\"}".getBytes(StandardCharsets.UTF_8);
            send(producer, latest, older, writer.headers(0, 2));
            send(producer, latest, "car2", older, writer.headers(0, 1));
            // and of a third what is behind the replay
            send(producer, latest, "car3", older, writer.headers(0, 4));

            // Then
            VerifyReport report = verify.run(Driving.FLOW);
            assertThat(report.first())
                    .extracting(difference ->
                            difference.position().replaceAll(".*@", "") + " " + difference.what())
                    .containsExactly(
                            "3 is the newest of its entity, and latest has another",
                            "1 is one too many in latest");
            assertThat(report.entities()).isOne();
        }
    }

    @Test
    void findsEventsThatDidNotComeToTheirEntitysPartition() throws Exception {
        FeatureKafka.prepare(names, Driving.ROADS);
        try (Admin admin = FeatureKafka.connection().admin();
                Producer<byte[], byte[]> producer =
                        FeatureKafka.connection().producer("test", Map.of())) {
            // Given four events whose vectors are there
            sendEvents(producer, 4);
            try (FeatureStore store = start(Driving.ROADS)) {
                awaitRunning(store);
                await(() -> verify.run(Driving.ROADS).vectors() == 4);
            }
            assertThat(verify.run(Driving.ROADS))
                    .isEqualTo(new VerifyReport("roads.v1", 4, 4, 1, 0, List.of()));

            // When a fifth counts as read, and did not go on
            send(producer, names.enriched(Driving.SOURCE), event(4), headers(4));
            commit(admin, Driving.ROADS, 5);

            // Then
            assertThat(verify.run(Driving.ROADS).first())
                    .singleElement()
                    .satisfies(difference -> {
                        assertThat(difference.position()).endsWith("/0@5");
                        assertThat(difference.found()).isEqualTo("4 events");
                        assertThat(difference.replayed()).isEqualTo("5 events");
                    });
        }
    }

    @Test
    void refusesWhatRetentionHasCutOff() throws Exception {
        FeatureKafka.prepare(names, Driving.FLOW);
        TopicPartition source = new TopicPartition(names.enriched(Driving.SOURCE), 0);
        try (Admin admin = FeatureKafka.connection().admin();
                Producer<byte[], byte[]> producer =
                        FeatureKafka.connection().producer("test", Map.of())) {
            sendEvents(producer, 3);
            admin.deleteRecords(Map.of(source, RecordsToDelete.beforeOffset(2))).all().get();
            commit(admin, Driving.FLOW, 3);
        }
        assertThatThrownBy(() -> verify.run(Driving.FLOW))
                .isInstanceOf(ViewRefused.class)
                .hasMessageContaining("begins at offset 2");
    }

    @Test
    void doesNotGoOnWithTheStateOfAnotherDefinition() throws Exception {
        FeatureKafka.prepare(names, Driving.FLOW);
        FeatureRegistry registry = new FeatureRegistry(FeatureKafka.connection(), names);
        FeatureFlow changed = Driving.flow(1, "event.speed * 2.0");
        assertThatThrownBy(() -> registry.claim(List.of(new ViewDefinition(changed, ""))))
                .isInstanceOf(ViewRefused.class)
                .hasMessageContaining("driving.v1")
                .extracting(refused -> ((ViewRefused) refused).remedy())
                .asString()
                .startsWith("count its version up");
        registry.claim(
                List.of(
                        new ViewDefinition(Driving.FLOW, ""),
                        new ViewDefinition(Driving.flow(2, "event.speed * 2.0"), "")));
        assertThat(registry.read().versions()).containsOnlyKeys("driving.v1", "driving.v2");
        try (FeatureStore store =
                FeatureStore.start(
                        place(),
                        FeatureStoreSettings.DEFAULT,
                        List.of(changed),
                        DrivingVersions.DEFINITIONS)) {
            await(() -> store.health().get("driving.v1") instanceof StageHealth.Stopped);
        }
    }

    @Test
    void waitsForTopicsThatAreNotThere() throws Exception {
        try (FeatureStore store = start()) {
            await(() ->
                    store.health().get("driving.v1")
                                    instanceof StageHealth.Retrying(var _, String why)
                            && why.contains("is not there"));
            FeatureKafka.prepare(names, Driving.FLOW);
            awaitRunning(store);
        }
    }

    private FeatureStore.Place place() {
        return new FeatureStore.Place(FeatureKafka.connection(), names, "1", folder, 1);
    }

    private FeatureStore start() {
        return start(Driving.FLOW);
    }

    private FeatureStore start(FeatureFlow flow) {
        return FeatureStore.start(
                place(), FeatureStoreSettings.DEFAULT, List.of(flow), DrivingVersions.DEFINITIONS);
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static void awaitRunning(FeatureStore store) throws Exception {
        await(() -> store.health().values().stream().allMatch(StageHealth::ready));
    }

    private void awaitPosition(Admin admin, long offset) throws Exception {
        String group = Driving.FLOW.application(names);
        TopicPartition source = new TopicPartition(names.enriched(Driving.SOURCE), 0);
        await(() -> {
            OffsetAndMetadata at =
                    admin.listConsumerGroupOffsets(group)
                            .partitionsToOffsetAndMetadata()
                            .get()
                            .get(source);
            return at != null && at.offset() >= offset;
        });
    }

    private TopicId topicId(Admin admin) {
        String topic = names.enriched(Driving.SOURCE);
        return Objects.requireNonNull(new Topics(admin, 1).ids(List.of(topic)).get(topic));
    }

    private void commit(Admin admin, FeatureFlow flow, long offset) throws Exception {
        admin.alterConsumerGroupOffsets(
                        flow.application(names),
                        Map.of(
                                new TopicPartition(names.enriched(Driving.SOURCE), 0),
                                new OffsetAndMetadata(offset)))
                .all()
                .get();
    }

    /// The first events of a car.
    private void sendEvents(Producer<byte[], byte[]> producer, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            send(producer, names.enriched(Driving.SOURCE), event(i), headers(i));
        }
    }

    private static byte[] event(int i) {
        return Driving.event("car1", i, 1, "A1");
    }

    private static Headers headers(int i) {
        return Driving.headers(NOON + i * 1_000_000L);
    }

    private static void send(
            Producer<byte[], byte[]> producer, String topic, byte[] value, Headers headers)
            throws Exception {
        send(producer, topic, "car1", value, headers);
    }

    private static void send(
            Producer<byte[], byte[]> producer,
            String topic,
            String key,
            byte[] value,
            Headers headers)
            throws Exception {
        Headers copy = new RecordHeaders(headers.toArray());
        producer.send(
                        new ProducerRecord<>(
                                topic, 0, null, key.getBytes(StandardCharsets.UTF_8), value, copy))
                .get();
    }
}

package leat.stream.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import leat.core.config.DataSize;
import leat.core.contract.Contract;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.event.Position;
import leat.embedded.kafka.EmbeddedKafka;
import leat.stream.enricher.Enricher;
import leat.stream.enricher.EnricherSettings;
import leat.stream.enricher.Flow;
import leat.stream.log.EventHeader;
import leat.stream.log.LogConnection;
import leat.stream.log.StageHealth;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import leat.stream.testing.SharedKafka;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class ReferenceViewIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Contract CARS = CarRegistry.CONTRACT;
    private static final DataSize MEMORY = DataSize.mebibytes(256);

    private final Names names = SharedKafka.freshNames();
    @TempDir private Path folder;

    private ReferenceView view() {
        return ReferenceView.open(SharedKafka.connection(), names, CARS, MEMORY);
    }

    private static void await(String what, BooleanSupplier holds) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time: %s", what).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }

    private static void awaitYear(ReferenceView view, String car, long year) {
        await(car + " of " + year, () -> year(view, car) == year);
    }

    /// -1 where the car is missing.
    private static long year(ReferenceView view, String car) {
        return view.find(car) instanceof Found.Hit hit
                        && hit.row().value("model_year") instanceof Long year
                ? year
                : -1;
    }

    private ProducerRecord<byte[], byte[]> latest(String car, byte[] value) {
        return new ProducerRecord<>(
                names.latest(CARS), car.getBytes(StandardCharsets.UTF_8), value);
    }

    @Test
    void followsWhatTheEnricherWrites() throws Exception {
        SharedKafka.create(TopicSpec.of(names, CARS));
        try (Enricher _ =
                        Enricher.start(
                                SharedKafka.connection(),
                                new Enricher.Instance(names, "one", folder),
                                EnricherSettings.DEFAULT,
                                List.of(Flow.of(names, CARS)));
                Producer<byte[], byte[]> producer =
                        SharedKafka.connection().producer("test", Map.of());
                ReferenceView view = view()) {
            // Given
            ProducerRecord<byte[], byte[]> raw = raw("car-1", CarRegistry.row("car-1", 2019), "1");
            Future<RecordMetadata> _ = producer.send(raw);

            // When
            assertThat(view.awaitReady(PATIENCE)).isTrue();
            awaitYear(view, "car-1", 2019);
            Future<RecordMetadata> _ =
                    producer.send(raw("car-1", CarRegistry.row("car-1", 2020), "2"));

            // Then
            awaitYear(view, "car-1", 2020);
            Position row = view.find("car-1").seen().row().orElseThrow();
            try (Admin admin = SharedKafka.connection().admin()) {
                assertThat(row.topic())
                        .isEqualTo(
                                new Topics(admin, 1)
                                        .ids(List.of(names.raw(CARS)))
                                        .get(names.raw(CARS)));
            }
            assertThat(row.offset()).isEqualTo(1);
            assertThat(row.partition()).isEqualTo(view.find("car-1").seen().partition());
            assertThat(view.find("car-2")).isInstanceOf(Found.Miss.class);
            Future<RecordMetadata> _ =
                    producer.send(raw("car-1", CarRegistry.scrapped("car-1"), "3"));
            awaitYear(view, "car-1", -1);
        }
    }

    private ProducerRecord<byte[], byte[]> raw(String car, byte[] value, String id) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(names.raw(CARS), car.getBytes(StandardCharsets.UTF_8), value);
        EventHeader.add(record.headers(), EventHeaders.SOURCE, "test");
        EventHeader.add(record.headers(), EventHeaders.ID, id);
        return record;
    }

    @Test
    void isReadyOnlyWithAllThatStoodInTheLogAndNothingAborted() throws Exception {
        // Given
        int cars = 200_000;
        SharedKafka.create(TopicSpec.of(names, CARS));
        try (Producer<byte[], byte[]> producer =
                SharedKafka.connection().producer("test", Map.of("linger.ms", 5))) {
            for (int car = 0; car < cars; car++) {
                String key = "car-" + car;
                Future<RecordMetadata> _ =
                        producer.send(latest(key, CarRegistry.row(key, 2000 + car % 25)));
            }
        }
        try (Producer<byte[], byte[]> producer =
                SharedKafka.connection()
                        .transactionalProducer("test", names.prefix() + ".test", Map.of())) {
            producer.initTransactions();
            producer.beginTransaction();
            Future<RecordMetadata> _ =
                    producer.send(latest("car-7", CarRegistry.row("car-7", 1900)));
            producer.flush();
            producer.abortTransaction();
        }

        // When
        long start = System.nanoTime();
        try (ReferenceView view = view()) {
            assertThat(view.awaitReady(PATIENCE)).isTrue();
            double seconds = (System.nanoTime() - start) / 1e9;

            // Then
            System.out.printf(
                    "Reference data: %,d rows ready in %.2f s, %,.0f rows/s, %,d bytes a row%n",
                    cars, seconds, cars / seconds, view.bytes() / cars);
            assertThat(view.keys()).isEqualTo(cars);
            assertThat(year(view, "car-7")).isEqualTo(2007);
            assertThat(year(view, "car-199999")).isEqualTo(2000 + 199_999 % 25);
            assertThat(view.health().ready()).isTrue();
        }
    }

    @Test
    void waitsForATopicThatIsNotThereYet() throws Exception {
        try (ReferenceView view = view()) {
            await("the wait", () -> view.health() instanceof StageHealth.Retrying);
            assertThat(view.isReady()).isFalse();
            assertThatThrownBy(() -> view.find("car-1"))
                    .isInstanceOf(ReferenceUnavailable.class)
                    .hasMessageContaining("still being read");

            SharedKafka.create(TopicSpec.of(names, CARS));

            assertThat(view.awaitReady(PATIENCE)).isTrue();
            assertThat(view.find("car-1")).isInstanceOf(Found.Miss.class);
        }
    }

    @Test
    void stopsWhenTheTopicIsMadeAgain() throws Exception {
        SharedKafka.create(TopicSpec.of(names, CARS));
        try (ReferenceView view = view();
                Admin admin = SharedKafka.connection().admin()) {
            assertThat(view.awaitReady(PATIENCE)).isTrue();

            admin.deleteTopics(List.of(names.latest(CARS))).all().get();

            await("the stop", () -> view.health() instanceof StageHealth.Stopped);
            assertThat(view.isReady()).isFalse();
            assertThatThrownBy(() -> view.find("car-1"))
                    .isInstanceOf(ReferenceUnavailable.class)
                    .hasMessageContaining("was deleted: make it again with leat up, then restart");
        }
    }

    @Test
    void stopsWhenTheRowsOutgrowTheirMemory() throws Exception {
        SharedKafka.create(TopicSpec.of(names, CARS));
        try (ReferenceView view =
                        ReferenceView.open(
                                SharedKafka.connection(), names, CARS, DataSize.mebibytes(1));
                Producer<byte[], byte[]> producer =
                        SharedKafka.connection().producer("test", Map.of())) {
            assertThat(view.awaitReady(PATIENCE)).isTrue();
            for (int car = 0; car < 5_000; car++) {
                Future<RecordMetadata> _ =
                        producer.send(latest("car-" + car, CarRegistry.row("car-" + car, 2020)));
            }

            await("the stop", () -> view.health() instanceof StageHealth.Stopped);
            assertThatThrownBy(() -> view.find("car-1"))
                    .hasMessageContaining("need more than the 1MiB they are given");
        }
    }

    /// On a broker of its own: compaction, then a restart under the same address.
    @Test
    void survivesARestartOfKafkaAndReadsWhatCompactionHasLeft() throws Exception {
        Path data = folder.resolve("kafka");
        Map<String, String> overrides = Map.of("log.cleaner.backoff.ms", "100");
        EmbeddedKafka broker =
                EmbeddedKafka.start(new EmbeddedKafka.Settings(data, 0, false, overrides));
        try {
            // Given
            LogConnection log = new LogConnection(broker.bootstrapServers());
            int port =
                    Integer.parseInt(
                            log.bootstrapServers()
                                    .substring(log.bootstrapServers().lastIndexOf(':') + 1));
            fillUntilCompacted(log);
            try (ReferenceView view = ReferenceView.open(log, names, CARS, MEMORY)) {
                assertThat(view.awaitReady(PATIENCE)).isTrue();
                for (int car = 0; car < 100; car++) {
                    assertThat(year(view, "car-" + car)).isEqualTo(99);
                }
                Seen before = view.find("car-1").seen();

                // When
                broker.close();
                await("the outage", () -> view.health() instanceof StageHealth.Retrying);
                assertThat(view.find("car-1").seen()).isEqualTo(before);
                broker =
                        EmbeddedKafka.start(
                                new EmbeddedKafka.Settings(data, port, false, overrides));
                send(log, 100);

                // Then
                awaitYear(view, "car-99", 100);
                await("health", () -> view.health().ready());
            }
        } finally {
            broker.close();
        }
    }

    private void fillUntilCompacted(LogConnection log) throws Exception {
        TopicSpec spec =
                TopicSpec.of(names, CARS).stream()
                        .filter(topic -> topic.name().equals(names.latest(CARS)))
                        .findFirst()
                        .orElseThrow();
        Map<String, String> config = new HashMap<>(spec.config());
        config.put("segment.ms", "50");
        config.put("min.cleanable.dirty.ratio", "0.01");
        try (Admin admin = log.admin()) {
            Topics topics = new Topics(admin, 1);
            topics.apply(topics.plan(List.of(new TopicSpec(spec.name(), 3, config))));
        }
        for (int year = 0; year < 100; year++) {
            send(log, year);
        }
        await(
                "compaction",
                () -> {
                    send(log, 99); // closes segments, which alone are compacted
                    return readable(log) < 5_000;
                });
    }

    private void send(LogConnection log, long year) {
        try (Producer<byte[], byte[]> producer = log.producer("test", Map.of())) {
            for (int car = 0; car < 100; car++) {
                Future<RecordMetadata> _ =
                        producer.send(latest("car-" + car, CarRegistry.row("car-" + car, year)));
            }
        }
    }

    /// How many records the topic still has.
    private int readable(LogConnection log) {
        try (Consumer<byte[], byte[]> consumer = log.reader("count", Map.of())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(names.latest(CARS)).stream()
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            int count = 0;
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                count += consumer.poll(Duration.ofMillis(100)).count();
            }
            return count;
        }
    }
}

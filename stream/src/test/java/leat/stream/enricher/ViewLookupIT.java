package leat.stream.enricher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import leat.core.contract.Contract;
import leat.core.contract.Contracts;
import leat.core.contract.EnrichQuestion.Source;
import leat.core.enrich.Answers.Answer;
import leat.core.enrich.Answers.Question;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureViewReader;
import leat.core.odcs.OdcsReader;
import leat.stream.log.EventHeader;
import leat.stream.log.PartitionStopped;
import leat.stream.log.StageHealth;
import leat.stream.log.TopicSpec;
import leat.stream.reference.ReferenceView;
import leat.stream.testing.SharedKafka;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Steps that look up a feature view, on a real broker: vectors that are there, unknown or too old,
/// a topic that is made late, and a version that takes over.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class ViewLookupIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Contract TRIPS =
            OdcsReader.read(
                            Path.of("trips.odcs.yaml"),
                            """
                            apiVersion: v3.1.0
                            kind: DataContract
                            id: trips
                            version: 1.0.0
                            status: active
                            schema:
                              - name: it
                                properties:
                                  - {name: time, logicalType: timestamp, required: true}
                                  - {name: model, logicalType: string, required: true}
                                  - {name: speed, logicalType: number, required: true}
                                  - {name: usual, logicalType: number}
                                  - {name: gear, logicalType: integer}
                            customProperties:
                              - {property: leat.partitions, value: 1}
                              - {property: leat.key, value: model}
                              - {property: leat.time, value: time}
                              - {property: leat.timeBounds, value: {past: 3650d, future: 3650d}}
                              - property: leat.enrich
                                value:
                                  - {lookup: models, key: event.model, fields: {usual: speed_mean_1h, gear: gear}}
                            """)
                    .orThrow();

    private static final Contracts CONTRACTS = new Contracts(List.of(TRIPS));

    private static final String MODELS =
            """
            version: VERSION
            entity: model
            source: trips
            ttl: 1h
            features:
              - {name: speed, expression: event.speed, aggregate: mean, windows: 1h}
              - {name: gear, expression: GEAR}
            """;

    private static final CompiledView FORMER = view(1, "string(event.gear)");
    private static final CompiledView WANTED = view(2, "event.gear");

    private final Names names = SharedKafka.freshNames();
    private final ListAppender<ILoggingEvent> told = new ListAppender<>();
    private final Logger teller = (Logger) LoggerFactory.getLogger(ReferenceView.class);
    @TempDir private Path folder;

    @BeforeEach
    void listen() {
        told.start();
        teller.addAppender(told);
    }

    @AfterEach
    void stopListening() {
        teller.detachAppender(told);
    }

    private static CompiledView view(int version, String gear) {
        return FeatureViewReader.read(
                        Path.of("models.yaml"),
                        MODELS.replace("VERSION", String.valueOf(version)).replace("GEAR", gear),
                        CONTRACTS)
                .orThrow();
    }

    private EnrichmentSources sources(ServedView view) {
        return EnrichmentSources.open(
                new EnrichmentSources.Place(SharedKafka.connection(), names, List.of(view)),
                CONTRACTS,
                EnricherSettings.DEFAULT);
    }

    private Enricher enricher(EnrichmentSources sources) {
        return Enricher.start(
                SharedKafka.connection(),
                new Enricher.Instance(names, "one", folder),
                EnricherSettings.DEFAULT,
                List.of(Flow.of(names, TRIPS, sources)));
    }

    private void createLatest(CompiledView view) {
        SharedKafka.create(
                List.of(
                        new TopicSpec(
                                names.latest(view.contract()),
                                1,
                                Map.of("cleanup.policy", "compact"))));
    }

    private void send(String topic, String key, String value) throws Exception {
        try (Producer<byte[], byte[]> producer =
                SharedKafka.connection().producer("test", Map.of())) {
            Future<RecordMetadata> sent =
                    producer.send(
                            new ProducerRecord<>(
                                    topic,
                                    0,
                                    key.getBytes(StandardCharsets.UTF_8),
                                    value.getBytes(StandardCharsets.UTF_8)));
            sent.get(60, TimeUnit.SECONDS);
        }
    }

    /// @param features the vector's members behind the query time
    private void sendVector(CompiledView view, String model, String features) throws Exception {
        send(
                names.latest(view.contract()),
                model,
                "{\"entity\":\""
                        + model
                        + "\",\"query_time\":\"2026-11-30T12:00:00.000001Z\""
                        + features
                        + "}");
    }

    private void sendTrip(String model, String time) throws Exception {
        send(
                names.raw(TRIPS),
                model,
                "{\"time\":\"" + time + "\",\"model\":\"" + model + "\",\"speed\":20.5}");
    }

    /// The first `count` enriched events.
    private List<ConsumerRecord<byte[], byte[]>> trips(int count) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        long until = System.nanoTime() + PATIENCE.toNanos();
        try (Consumer<byte[], byte[]> reader =
                SharedKafka.connection().reader("test-reader", Map.of())) {
            TopicPartition partition = new TopicPartition(names.enriched(TRIPS), 0);
            reader.assign(List.of(partition));
            reader.seekToBeginning(List.of(partition));
            while (records.size() < count && System.nanoTime() < until) {
                reader.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    private static List<String> texts(List<ConsumerRecord<byte[], byte[]>> trips) {
        return trips.stream()
                .map(trip -> new String(trip.value(), StandardCharsets.UTF_8))
                .map(text -> text.replaceFirst(".*\"speed\":20.5", ""))
                .toList();
    }

    private static List<String> seen(List<ConsumerRecord<byte[], byte[]>> trips) {
        return trips.stream()
                .map(trip -> EventHeader.text(trip.headers(), EventHeaders.LOOKUPS))
                .map(String::valueOf)
                .toList();
    }

    private static void await(String what, BooleanSupplier holds) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time: %s", what).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }

    @Test
    void anEventHasTheValuesOfItsEntityAndSaysWhichStateTheyAreOf() throws Exception {
        SharedKafka.create(TopicSpec.of(names, TRIPS));
        createLatest(WANTED);
        sendVector(WANTED, "aurora", ",\"speed_mean_1h\":9.0,\"gear\":2");
        sendVector(WANTED, "aurora", ",\"speed_mean_1h\":12.5,\"gear\":3");
        sendVector(WANTED, "borealis", ",\"gear\":4");
        sendTrip("aurora", "2026-11-30T12:10:00Z");
        sendTrip("borealis", "2026-11-30T12:10:00Z");
        sendTrip("unknown", "2026-11-30T12:10:00Z");
        sendTrip("aurora", "2026-11-30T13:00:00.000001Z");
        sendTrip("aurora", "2026-11-30T13:00:00.000002Z");

        try (EnrichmentSources sources = sources(new ServedView(WANTED, Optional.empty()));
                Enricher _ = enricher(sources)) {
            List<ConsumerRecord<byte[], byte[]>> trips = trips(5);

            // Then a vector is worth something for as long as its ttl, by the event's time
            assertThat(texts(trips))
                    .containsExactly(
                            ",\"usual\":12.5,\"gear\":3}",
                            ",\"gear\":4}",
                            "}",
                            ",\"usual\":12.5,\"gear\":3}",
                            "}");
            assertThat(seen(trips)).containsOnly("models.v2/0@3");
        }
    }

    @Test
    void eventsWaitForATopicThatIsNotThereYetAndForNoVector() throws Exception {
        SharedKafka.create(TopicSpec.of(names, TRIPS));
        sendTrip("aurora", "2026-11-30T12:10:00Z");
        try (EnrichmentSources sources = sources(new ServedView(WANTED, Optional.empty()));
                Enricher _ = enricher(sources)) {
            await(
                    "the wait",
                    () -> sources.health().get("models.v2") instanceof StageHealth.Retrying);

            createLatest(WANTED);
            assertThat(texts(trips(1))).containsExactly("}");
            sendVector(WANTED, "aurora", ",\"speed_mean_1h\":9.5");
            ViewLookup view = sources.view("models").orElseThrow();
            await("the vector", () -> view.holds(Map.of(0, 1L)));
            sendTrip("aurora", "2026-11-30T12:20:00Z");

            assertThat(seen(trips(2))).containsExactly("models.v2/0@0", "models.v2/0@1");
            assertThat(texts(trips(2))).containsExactly("}", ",\"usual\":9.5}");
        }
    }

    @Test
    void theVersionThatServesAnswersUntilAnotherTakesOver() throws Exception {
        createLatest(FORMER);
        createLatest(WANTED);
        sendVector(FORMER, "aurora", ",\"speed_mean_1h\":1.0,\"gear\":\"third\"");
        sendVector(WANTED, "aurora", ",\"speed_mean_1h\":2.0,\"gear\":3");
        try (EnrichmentSources sources = sources(new ServedView(WANTED, Optional.of(FORMER)))) {
            ViewLookup view = sources.view("models").orElseThrow();
            await("both", () -> sources.health().values().stream().allMatch(StageHealth::ready));
            assertThat(sources.health()).containsOnlyKeys("models.v1", "models.v2");

            // What the former one has otherwise is not what the step means
            Answer.Found former = ask(sources);
            assertThat(former.values())
                    .containsEntry("speed_mean_1h", 1.0)
                    .doesNotContainKey("gear");
            assertThat(former.seen()).isEqualTo("models.v1/0@1");
            await("the vectors of the other", () -> view.holds(Map.of(0, 1L)));
            assertThat(view.holds(Map.of(0, 2L))).isFalse();

            view.serve();

            assertThat(ask(sources).values())
                    .containsEntry("speed_mean_1h", 2.0)
                    .containsEntry("gear", 3L);
            assertThat(ask(sources).seen()).isEqualTo("models.v2/0@1");
            assertThat(sources.health()).containsOnlyKeys("models.v2");
        }
    }

    @Test
    void aQuestionWaitsWhereTheFormerVersionIsDroppedBeforeTheOtherAnswers() throws Exception {
        // Given a version that has taken over, and a former one that is dropped at once
        createLatest(FORMER);
        createLatest(WANTED);
        sendVector(FORMER, "aurora", ",\"speed_mean_1h\":1.0");
        sendVector(WANTED, "aurora", ",\"speed_mean_1h\":2.0");
        try (ExecutorService asking = Executors.newSingleThreadExecutor();
                EnrichmentSources sources = sources(new ServedView(WANTED, Optional.of(FORMER)))) {
            ViewLookup view = sources.view("models").orElseThrow();
            await("the vectors of the other", () -> view.holds(Map.of(0, 1L)));
            drop(FORMER);
            awaitHealth("models.v1", StageHealth.Retrying.class, sources);

            // When
            Future<Answer.Found> answer = waitingQuestion(asking, sources);
            view.serve();

            // Then
            assertThat(answer.get(60, TimeUnit.SECONDS).seen()).isEqualTo("models.v2/0@1");
            assertThat(sources.health()).containsOnlyKeys("models.v2");
        }
        assertThat(errors()).isEmpty();
        assertThat(told.list)
                .extracting(ILoggingEvent::getMessage)
                .contains("Reference view ended: another version of the view takes over");
    }

    @Test
    void aQuestionThatWaitsForAnotherVersionIsLetGoAtTheEnd() throws Exception {
        createLatest(FORMER);
        try (ExecutorService asking = Executors.newSingleThreadExecutor()) {
            Future<Answer.Found> answer;
            try (EnrichmentSources sources = sources(new ServedView(WANTED, Optional.of(FORMER)))) {
                awaitHealth("models.v1", StageHealth.Running.class, sources);
                drop(FORMER);
                awaitHealth("models.v1", StageHealth.Retrying.class, sources);
                answer = waitingQuestion(asking, sources);
            }

            assertThatThrownBy(() -> answer.get(60, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(PartitionStopped.class);
        }
    }

    @Test
    void aDroppedVersionThatNoOtherFollowsSaysWhatToDo() throws Exception {
        createLatest(WANTED);
        try (EnrichmentSources sources = sources(new ServedView(WANTED, Optional.empty()))) {
            awaitHealth("models.v2", StageHealth.Running.class, sources);

            drop(WANTED);
            awaitHealth("models.v2", StageHealth.Stopped.class, sources);

            assertThatThrownBy(() -> ask(sources))
                    .isInstanceOf(PartitionStopped.class)
                    .hasMessageContaining(
                            "was deleted: restart with a workspace that has the version of the view"
                                    + " that serves");
        }
        assertThat(errors()).containsExactly("Reference view stopped");
    }

    private List<String> errors() {
        return told.list.stream()
                .filter(event -> event.getLevel().equals(Level.ERROR))
                .map(ILoggingEvent::getMessage)
                .toList();
    }

    /// Deletes the newest vectors of a version.
    private void drop(CompiledView version) throws Exception {
        try (Admin admin = SharedKafka.connection().admin()) {
            admin.deleteTopics(List.of(names.latest(version.contract())))
                    .all()
                    .get(60, TimeUnit.SECONDS);
        }
    }

    private static void awaitHealth(
            String version, Class<? extends StageHealth> health, EnrichmentSources sources) {
        await("its health", () -> health.isInstance(sources.health().get(version)));
    }

    private static Future<Answer.Found> waitingQuestion(
            ExecutorService asking, EnrichmentSources sources) {
        AtomicReference<@Nullable Thread> asker = new AtomicReference<>();
        Future<Answer.Found> answer =
                asking.submit(() -> {
                    asker.set(Thread.currentThread());
                    return ask(sources);
                });
        await("the wait", () -> answer.isDone() || isWaiting(asker.get()));
        assertThat(answer.isDone()).isFalse();
        return answer;
    }

    private static boolean isWaiting(@Nullable Thread thread) {
        return thread != null && thread.getState() == Thread.State.WAITING;
    }

    private static Answer.Found ask(EnrichmentSources sources) {
        return (Answer.Found)
                sources.ask(
                                new Source.Reference("models"),
                                List.of(new Question("aurora", "")),
                                Duration.ofSeconds(1))
                        .getFirst();
    }
}

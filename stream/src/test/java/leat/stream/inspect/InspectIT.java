package leat.stream.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import leat.core.contract.Contract;
import leat.core.contract.ContractName;
import leat.core.contract.ContractVersion;
import leat.core.contract.FieldPath;
import leat.core.contract.UnknownFields;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.event.Names.DeadStage;
import leat.core.event.TopicId;
import leat.stream.log.Counts;
import leat.stream.log.EventTimes;
import leat.stream.log.LogConnection;
import leat.stream.log.PositionMark;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import leat.stream.testing.SharedKafka;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class InspectIT {

    private static final Contract CONTRACT =
            new Contract(
                    new ContractName("readings"),
                    new ContractVersion(1, 2, 0),
                    "",
                    List.of(),
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Contract.TimeBounds.DEFAULT,
                    UnknownFields.REJECT,
                    Duration.ofHours(1),
                    new Contract.LogSettings(2, Optional.empty()),
                    new Contract.LakeSettings(Contract.TimePartitioning.DAY, List.of()),
                    List.of(),
                    Path.of("readings.odcs.yaml"));

    private final LogConnection log = SharedKafka.connection();
    private final Names names = SharedKafka.freshNames();

    @BeforeEach
    void createTopics() {
        SharedKafka.create(TopicSpec.of(names, CONTRACT));
    }

    @Test
    void tailShowsTheNewestAcrossPartitionsInTheOrderOfTheirTimes() {
        // Given ten events in turn on two partitions
        for (int i = 0; i < 10; i++) {
            send(names.enriched(CONTRACT), i % 2, 1_000L * i, "car" + i % 3, "{\"n\":" + i + "}");
        }

        // When
        Tail.Found last = tail().last(query(Tail.Kind.ENRICHED, EventFilter.ALL), 4);

        // Then
        assertThat(last.events())
                .extracting(event -> event.value().text())
                .containsExactly("{\"n\":6}", "{\"n\":7}", "{\"n\":8}", "{\"n\":9}");
        assertThat(last.complete()).isTrue();
    }

    @Test
    void tailFiltersByKeyAndByFieldAndFromATime() {
        for (int i = 0; i < 30; i++) {
            send(
                    names.raw(CONTRACT),
                    i % 2,
                    null,
                    "car" + i % 3,
                    "{\"n\":" + i + ",\"engine\":{\"on\":" + (i % 2 == 0) + "}}");
        }

        EventFilter filter =
                new EventFilter(Optional.of("car0"), Map.of(FieldPath.parse("engine.on"), "true"));
        Tail.Found found = tail().last(query(Tail.Kind.RAW, filter), 100);
        Tail.Found later =
                tail().last(
                                new Tail.Query(
                                        CONTRACT,
                                        Tail.Kind.RAW,
                                        Optional.of(Instant.now().plusSeconds(60)),
                                        EventFilter.ALL),
                                100);

        assertThat(found.events()).hasSize(5).allMatch(e -> e.key().equals(Optional.of("car0")));
        assertThat(later.events()).isEmpty();
    }

    @Test
    void tailFollowsFromATimeUntilItIsTold() {
        send(names.enriched(CONTRACT), 0, 1_000L, "a", "{\"n\":1}");
        send(names.enriched(CONTRACT), 1, 2_000L, "a", "{\"n\":2}");
        List<LogEvent> seen = new ArrayList<>();

        long count =
                tail().follow(
                                new Tail.Query(
                                        CONTRACT,
                                        Tail.Kind.ENRICHED,
                                        Optional.of(Instant.ofEpochMilli(1_500)),
                                        EventFilter.ALL),
                                seen::add,
                                seen::isEmpty);

        assertThat(count).isEqualTo(1);
        assertThat(seen).extracting(event -> event.value().text()).containsExactly("{\"n\":2}");
    }

    @Test
    void deadLettersAreGroupedByWhyTheyDiedAndShownWhole() {
        // Given three dead letters of the enricher and one of the collector
        String missing = "[{\"code\":\"missing\",\"field\":\"speed\",\"message\":\"is required\"}]";
        String both =
                "[{\"code\":\"missing\",\"field\":\"speed\",\"message\":\"is required\"},"
                        + "{\"code\":\"type\",\"field\":\"tyres[2].bar\",\"message\":\"a number\"}]";
        dead(DeadStage.ENRICHER, "id1", missing, 1_000);
        dead(DeadStage.ENRICHER, "id2", both, 2_000);
        dead(DeadStage.ENRICHER, "id3", missing, 3_000);
        dead(DeadStage.COLLECTOR, "id4", "[{\"code\":\"malformed\"}]", 4_000);

        // When
        DeadLetters letters = new DeadLetters(log, names);
        DeadLetters.Listing all = letters.list(List.of(CONTRACT), DeadLetterFilter.ALL);
        DeadLetters.Listing some =
                letters.list(
                        List.of(CONTRACT),
                        new DeadLetterFilter(
                                Optional.of(DeadStage.ENRICHER),
                                Optional.of("missing"),
                                Optional.of("speed"),
                                Optional.of("1.2.0"),
                                Optional.of(Instant.ofEpochMilli(1_500)),
                                Optional.of(Instant.ofEpochMilli(3_001)),
                                List.of()));

        // Then
        assertThat(all.letters()).isEqualTo(4);
        assertThat(all.complete()).isTrue();
        assertThat(all.groups())
                .extracting(g -> g.stage() + " " + g.code() + " " + g.field() + " " + g.count())
                .containsExactly(
                        "enricher missing speed 3",
                        "collector malformed  1",
                        "enricher type tyres[].bar 1");
        assertThat(all.groups().getFirst().first()).isEqualTo(Instant.ofEpochMilli(1_000));
        assertThat(all.groups().getFirst().last()).isEqualTo(Instant.ofEpochMilli(3_000));
        assertThat(all.groups().getFirst().sampleId()).isEqualTo("id3");
        assertThat(some.letters()).isEqualTo(2);

        // And one of them with everything it carries, by id or by where it stands
        DeadLetter shown = letters.show(List.of(CONTRACT), "id2").orElseThrow();
        assertThat(shown.event().value().text()).isEqualTo("payload of id2");
        assertThat(shown.reasons()).hasSize(2);
        assertThat(shown.version()).isEqualTo("1.2.0");
        assertThat(letters.show(List.of(CONTRACT), shown.event().where()))
                .map(DeadLetter::id)
                .contains("id2");
        assertThat(letters.show(List.of(CONTRACT), "nobody")).isEmpty();
    }

    @Test
    void statusTellsRatesLagsAndFreshnessFromPositionsAlone() throws Exception {
        // Given three raw events of which the enricher has read two
        Instant start = Instant.now();
        try (Admin admin = log.admin()) {
            LogStatus status =
                    new LogStatus(
                            admin,
                            names,
                            (_, _) -> Optional.of(Map.of(0, 1L, 1, 0L)),
                            Clock.systemUTC());
            LogSample before = status.sample(List.of(CONTRACT));
            for (int i = 0; i < 3; i++) {
                send(names.raw(CONTRACT), 0, null, "a", "{}");
            }
            send(names.enriched(CONTRACT), 0, start.toEpochMilli(), "a", "{}");
            send(names.enriched(CONTRACT), 0, start.toEpochMilli(), "a", "{}");
            PositionMark mark =
                    new PositionMark(
                            rawId(admin),
                            Optional.of(
                                    new Counts(
                                            1,
                                            1,
                                            3,
                                            new EventTimes(
                                                    5_000_000,
                                                    9_000,
                                                    1,
                                                    List.of(1L, 1L, 0L, 0L, 0L, 0L)))));
            commit(admin, mark.toString());

            // When
            LogSample now = status.sample(List.of(CONTRACT));
            ContractStatus found = status.status(List.of(CONTRACT), before, now).getFirst();

            // Then
            assertThat(found.missingTopics()).isEmpty();
            assertThat(found.eventTime())
                    .contains(
                            new EventTimeStatus(
                                    Instant.EPOCH.plusSeconds(5),
                                    0,
                                    1,
                                    List.of(1L, 1L, 0L, 0L, 0L, 0L)));
            assertThat(found.stages())
                    .extracting(StageStatus::stage)
                    .containsExactly("collector", "enricher", "search", "lake");
            double seconds = Duration.between(before.time(), now.time()).toNanos() / 1e9;
            assertThat(found.stages().get(0).recordsPerSecond()).isEqualTo(3 / seconds);
            assertThat(found.stages().get(1).lag()).isEqualTo(1);
            assertThat(found.stages().get(1).recordsPerSecond()).isEqualTo(2 / seconds);
            assertThat(found.stages().get(1).freshness()).isPresent();
            assertThat(found.stages().get(1).rejected()).contains(1L);
            assertThat(found.stages().get(1).duplicates()).contains(3L);
            assertThat(found.stages().get(2).started()).isFalse();
            assertThat(found.stages().get(2).lag()).isEqualTo(2);
            assertThat(found.stages().get(3).started()).isTrue();
            assertThat(found.stages().get(3).lag()).isEqualTo(1);
        }
    }

    @Test
    void statusCountsTheDeadLettersOfEachStageAndNothingThatNobodyCounted() throws Exception {
        // Given a dead letter of the collector, and an enricher of a version that did not count
        dead(DeadStage.COLLECTOR, "id1", "[{\"code\":\"malformed\"}]", 1_000);
        try (Admin admin = log.admin()) {
            commit(admin, rawId(admin).value());
            LogStatus status =
                    new LogStatus(admin, names, LogStatus.LakePosition.UNKNOWN, Clock.systemUTC());

            // When
            LogSample sample = status.sample(List.of(CONTRACT));
            ContractStatus found = status.status(List.of(CONTRACT), sample, sample).getFirst();

            // Then
            assertThat(found.stages())
                    .extracting(StageStatus::rejected)
                    .containsExactly(
                            Optional.of(1L), Optional.empty(), Optional.of(0L), Optional.of(0L));
            assertThat(found.stages())
                    .extracting(StageStatus::duplicates)
                    .containsOnly(Optional.empty());
        }
    }

    private TopicId rawId(Admin admin) {
        String raw = names.raw(CONTRACT);
        return Objects.requireNonNull(new Topics(admin, 1).ids(List.of(raw)).get(raw));
    }

    private void commit(Admin admin, String metadata) throws Exception {
        TopicPartition partition = new TopicPartition(names.raw(CONTRACT), 0);
        admin.alterConsumerGroupOffsets(
                        names.group("enricher"),
                        Map.of(partition, new OffsetAndMetadata(2, metadata)))
                .all()
                .get();
    }

    private Tail tail() {
        return new Tail(log, names);
    }

    private static Tail.Query query(Tail.Kind kind, EventFilter filter) {
        return new Tail.Query(CONTRACT, kind, Optional.empty(), filter);
    }

    private void dead(DeadStage stage, String id, String reasons, long time) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(
                        names.dead(CONTRACT, stage), 0, time, null, bytes("payload of " + id));
        record.headers()
                .add(EventHeaders.DEAD_ID, bytes(id))
                .add(EventHeaders.STAGE, bytes(stage.word()))
                .add(EventHeaders.REASONS, bytes(reasons))
                .add(EventHeaders.CONTRACT_VERSION, bytes("1.2.0"));
        send(record);
    }

    private void send(String topic, int partition, @Nullable Long time, String key, String value) {
        send(new ProducerRecord<>(topic, partition, time, bytes(key), bytes(value)));
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        try (Producer<byte[], byte[]> producer = log.producer("test", Map.of())) {
            producer.send(record).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

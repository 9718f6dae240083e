package leat.ml.featurestore.online;

import static java.nio.charset.StandardCharsets.UTF_8;
import static leat.ml.featurestore.online.LatestLog.awaitTrue;
import static leat.ml.featurestore.online.LatestLog.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import leat.ml.featurestore.online.FeatureQueries.Question;
import leat.stream.log.StageHealth;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStoreIT {

    private static final Instant NOW = Instant.parse("2026-11-21T10:30:00Z");

    @TempDir private static Path brokerFolder;
    private static LatestLog log;

    @TempDir private Path folder;
    private final OnlineView view = LatestLog.freshView();

    @BeforeAll
    static void startBroker() {
        log = new LatestLog(brokerFolder);
    }

    @AfterAll
    static void stopBroker() {
        log.close();
    }

    private OpenedStore open() {
        return open(InstantSource.fixed(NOW));
    }

    private OpenedStore open(InstantSource clock) {
        return open(clock, List.of(view));
    }

    private OpenedStore open(InstantSource clock, List<OnlineView> views) {
        return OpenedStore.open(
                view,
                metrics ->
                        LocalStore.open(
                                new LocalStore.Place(
                                        log.connection(),
                                        folder.resolve("online"),
                                        "test",
                                        metrics,
                                        clock),
                                OnlineSettings.DEFAULT,
                                views));
    }

    private OpenedStore openReady() {
        return open().awaitReady();
    }

    @Test
    void whatStandsInTheTopicIsServedFromTheStartAndThenWhatComes() {
        log.make(view);
        for (int i = 0; i < 100; i++) {
            log.put(view, "e" + i % 10, i);
        }

        try (OpenedStore opened = openReady()) {
            assertThat(opened.json("e3")).contains(vector("e3", 93));
            assertThat(opened.json("e10")).isEmpty();

            log.put(view, "e3", 200);
            opened.awaitVector("e3", 200);
            log.put(view, "e3", null);
            awaitTrue(() -> opened.json("e3").isEmpty());
            assertThat(opened.counted().removed().get()).isEqualTo(1);
        }
    }

    @Test
    void aVectorOlderThanTheTtlIsStale() {
        log.make(view);
        log.put(view, "e", 7);

        try (OpenedStore opened = openReady()) {
            assertThat(answer(opened, NOW)).contains("\"status\":\"present\"", "{\"f\":7}");
            assertThat(answer(opened, NOW.plus(Duration.ofHours(1))))
                    .contains("\"status\":\"stale\"", "{\"f\":null}", "{\"f\":\"stale\"}");
        }
    }

    private String answer(OpenedStore opened, Instant now) {
        FeatureQueries queries =
                new FeatureQueries(List.of(view), opened.store(), InstantSource.fixed(now));
        return new String(
                queries.answer(new Question(view.name().value(), List.of("e"), List.of())), UTF_8);
    }

    @Test
    void itIsNotReadyBeforeTheTopicIsThere() {
        try (OpenedStore opened = open()) {
            awaitTrue(() ->
                    opened.store().health().get(view.nameAndVersion())
                            instanceof StageHealth.Retrying);
            assertThatThrownBy(() -> opened.json("e"))
                    .isInstanceOf(OnlineUnavailable.class)
                    .hasMessageContaining("still being read");

            log.make(view);
            log.put(view, "e", 1);

            opened.awaitReady();
            opened.awaitVector("e", 1);
        }
    }

    @Test
    void aRestartReadsOnlyTheTail() {
        log.make(view);
        for (int i = 0; i < 100; i++) {
            log.put(view, "e" + i, i);
        }
        try (OpenedStore opened = openReady()) {
            assertThat(opened.counted().stored().get()).isEqualTo(100);
        }
        log.put(view, "e1", 1_000);
        log.put(view, "e2", null);

        try (OpenedStore opened = openReady()) {
            assertThat(opened.json("e0")).contains(vector("e0", 0));
            assertThat(opened.json("e1")).contains(vector("e1", 1_000));
            assertThat(opened.json("e2")).isEmpty();
            assertThat(opened.counted().stored().get()).isEqualTo(1);
            assertThat(opened.counted().removed().get()).isEqualTo(1);
        }
    }

    @Test
    void whoWasAwayForSoLongThatARemovalMayBeMissingReadsAllAgain() {
        log.make(view);
        for (int i = 0; i < 100; i++) {
            log.put(view, "e" + i, i);
        }
        try (OpenedStore opened = openReady()) {
            assertThat(opened.json("e1")).isPresent();
        }
        Instant later = NOW.plus(LatestSession.LONGEST_AWAY).plusSeconds(1);

        try (OpenedStore opened = open(InstantSource.fixed(later))) {
            opened.awaitReady();

            assertThat(opened.json("e1")).isPresent();
            assertThat(opened.counted().stored().get()).isEqualTo(100);
        }
    }

    @Test
    void aTopicThatIsMadeAgainStartsTheViewAgain() throws Exception {
        log.make(view);
        log.put(view, "gone", 1);
        log.put(view, "stays", 1);

        try (OpenedStore opened = openReady()) {
            assertThat(opened.json("gone")).isPresent();

            log.delete(view);
            log.make(view);
            log.put(view, "stays", 2);

            Optional<List<Optional<String>>> expected =
                    Optional.of(List.of(Optional.empty(), Optional.of(vector("stays", 2))));
            awaitTrue(() -> opened.served(List.of("gone", "stays")).equals(expected));
        }
    }

    @Test
    void aTopicThatWasMadeAgainMeanwhileStartsTheViewAgain() throws Exception {
        log.make(view);
        log.put(view, "gone", 1);
        try (OpenedStore opened = openReady()) {
            assertThat(opened.json("gone")).isPresent();
        }
        log.delete(view);
        log.make(view);
        log.put(view, "comes", 2);

        try (OpenedStore opened = openReady()) {
            assertThat(opened.json("gone")).isEmpty();
            assertThat(opened.json("comes")).contains(vector("comes", 2));
        }
    }

    @Test
    void aFormerVersionIsKeptUpUntilItIsDroppedAndThenLeft() throws Exception {
        OnlineView next = LatestLog.freshView();
        log.make(view);
        log.make(next);
        log.put(view, "e", 1);
        try (OpenedStore opened = openReady(next)) {
            opened.store().replaced(view);
            log.put(view, "e", 2);
            opened.awaitVector("e", 2);

            log.delete(view);

            awaitTrue(() -> opened.store().health().keySet().equals(Set.of(next.nameAndVersion())));
            assertThat(opened.ready()).isTrue();
            assertThatThrownBy(() -> opened.json("e"))
                    .isInstanceOf(OnlineUnavailable.class)
                    .hasMessageContaining(view.nameAndVersion() + " is not kept any more");
        }
    }

    @Test
    void aFormerVersionThatIsDroppedBeforeAnotherServesIsLeftThen() throws Exception {
        OnlineView next = LatestLog.freshView();
        log.make(view);
        log.make(next);
        try (OpenedStore opened = openReady(next)) {
            log.delete(view);
            awaitTrue(() ->
                    opened.store().health().get(view.nameAndVersion())
                            instanceof StageHealth.Retrying);

            opened.store().replaced(view);

            awaitTrue(() -> opened.store().health().keySet().equals(Set.of(next.nameAndVersion())));
            assertThat(opened.ready()).isTrue();
        }
    }

    private OpenedStore openReady(OnlineView besides) {
        return open(InstantSource.fixed(NOW), List.of(view, besides)).awaitReady();
    }

    @Test
    void whatWasNeverCommittedIsNeverServed() {
        log.make(view);
        try (Producer<byte[], byte[]> producer =
                log.connection().transactionalProducer("tx", view.topic(), Map.of())) {
            producer.initTransactions();
            producer.beginTransaction();
            Future<RecordMetadata> _ = producer.send(LatestLog.record(view, "e", vector("e", 1)));
            producer.commitTransaction();
            producer.beginTransaction();
            Future<RecordMetadata> _ = producer.send(LatestLog.record(view, "e", vector("e", 2)));
            producer.flush();
            producer.abortTransaction();
        }

        try (OpenedStore opened = openReady()) {
            assertThat(opened.json("e")).contains(vector("e", 1));
        }
        try (OpenedStore opened = openReady()) {
            assertThat(opened.json("e")).contains(vector("e", 1));
            assertThat(opened.counted().stored().get()).isZero();
        }
    }

    @Test
    void whatIsNoVectorIsCountedAndChangesNothing() {
        log.make(view);
        log.put(view, "e", 1);
        log.put(view, "e", "{\"entity\":\"e\"}");
        log.put(view, "f", "no json");
        log.put(view, "g", 2);

        try (OpenedStore opened = openReady()) {
            assertThat(opened.json("e")).contains(vector("e", 1));
            assertThat(opened.json("f")).isEmpty();
            assertThat(opened.json("g")).contains(vector("g", 2));
            assertThat(opened.counted().unreadable().get()).isEqualTo(2);
        }
    }
}

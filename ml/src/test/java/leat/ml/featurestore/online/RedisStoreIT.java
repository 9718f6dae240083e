package leat.ml.featurestore.online;

import static java.nio.charset.StandardCharsets.UTF_8;
import static leat.ml.featurestore.online.LatestLog.awaitTrue;
import static leat.ml.featurestore.online.LatestLog.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import leat.core.event.Names;
import leat.core.event.TopicId;
import leat.core.failpoint.FailPoint;
import leat.ml.featurestore.online.RedisVectors.Change;
import leat.ml.featurestore.online.RedisVectors.Filling;
import leat.ml.featurestore.online.RedisVectors.Read;
import leat.stream.log.LogConnection;
import leat.stream.log.StageHealth;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;

class RedisStoreIT {

    private static final TopicId TOPIC = new TopicId("AAAAAAAAAAAAAAAAAAAAAA");
    private static final TopicId OTHER = new TopicId("BBBBBBBBBBBBBBBBBBBBBB");

    @TempDir private static Path brokerFolder;
    @TempDir private static Path redisFolder;
    private static LatestLog log;
    private static RealRedis redis;

    @TempDir private Path folder;
    private final OnlineView view = LatestLog.freshView();

    @BeforeAll
    static void start() {
        redis = new RealRedis(redisFolder);
        log = new LatestLog(brokerFolder);
    }

    @AfterAll
    static void stop() {
        log.close();
        redis.close();
    }

    private OpenedStore open(LogConnection connection, RealRedis server) {
        return OpenedStore.open(
                view, metrics -> RealRedis.store(connection, server.address(), view, metrics));
    }

    private OpenedStore openReady() {
        return open(log.connection(), redis).awaitReady();
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
            StoredVector stored =
                    opened.store().vectors(view, List.of("none", "e4")).getLast().orElseThrow();
            assertThat(stored.queryMicros()).isEqualTo(1_795_255_200_000_001L);

            log.put(view, "e3", 200);
            opened.awaitVector("e3", 200);
            log.put(view, "e3", null);
            awaitTrue(() -> opened.json("e3").isEmpty());
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

        try (OpenedStore opened = openReady()) {
            assertThat(opened.json("e0")).contains(vector("e0", 0));
            assertThat(opened.json("e1")).contains(vector("e1", 1_000));
            assertThat(opened.counted().stored().get()).isEqualTo(1);
        }
    }

    @Test
    void twoProcessesShareTheLoadingAndServeTheSame() {
        log.make(view);
        try (OpenedStore first = openReady();
                OpenedStore second = openReady()) {
            for (int i = 0; i < 200; i++) {
                log.put(view, "e" + i, i);
            }
            for (int i = 0; i < 200; i++) {
                first.awaitVector("e" + i, i);
                second.awaitVector("e" + i, i);
            }
        }
    }

    @Test
    void anOlderVectorNeverReplacesANewerOne() {
        try (RedisVectors vectors =
                new RedisVectors(RealRedis.settings(redis.address()), Optional.empty())) {
            Filling filling = vectors.serve(view.topic(), TOPIC);
            write(vectors, filling, 5, Optional.of(5));
            write(vectors, filling, 3, Optional.of(3));
            assertThat(json(vectors, filling)).contains(vector("e", 5));

            write(vectors, filling, 7, Optional.empty());
            write(vectors, filling, 6, Optional.of(6));
            assertThat(json(vectors, filling)).as("removed at 7").isEmpty();

            write(vectors, filling, 10, Optional.of(10));
            write(vectors, filling, 9, Optional.empty());
            assertThat(json(vectors, filling)).contains(vector("e", 10));
            assertThat(vectors.positions(view.topic())).containsExactly(Map.entry(0, 11L));
        }
    }

    @Test
    void whoStillLoadsAnEarlierTopicIsRefused() {
        try (RedisVectors vectors =
                new RedisVectors(RealRedis.settings(redis.address()), Optional.empty())) {
            Filling earlier = vectors.serve(view.topic(), TOPIC);
            write(vectors, earlier, 5, Optional.of(5));

            Filling present = vectors.serve(view.topic(), OTHER);

            assertThat(json(vectors, present)).isEmpty();
            assertThat(vectors.positions(view.topic())).isEmpty();
            write(vectors, present, 1, Optional.of(1));
            assertThatThrownBy(() -> write(vectors, earlier, 6, Optional.of(6)))
                    .isInstanceOf(FollowerSession.TopicChanged.class);
            assertThatThrownBy(() -> json(vectors, earlier))
                    .isInstanceOf(FollowerSession.TopicChanged.class);
            assertThat(json(vectors, present)).contains(vector("e", 1));
        }
    }

    @Test
    void whoGoesOnBehindWhatWasLostIsRefused() {
        try (RedisVectors vectors =
                        new RedisVectors(RealRedis.settings(redis.address()), Optional.empty());
                Jedis client = redis.client()) {
            Filling filling = vectors.serve(view.topic(), TOPIC);
            assertThat(vectors.serve(view.topic(), TOPIC)).isEqualTo(filling);
            write(vectors, filling, 5, Optional.of(5));
            client.hset(view.topic(), "0", "3");

            assertThatThrownBy(() -> write(vectors, filling, new Read(0, 6, 7), Optional.of(6)))
                    .isInstanceOf(FollowerSession.TopicChanged.class);
            assertThat(vectors.positions(view.topic())).containsExactly(Map.entry(0, 3L));

            client.del(view.topic());
            assertThat(vectors.serves(view.topic(), filling)).isFalse();
            assertThat(vectors.serve(view.topic(), TOPIC)).isNotEqualTo(filling);
            assertThatThrownBy(() -> write(vectors, filling, 6, Optional.of(6)))
                    .isInstanceOf(FollowerSession.TopicChanged.class);
        }
    }

    private void write(RedisVectors vectors, Filling to, long offset, Optional<Integer> value) {
        write(vectors, to, new Read(0, 0, offset + 1), value);
    }

    private void write(RedisVectors vectors, Filling to, Read read, Optional<Integer> value) {
        byte[] key = "e".getBytes(UTF_8);
        vectors.write(
                view.topic(),
                to,
                List.of(
                        new Change(
                                new ConsumerRecord<>(view.topic(), 0, read.to() - 1, key, key),
                                value.flatMap(number ->
                                        StoredVector.read(vector("e", number).getBytes(UTF_8))))),
                List.of(read));
    }

    private Optional<String> json(RedisVectors vectors, Filling filling) {
        return vectors.vectors(view.topic(), filling, List.of("e"))
                .getFirst()
                .map(found -> new String(found.json(), UTF_8));
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

            opened.awaitVector("stays", 2);
            assertThat(opened.json("gone")).isEmpty();
        }
        try (Jedis client = redis.client()) {
            assertThat(client.keys(view.topic() + ":*")).containsExactly(view.topic() + ":stays");
        }
    }

    @Test
    void aRedisThatHasLostEverythingIsFilledAgainByLoadersThatAreIdle() {
        log.make(view);
        log.put(view, "e", 1);
        try (OpenedStore filling = openReady()) {
            assertThat(filling.json("e")).isPresent();
        }

        try (OpenedStore first = openReady();
                OpenedStore second = openReady();
                Jedis client = redis.client()) {
            assertThat(first.counted().stored().get()).isZero();

            client.flushDB();

            first.awaitVectorAgain("e", 1);
            second.awaitVectorAgain("e", 1);
        }
    }

    @Test
    void aRedisThatIsRestartedEmptyIsFilledAgainByALoaderThatIsIdle() throws Exception {
        log.make(view);
        log.put(view, "e", 1);
        Path own = Files.createDirectories(folder.resolve("redis"));
        try (RealRedis forgetful = new RealRedis(own)) {
            try (OpenedStore filling = open(log.connection(), forgetful)) {
                filling.awaitVector("e", 1);
            }
            try (OpenedStore opened = open(log.connection(), forgetful)) {
                opened.awaitVector("e", 1);

                forgetful.kill();
                forgetful.restart();

                opened.awaitVectorAgain("e", 1);
            }
        }
    }

    @Test
    void aRedisThatComesBackWithAnOlderStateIsBroughtUpToDateByALoaderThatIsIdle()
            throws Exception {
        log.make(view);
        Path own = Files.createDirectories(folder.resolve("redis"));
        try (RealRedis older = new RealRedis(own);
                OpenedStore opened = open(log.connection(), older)) {
            log.put(view, "e", 1);
            opened.awaitVector("e", 1);
            try (Jedis client = older.client()) {
                assertThat(client.save()).isEqualTo("OK");
            }
            log.put(view, "e", 2);
            opened.awaitVector("e", 2);

            older.kill();
            older.restart();

            opened.awaitVector("e", 2);
        }
    }

    @Test
    void whileRedisIsAwayTheStoreSaysSoAndThenGoesOn() throws Exception {
        log.make(view);
        log.put(view, "e", 1);
        Path own = Files.createDirectories(folder.resolve("redis"));
        try (RealRedis mortal = new RealRedis(own, "--appendonly", "yes");
                OpenedStore opened = open(log.connection(), mortal)) {
            opened.awaitVector("e", 1);

            mortal.kill();

            assertThatThrownBy(() -> opened.json("e"))
                    .isInstanceOf(OnlineUnavailable.class)
                    .hasMessageContaining("Redis does not answer");
            awaitTrue(() -> !opened.ready());
            log.put(view, "f", 2);
            mortal.restart();
            opened.awaitVector("f", 2);
            assertThat(opened.json("e")).isPresent();
        }
    }

    @Test
    void aPasswordIsShownAndNeverWrittenDown() throws Exception {
        log.make(view);
        Path own = Files.createDirectories(folder.resolve("redis"));
        try (RealRedis locked = new RealRedis(own, "--requirepass", "of-the-tests")) {
            try (OpenedStore opened = open(log.connection(), locked)) {
                awaitTrue(() ->
                        opened.store().health().values().stream()
                                .anyMatch(health ->
                                        health instanceof StageHealth.Retrying retrying
                                                && retrying.why().contains("NOAUTH")));
            }
            RedisStore.Place place =
                    new RedisStore.Place(
                            log.connection(),
                            new Names("test"),
                            Optional.of("of-the-tests"),
                            new OnlineMetrics(new PrometheusRegistry()));
            assertThat(place.toString()).doesNotContain("of-the-tests");
            try (RedisStore store =
                    RedisStore.open(place, RealRedis.settings(locked.address()), List.of(view))) {
                awaitTrue(() -> store.health().values().stream().allMatch(StageHealth::ready));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "features-redis.after-write, 1",
        "features-redis.after-write, 5",
        "features-redis.after-commit, 3"
    })
    void aKilledLoaderLosesNothing(String failPoint, int pass) throws Exception {
        log.make(view);
        Random random = new Random(7);
        Map<String, Integer> expected = new HashMap<>();
        for (int i = 0; i < 5_000; i++) {
            String entity = "e" + random.nextInt(300);
            expected.put(entity, i);
            log.send(view, entity, i);
        }
        log.producer().flush();
        Process child =
                FollowsUntilKilled.start(
                        failPoint + ":" + pass,
                        log.connection().bootstrapServers(),
                        redis.address(),
                        view);
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitValue()).isEqualTo(FailPoint.EXIT_CODE);

        try (OpenedStore opened =
                open(LatestLog.mortal(log.connection().bootstrapServers()), redis)) {
            opened.awaitReady();
            List<String> entities = new ArrayList<>(expected.keySet());
            List<Optional<String>> vectors = opened.json(entities);
            for (int i = 0; i < entities.size(); i++) {
                String entity = entities.get(i);
                assertThat(vectors.get(i))
                        .contains(vector(entity, expected.getOrDefault(entity, -1)));
            }
            assertThat(opened.counted().stored().get()).isLessThan(5_000);
        }
    }
}

package leat.ml.featurestore.online;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import leat.core.failpoint.FailPoint;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A process that is killed while it reads a topic; its successor has all of it, and right.
class LocalStoreKilledIT {

    private static final int ENTITIES = 700;
    private static final int RECORDS = 20_000;
    private static final long SEED = 42;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir private static Path brokerFolder;
    private static LatestLog log;

    @TempDir private Path folder;
    private final OnlineView view = LatestLog.freshView();
    private final Random random = new Random(SEED);
    private final Map<String, String> expected = new HashMap<>();

    @BeforeAll
    static void startBroker() {
        log = new LatestLog(brokerFolder);
    }

    @AfterAll
    static void stopBroker() {
        log.close();
    }

    @ParameterizedTest
    @CsvSource({
        "features-online.before-write, 1",
        "features-online.before-write, 4",
        "features-online.after-write, 1",
        "features-online.after-write, 4"
    })
    void killedAtAnyPointItGoesOnWhereItWas(String failPoint, int pass) throws Exception {
        log.make(view);
        write(RECORDS);

        Process child = start(failPoint + ":" + pass);

        assertThat(child.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitValue()).isEqualTo(FailPoint.EXIT_CODE);
        write(100);
        double read = readByASuccessor();
        boolean nothingWritten = failPoint.contains("before") && pass == 1;
        if (nothingWritten) {
            assertThat(read).isEqualTo(RECORDS + 100);
        } else {
            assertThat(read).isLessThan(RECORDS);
        }
    }

    @Test
    void killedAgainAndAgainWhileTheTopicGrowsItHasAllOfIt() throws Exception {
        log.make(view);
        for (int round = 0; round < 4; round++) {
            write(RECORDS / 4);
            Process child = start("");
            assertThat(child.inputReader().readLine()).isEqualTo("opened");
            write(random.nextInt(RECORDS / 4));
            child.destroyForcibly().onExit().join();
        }

        readByASuccessor();
    }

    private Process start(String failPoint) throws IOException {
        return FollowsUntilKilled.start(
                failPoint,
                log.connection().bootstrapServers(),
                folder.resolve("online").toString(),
                view);
    }

    /// Vectors of random entities, and some removals.
    private void write(int count) throws ExecutionException, InterruptedException {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String entity = "e" + random.nextInt(ENTITIES);
            boolean removal = random.nextInt(10) == 0;
            String json = LatestLog.vector(entity, random.nextInt());
            if (removal) {
                expected.remove(entity);
            } else {
                expected.put(entity, json);
            }
            sent.add(log.producer().send(LatestLog.record(view, entity, removal ? null : json)));
        }
        for (Future<RecordMetadata> one : sent) {
            one.get();
        }
    }

    /// Compares all entities; how many records it had to read.
    private double readByASuccessor() {
        try (OpenedStore opened =
                OpenedStore.open(
                        view,
                        metrics ->
                                LocalStore.open(
                                        new LocalStore.Place(
                                                log.connection(),
                                                folder.resolve("online"),
                                                "successor",
                                                metrics,
                                                InstantSource.system()),
                                        OnlineSettings.DEFAULT,
                                        List.of(view)))) {
            opened.awaitReady();
            List<String> entities = IntStream.range(0, ENTITIES).mapToObj(i -> "e" + i).toList();
            List<Optional<String>> vectors = opened.json(entities);
            Map<String, String> found = new HashMap<>();
            for (int i = 0; i < ENTITIES; i++) {
                String entity = entities.get(i);
                vectors.get(i).ifPresent(vector -> found.put(entity, vector));
            }
            assertThat(found).as("seed %d", SEED).isEqualTo(expected);
            return opened.counted().stored().get() + opened.counted().removed().get();
        }
    }
}

package leat.ml.scorer;

import static leat.ml.scorer.ScorerProcesses.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import leat.core.event.EventHeaders;
import leat.core.event.Position;
import leat.core.prediction.Lineup;
import leat.core.prediction.Term;
import leat.ml.scoring.LinearModel;
import leat.stream.log.EventHeader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Scores while aliases move, with and without kills, and checks every vector against the terms
/// that are in the log.
@Timeout(value = 6, unit = TimeUnit.MINUTES)
final class ScorerKilledIT {

    private static final long SEED = 6;
    private static final int RATE = 20_000;

    /// The vectors of a partition in a second of load.
    private static final int SECOND = RATE / Risk.PARTITIONS;

    private static final int VERSIONS = 3;
    private static final String CANARY = "challengers: [{alias: next, share: 25%}]";

    private final JsonMapper json = new JsonMapper();

    @TempDir private Path folder;
    private ScorerProcesses scorers;

    @BeforeEach
    void begin() {
        scorers = new ScorerProcesses(folder);
    }

    @AfterEach
    void end() {
        scorers.close();
    }

    private static void awaitTermsOf(RiskLog log, int version) {
        await(
                () ->
                        log.terms().stream()
                                        .filter(term ->
                                                term.lineup()
                                                        .champion()
                                                        .version()
                                                        .equals("risk/" + version))
                                        .map(term -> term.from().partition())
                                        .distinct()
                                        .count()
                                == Risk.PARTITIONS,
                "a swap to version " + version + " in all partitions");
    }

    @Test
    void aliasesMoveUnderLoadAlsoToWeightsAloneAndNothingIsLostDoubledOrMixed() throws Exception {
        try (RiskLog log = new RiskLog("")) {
            log.version(1, folder);
            log.version(2, folder, "model.onnx", LinearModel.weighted((float) (2 * RiskLog.STEP)));
            log.alias("champion", 1);
            Process scorer = scorers.start(log, "1");
            log.write(3_000);
            awaitTermsOf(log, 1);
            log.feed(RATE);
            await(() -> log.predicted() > RATE, "predictions under load");
            log.alias("champion", 2);
            awaitTermsOf(log, 2);
            log.weights(3, 2, folder);
            awaitTermsOf(log, 3);
            log.weights(4, 3, folder);
            awaitTermsOf(log, 4);
            log.endFeed();
            assertThat(scorer.isAlive()).isTrue();
            long stopped = restart(log, scorer);
            await(() -> log.predicted() >= log.written(), "a prediction of every vector");

            assertExact(log);
            assertThat(log.terms()).hasSize(4 * Risk.PARTITIONS);
            assertNoPause(log, stopped);
        }
    }

    /// Ends a scorer in order and starts another one while vectors come; returns when it began to.
    private long restart(RiskLog log, Process scorer) throws Exception {
        log.feed(RATE / 10);
        long stopped = System.currentTimeMillis();
        scorer.destroy();
        scorer.onExit().join();
        int before = log.predicted();
        Process _ = scorers.start(log, "1");
        await(() -> log.predicted() > before + RATE / 10, "predictions after a restart");
        log.endFeed();
        return stopped;
    }

    /// Around each swap no partition was without predictions for half as long as for a restart, on
    /// the machine as it is now.
    ///
    /// @param stopped when the restart began
    private static void assertNoPause(RiskLog log, long stopped) {
        AppendTimes predictions = log.predictedAt();
        long restart =
                IntStream.range(0, Risk.PARTITIONS)
                        .mapToLong(partition -> predictions.longestGapSince(partition, stopped))
                        .min()
                        .orElseThrow();
        for (Term term : log.terms()) {
            if (!term.lineup().champion().version().equals("risk/1")) {
                // The vectors of a partition are at 0, 1, 2 …, and so are their predictions.
                int first = Math.toIntExact(term.from().offset());
                long pause =
                        predictions.longestGapBefore(
                                stopped, term.from().partition(), first, SECOND);
                assertThat(2 * pause)
                        .as("twice the longest pause around %s", term.from())
                        .isLessThan(restart);
            }
        }
    }

    @Test
    void killsAroundASwapLoseDoubleAndMixNothing() throws Exception {
        try (RiskLog one = canary();
                RiskLog other = canary();
                ExecutorService lanes = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Void>> both = List.of(() -> killOne(one), () -> killOther(other));
            for (Future<Void> lane : lanes.invokeAll(both)) {
                lane.get();
            }
        }
    }

    private RiskLog canary() {
        RiskLog log = new RiskLog(CANARY);
        for (int version = 1; version <= VERSIONS; version++) {
            log.version(version, folder);
        }
        return log;
    }

    private @Nullable Void killOne(RiskLog log) throws Exception {
        killAt(log, List.of(".after-process", ".after-send", ".after-commit"));
        Process _ = scorers.start(log, "1");
        awaitExact(log);
        return null;
    }

    private @Nullable Void killOther(RiskLog log) throws Exception {
        killAt(log, List.of(".after-begin", ".after-offsets", ".after-merge"));
        // And at any instant while aliases move
        log.feed(RATE / 10);
        int before = log.predicted();
        Process process = scorers.start(log, "1");
        await(() -> log.predicted() > before, "predictions after a kill");
        log.alias("next", 2);
        LockSupport.parkNanos(Duration.ofMillis(new Random(SEED).nextInt(600)).toNanos());
        process.destroyForcibly().onExit().join();
        // And in two instances
        Process _ = scorers.start(log, "1");
        Process _ = scorers.start(log, "2");
        log.alias("next", 3);
        awaitExact(log);
        return null;
    }

    /// Kills at points in a transaction that begins with a term; there are six in all.
    private void killAt(RiskLog log, List<String> points) throws Exception {
        int champion = 0;
        for (String point : points) {
            log.write(3_000);
            log.alias("champion", 1 + (champion++ % VERSIONS));
            scorers.dieAt(point, log);
        }
    }

    private void awaitExact(RiskLog log) {
        log.endFeed();
        await(() -> log.predicted() >= log.written(), "a prediction of every vector");
        assertExact(log);
    }

    /// Every vector has one prediction, on its partition and in its order, made by whom the terms
    /// name, with the value that this version gives.
    private void assertExact(RiskLog log) {
        List<Term> all = log.terms();
        int found = 0;
        Set<String> used = new HashSet<>();
        for (int partition = 0; partition < Risk.PARTITIONS; partition++) {
            int at = partition;
            Terms terms =
                    new Terms(
                            all.stream()
                                    .filter(term -> term.from().partition() == at)
                                    .sorted(Comparator.comparingLong(term -> term.from().offset()))
                                    .toList());
            assertThat(terms.terms().stream().map(Term::from)).doesNotHaveDuplicates();
            // They are many: one partition at a time.
            List<ConsumerRecord<byte[], byte[]>> vectors =
                    log.committedOf(log.vectors(), partition);
            List<ConsumerRecord<byte[], byte[]>> own =
                    log.committedOf(log.predictions(), partition);
            assertThat(own.size()).isEqualTo(vectors.size());
            for (int i = 0; i < own.size(); i++) {
                used.add(assertMadeByWhomItSays(vectors.get(i), own.get(i), terms));
            }
            found += own.size();
        }
        assertThat(found).isEqualTo(log.written());
        Set<String> named = new HashSet<>();
        all.forEach(term -> named.add(term.lineup().champion().version()));
        assertThat(used).containsAll(named);
    }

    private String assertMadeByWhomItSays(
            ConsumerRecord<byte[], byte[]> vector,
            ConsumerRecord<byte[], byte[]> prediction,
            Terms terms) {
        JsonNode made = json.readTree(prediction.value());
        Position position = Position.parse(made.path("vector").asString());
        assertThat(position.offset()).isEqualTo(vector.offset());
        assertThat(position.partition()).isEqualTo(vector.partition());
        assertThat(prediction.key()).isEqualTo(vector.key());
        Lineup.Answering by =
                terms.at(position)
                        .orElseThrow()
                        .lineup()
                        .answering("risk.v1", made.path("entity").asString());
        String version = by.standing().version();
        assertThat(made.path("model_version").asString()).isEqualTo(version);
        assertThat(made.path("alias_position").asLong())
                .isEqualTo(by.standing().aliasPosition().orElseThrow());
        assertThat(made.path("role").asString()).isEqualTo(by.role().word());
        assertThat(EventHeader.text(prediction.headers(), EventHeaders.MODEL)).isEqualTo(version);
        double a = json.readTree(vector.value()).path("a").asDouble();
        int number = Integer.parseInt(version.substring(version.indexOf('/') + 1));
        assertThat(made.path("score").asDouble())
                .isEqualTo((float) (2 * a + RiskLog.STEP * number), within(0.01));
        return version;
    }
}

package leat.ml.scorer;

import static leat.ml.scorer.ScorerProcesses.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import leat.core.prediction.Lineup;
import leat.core.prediction.Term;
import leat.ml.online.Learner;
import leat.ml.online.OnlineModel;
import leat.ml.online.OnlineRow;
import leat.ml.scorer.VectorReading.Read;
import leat.ml.testing.MemoryLog;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Kills scorers whose versions learn, before and after commits, at any instant and while another
/// one comes, moves aliases, and compares every prediction with what learners say that were never
/// interrupted.
@Timeout(value = 6, unit = TimeUnit.MINUTES)
final class LearningKilledIT {

    private static final long SEED = 8;
    private static final String KEYS =
            "outputs: {score: score}\nchallengers: [{alias: next, shadow: true}]";
    private static final int VERSIONS = 3;
    private static final int RATE = 1_000;

    private final JsonMapper json = new JsonMapper();
    private final Map<String, OnlineModel> models = new HashMap<>();

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

    @Test
    void noKillChangesABitOfWhatVersionsSayThatLearnMeanwhile() throws Exception {
        try (RiskLog log = new RiskLog(KEYS)) {
            for (int version = 1; version <= VERSIONS; version++) {
                OnlineModel model = Risk.forest(version);
                models.put("risk/" + version, model);
                log.version(version, folder, OnlineModel.FILE, model.bytes());
            }
            log.alias("champion", 1);
            log.alias("next", 2);
            for (String point : List.of(".after-send", ".after-commit")) {
                log.write(2_000);
                scorers.dieAt(point, log);
            }
            killAtAnyInstant(log);
            // The shadow is promoted and has learned already; another one begins in its place.
            log.alias("champion", 2);
            log.alias("next", 3);
            Process _ = scorers.start(log, "1");
            await(() -> hasTermsOf(log, 2), "a swap in all partitions");
            // A partition moves between two instances.
            Process _ = scorers.start(log, "2");
            int before = log.written();
            await(() -> log.written() > before + 2 * RATE, "vectors meanwhile");
            log.endFeed();
            await(() -> log.predicted() >= log.written(), "a prediction of every vector");

            assertExact(log);
        }
    }

    private void killAtAnyInstant(RiskLog log) throws Exception {
        log.feed(RATE);
        int before = log.predicted();
        Process process = scorers.start(log, "1");
        await(() -> log.predicted() > before + 500, "predictions after a kill");
        LockSupport.parkNanos(Duration.ofMillis(new Random(SEED).nextInt(600)).toNanos());
        process.destroyForcibly().onExit().join();
    }

    private static boolean hasTermsOf(RiskLog log, int champion) {
        return log.terms().stream()
                        .filter(term ->
                                term.lineup().champion().version().equals("risk/" + champion))
                        .map(term -> term.from().partition())
                        .distinct()
                        .count()
                == Risk.PARTITIONS;
    }

    private void assertExact(RiskLog log) {
        List<List<ConsumerRecord<byte[], byte[]>>> vectors =
                log.committed(log.vectors(), Risk.PARTITIONS);
        List<List<ConsumerRecord<byte[], byte[]>>> predictions =
                log.committed(log.predictions(), Risk.PARTITIONS);
        List<List<ConsumerRecord<byte[], byte[]>>> shadows =
                log.committed(
                        log.names.predictions(log.scoring.shadowContract().orElseThrow()),
                        Risk.PARTITIONS);
        List<Term> all = log.terms();
        assertThat(vectors.stream().mapToInt(List::size).sum()).isEqualTo(log.written());
        Set<Double> different = new HashSet<>();
        for (int partition = 0; partition < Risk.PARTITIONS; partition++) {
            int at = partition;
            List<Term> terms =
                    all.stream()
                            .filter(term -> term.from().partition() == at)
                            .sorted(Comparator.comparingLong(term -> term.from().offset()))
                            .toList();
            List<Double> champions = new ArrayList<>();
            List<Double> next = new ArrayList<>();
            said(log, vectors.get(partition), terms, champions, next);
            assertThat(scores(predictions.get(partition))).isEqualTo(champions);
            assertThat(scores(shadows.get(partition))).isEqualTo(next);
            different.addAll(champions);
        }
        assertThat(different).hasSizeGreaterThan(log.written() / 4);
    }

    private List<Double> scores(List<ConsumerRecord<byte[], byte[]>> predictions) {
        return predictions.stream()
                .map(record -> {
                    JsonNode made = json.readTree(record.value());
                    assertThat(made.path("failure").isMissingNode()).isTrue();
                    return made.path("score").asDouble();
                })
                .toList();
    }

    /// What learners say that begin where their version comes into the line-up, and are never
    /// interrupted.
    private void said(
            RiskLog log,
            List<ConsumerRecord<byte[], byte[]>> vectors,
            List<Term> terms,
            List<Double> champions,
            List<Double> next) {
        VectorReading reading =
                new VectorReading(
                        log.scoring,
                        terms.getFirst().from().topic(),
                        new MemoryLog(terms.getFirst().from().topic()),
                        log.names);
        Map<String, Learner> learners = new HashMap<>();
        int term = -1;
        for (ConsumerRecord<byte[], byte[]> record : vectors) {
            while (term + 1 < terms.size()
                    && terms.get(term + 1).from().offset() <= record.offset()) {
                term++;
                Set<String> versions = terms.get(term).lineup().versions();
                learners.keySet().retainAll(versions);
                versions.forEach(
                        version -> learners.computeIfAbsent(version, one -> model(one).begin()));
            }
            Lineup lineup = terms.get(term).lineup();
            Read.Complete vector = (Read.Complete) reading.read(List.of(record)).getFirst();
            String champion = lineup.champion().version();
            champions.add(said(learners, champion, vector, log));
            lineup.shadows().forEach(one -> next.add(said(learners, one.version(), vector, log)));
            learners.forEach((version, learner) -> learner.learn(row(version, vector, log)));
        }
    }

    private double said(
            Map<String, Learner> learners, String version, Read.Complete vector, RiskLog log) {
        return (Double)
                Objects.requireNonNull(learners.get(version))
                        .say(row(version, vector, log))
                        .getFirst();
    }

    private OnlineRow row(String version, Read.Complete vector, RiskLog log) {
        return model(version)
                .row(
                        vector.subject().entity(),
                        vector.subject().queryMicros() / 1_000,
                        log.scoring.features(),
                        vector.features());
    }

    private OnlineModel model(String version) {
        return Objects.requireNonNull(models.get(version), version);
    }
}

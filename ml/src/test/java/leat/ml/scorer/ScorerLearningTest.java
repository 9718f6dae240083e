package leat.ml.scorer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import leat.core.anomaly.AnomalyDetector;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.event.TopicId;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import leat.core.prediction.Lineup;
import leat.core.prediction.Scoring;
import leat.core.prediction.Term;
import leat.ml.online.Learner;
import leat.ml.online.OnlineModel;
import leat.ml.online.OnlineRow;
import leat.ml.scoring.MapOfModels;
import leat.ml.scoring.ReadyModels;
import leat.ml.testing.MemoryLog;
import leat.stream.log.AssignedPartition;
import leat.stream.log.Emissions;
import leat.stream.log.EventHeader;
import leat.stream.log.PartitionBatch;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Versions that learn as they score, on a log in memory.
final class ScorerLearningTest {

    private static final Names NAMES = new Names("t");
    private static final TopicPartition VECTORS = new TopicPartition("t.vectors.driving.v1", 0);
    private static final TopicId TOPIC = new TopicId("AAAAAAAAAAAAAAAAAAAAAQ");
    private static final String PREDICTIONS = "t.predictions.risk.v1";
    private static final String SHADOWS = "t.predictions.risk-shadow.v1";
    private static final String CHECKPOINTS = "t.checkpoints";
    private static final String CHUNKS = "t.checkpoint-chunks";
    private static final String SHADOW =
            "outputs: {score: score}\nchallengers: [{alias: next, shadow: true}]";
    private static final String ALONE = "outputs: {score: score}";
    private static final long PATIENCE_NANOS = Duration.ofSeconds(20).toNanos();
    private static final int CHECKPOINT_VECTORS = 120;

    private final MapOfModels registry = new MapOfModels();
    private final List<ReadyModels> followed = new ArrayList<>();
    private final JsonMapper json = new JsonMapper();
    private final List<OnlineModel> versions =
            List.of(Risk.forest(1), Risk.forest(2), Risk.detector());

    ScorerLearningTest() {
        versions.forEach(version -> registry.register(OnlineModel.FILE, version.bytes()));
        registry.alias("champion", 1);
    }

    @AfterEach
    void close() {
        followed.forEach(ReadyModels::close);
    }

    /// A scorer of one partition: process, commit, abort, kill.
    private final class Run {
        final Scoring scoring;
        final ReadyModels models;
        final MemoryLog log = new MemoryLog(TOPIC);
        ScorerPartition partition;

        Run(String keys) {
            this.scoring = Risk.scoring(keys);
            this.models =
                    ReadyModels.follow(
                            registry,
                            scoring.model(),
                            Optional.empty(),
                            scoring.aliases(),
                            Duration.ofMillis(5));
            followed.add(models);
            await(Map.of("champion", 1));
            this.partition = open();
        }

        /// Waits until aliases mean these versions.
        void await(Map<String, Integer> wanted) {
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            while (!models.enter().map(ready -> means(ready, wanted)).orElse(false)) {
                assertThat(System.nanoTime()).as(models.absence()).isLessThan(deadline);
                LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
            }
        }

        private static boolean means(ReadyModels.Ready ready, Map<String, Integer> wanted) {
            try (ready) {
                return wanted.entrySet().stream()
                        .allMatch(one ->
                                ready.standings().containsKey(one.getKey())
                                        && ready.standings()
                                                .get(one.getKey())
                                                .version()
                                                .equals("risk/" + one.getValue()));
            }
        }

        void move(String alias, int version) {
            registry.alias(alias, version);
            await(Map.of(alias, version));
        }

        /// Kills what runs, if anything, and opens the partition from the log alone.
        ScorerPartition open() {
            AssignedPartition assigned = log.assigned(VECTORS);
            Optional<Lineup> last =
                    Terms.read(log, NAMES, "risk.v1", TOPIC, 0).last().map(Term::lineup);
            try (ReadyModels.Ready ready = models.enter().orElseThrow()) {
                return new ScorerPartition(
                        NAMES,
                        new ScorerPartition.Work(
                                scoring,
                                models,
                                Duration.ofSeconds(10),
                                new PartitionLearners.Pace(
                                        CHECKPOINT_VECTORS, Duration.ofHours(1))),
                        new VectorReading(scoring, assigned.topicId(), log, NAMES),
                        last,
                        new CheckpointLog(log, NAMES, scoring, assigned)
                                .restore(ready, last.map(Lineup::versions).orElse(Set.of())));
            }
        }

        void kill() {
            partition = open();
        }

        /// Vectors that are in the log and have no predictions.
        PartitionBatch next(int most) {
            List<ConsumerRecord<byte[], byte[]>> all = log.records(VECTORS.topic());
            int from = (int) log.position();
            int to = Math.min(all.size(), from + most);
            return new PartitionBatch(VECTORS, List.copyOf(all.subList(from, to)), to);
        }

        void score(int most) {
            PartitionBatch batch = next(most);
            Emissions emissions = partition.process(batch);
            log.commit(emissions, batch.end());
            partition.committed(batch.end());
        }

        void scoreAll(int most) {
            while (!next(most).records().isEmpty()) {
                score(most);
            }
        }

        List<String> predictions(String topic) {
            return log.records(topic).stream()
                    .map(record -> new String(record.value(), UTF_8))
                    .toList();
        }

        List<Double> scores(String topic) {
            return log.records(topic).stream()
                    .map(record -> json.readTree(record.value()).path("score").asDouble())
                    .toList();
        }

        JsonNode checkpoint(int version) {
            byte[] value = log.newest(CHECKPOINTS).get("risk.v1/" + TOPIC + "/0/risk/" + version);
            return value == null ? json.missingNode() : json.readTree(value);
        }
    }

    /// Appends the same vectors to each log; some lack a feature, and one is none.
    private static void vectors(int count, Run... runs) {
        for (Run run : runs) {
            int from = run.log.records(VECTORS.topic()).size();
            for (int i = from; i < from + count; i++) {
                Random random = new Random(i);
                String features =
                        i % 41 == 40
                                ? ",\"a\":1.0"
                                : ",\"a\":"
                                        + (500 + 300 * random.nextGaussian())
                                        + ",\"b\":"
                                        + random.nextDouble();
                run.log.append(vector(i, i % 97 == 96 ? "{}" : vector("car-" + i % 7, features)));
            }
        }
    }

    private static String vector(String car, String features) {
        return "{\"entity\":\""
                + car
                + "\",\"query_time\":\"2026-01-01T00:00:00.000001Z\""
                + features
                + "}";
    }

    private static ConsumerRecord<byte[], byte[]> vector(int offset, String value) {
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>(
                        VECTORS.topic(), 0, offset, "car".getBytes(UTF_8), value.getBytes(UTF_8));
        EventHeader.add(record.headers(), EventHeaders.VIEW, "driving.v1");
        EventHeader.add(record.headers(), EventHeaders.POSITION, "E/0@" + offset);
        return record;
    }

    private static double sayAndLearn(
            OnlineModel model, Learner learner, Run run, VectorReading.Read.Complete vector) {
        OnlineRow row =
                model.row(
                        vector.subject().entity(),
                        vector.subject().queryMicros() / 1_000,
                        run.scoring.features(),
                        vector.features());
        return (Double) learner.sayAndLearn(row).getFirst();
    }

    /// What a learner that is never interrupted says of the vectors of a range; 0 where a
    /// prediction fails, nothing of what is no vector.
    private List<Double> uninterrupted(int version, Run run, int from, int to) {
        OnlineModel model = versions.get(version - 1);
        Learner learner = model.begin();
        VectorReading reading = new VectorReading(run.scoring, TOPIC, run.log, NAMES);
        List<Double> scores = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record :
                run.log.records(VECTORS.topic()).subList(from, to)) {
            switch (reading.read(List.of(record)).getFirst()) {
                case VectorReading.Read.Complete complete -> {
                    scores.add(sayAndLearn(model, learner, run, complete));
                }
                case VectorReading.Read.Lacking _ -> scores.add(0.0);
                case VectorReading.Read.Unreadable _ -> {}
            }
        }
        return scores;
    }

    @Test
    void killsAndBatchesThatAreGivenUpChangeNoBitOfAnyPrediction() {
        registry.alias("next", 2);
        Run whole = new Run(SHADOW);
        Run broken = new Run(SHADOW);
        whole.await(Map.of("next", 2));
        broken.await(Map.of("next", 2));
        vectors(1_500, whole, broken);
        Random random = new Random(11);
        int killed = 0;

        whole.scoreAll(100);
        while (!broken.next(1).records().isEmpty()) {
            PartitionBatch given = broken.next(1 + random.nextInt(90));
            switch (random.nextInt(6)) {
                case 0 -> {
                    Emissions _ = broken.partition.process(given);
                    broken.partition.aborted();
                }
                case 1 -> {
                    Emissions _ = broken.partition.process(given);
                    broken.kill();
                    killed++;
                }
                default -> broken.score(1 + random.nextInt(90));
            }
        }

        assertThat(killed).isGreaterThan(3);
        assertThat(broken.predictions(PREDICTIONS)).isEqualTo(whole.predictions(PREDICTIONS));
        assertThat(broken.predictions(SHADOWS)).isEqualTo(whole.predictions(SHADOWS));
        assertThat(whole.scores(PREDICTIONS)).isEqualTo(uninterrupted(1, whole, 0, 1_500));
        assertThat(whole.scores(SHADOWS)).isEqualTo(uninterrupted(2, whole, 0, 1_500));
        assertThat(broken.checkpoint(1).path("since").asString()).isEqualTo(TOPIC + "/0@0");
        assertThat(broken.checkpoint(1).path("chunks").asInt()).isGreaterThan(0);
    }

    @Test
    void theDetectorOfMetricsScoresTheStreamOfEachEntityWhateverIsKilled() {
        Run run = new Run(ALONE);
        run.move("champion", 3);
        vectors(2_000, run);
        Random random = new Random(12);
        while (!run.next(1).records().isEmpty()) {
            run.score(1 + random.nextInt(300));
            if (random.nextInt(3) == 0) {
                run.kill();
            }
        }

        assertThat(run.scores(PREDICTIONS)).isEqualTo(uninterrupted(3, run, 0, 2_000));
        assertThat(run.scores(PREDICTIONS)).isEqualTo(detected(run));
        assertThat(run.checkpoint(3).path("chunks").asInt()).isGreaterThan(1);
    }

    /// What a detector for each car and feature says, as `leat detect` has one for a file.
    private List<Double> detected(Run run) {
        VectorReading reading = new VectorReading(run.scoring, TOPIC, run.log, NAMES);
        Map<String, AnomalyDetector> detectors = new HashMap<>();
        AnomalyDetector known = detectors.computeIfAbsent("car-0 a", _ -> new AnomalyDetector());
        assertThat(known.score(0, 500)).isZero();
        AnomalyDetector other = detectors.computeIfAbsent("car-0 b", _ -> new AnomalyDetector());
        assertThat(other.score(0, 0)).isZero();
        List<Double> scores = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : run.log.records(VECTORS.topic())) {
            switch (reading.read(List.of(record)).getFirst()) {
                case VectorReading.Read.Complete complete -> {
                    double score = 0;
                    for (int j = 0; j < 2; j++) {
                        String name =
                                complete.subject().entity() + " " + run.scoring.features().get(j);
                        AnomalyDetector detector =
                                detectors.computeIfAbsent(name, _ -> new AnomalyDetector());
                        double value = (float) ((Number) complete.features().get(j)).doubleValue();
                        score =
                                Math.max(
                                        score,
                                        detector.score(
                                                complete.subject().queryMicros() / 1_000, value));
                    }
                    scores.add(score);
                }
                case VectorReading.Read.Lacking _ -> scores.add(0.0);
                case VectorReading.Read.Unreadable _ -> {}
            }
        }
        return scores;
    }

    @Test
    void aRestartLearnsAgainFromWhatCameAfterTheCheckpointOnly() {
        Run run = new Run(ALONE);
        vectors(1_000, run);
        run.scoreAll(10);
        long at = run.checkpoint(1).path("at").asLong();
        int readBefore = run.log.read();

        run.kill();

        assertThat(at).isGreaterThan(1_000 - 2 * CHECKPOINT_VECTORS).isLessThan(1_000);
        int others =
                run.log.records(CHECKPOINTS).size()
                        + run.log.records(NAMES.scoring()).size()
                        + run.log.records(CHUNKS).size();
        assertThat(run.log.read() - readBefore).isLessThanOrEqualTo((int) (1_000 - at) + others);
        vectors(200, run);
        run.scoreAll(50);
        assertThat(run.scores(PREDICTIONS)).isEqualTo(uninterrupted(1, run, 0, 1_200));
    }

    @Test
    void anotherVersionBeginsAtItsFirstVectorAndTheOneBeforeIsForgotten() {
        Run run = new Run(ALONE);
        vectors(300, run);
        run.scoreAll(100);
        run.move("champion", 2);
        vectors(300, run);
        run.scoreAll(100);
        assertThat(run.checkpoint(1).isMissingNode()).isTrue();
        assertThat(run.checkpoint(2).path("since").asString()).isEqualTo(TOPIC + "/0@300");

        run.move("champion", 1);
        run.kill();
        vectors(100, run);
        run.scoreAll(100);

        List<Double> expected = new ArrayList<>(uninterrupted(1, run, 0, 300));
        expected.addAll(uninterrupted(2, run, 300, 600));
        expected.addAll(uninterrupted(1, run, 600, 700));
        assertThat(run.scores(PREDICTIONS)).isEqualTo(expected);
        assertThat(run.checkpoint(1).path("since").asString()).isEqualTo(TOPIC + "/0@600");
        assertThat(run.log.newest(CHUNKS).entrySet())
                .filteredOn(chunk -> chunk.getKey().contains("risk/2/"))
                .isNotEmpty()
                .allSatisfy(chunk -> assertThat(chunk.getValue()).isNull());
    }

    @Test
    void aShadowThatIsPromotedKeepsWhatItHasLearned() {
        registry.alias("next", 2);
        Run run = new Run(SHADOW);
        run.await(Map.of("next", 2));
        vectors(300, run);
        run.scoreAll(100);

        run.move("champion", 2);
        vectors(200, run);
        run.scoreAll(100);

        List<Double> champion = run.scores(PREDICTIONS);
        List<Double> all = uninterrupted(2, run, 0, 500);
        int before = uninterrupted(1, run, 0, 300).size();
        assertThat(champion.subList(before, champion.size()))
                .isEqualTo(all.subList(before, all.size()));
    }

    @Test
    void aCanaryLearnsFromTheVectorsOfAllKeys() {
        registry.alias("next", 2);
        Run run = new Run("outputs: {score: score}\nchallengers: [{alias: next, share: 50%}]");
        run.await(Map.of("next", 2));
        vectors(400, run);
        run.scoreAll(100);

        List<Double> ofFirst = uninterrupted(1, run, 0, 400);
        List<Double> ofSecond = uninterrupted(2, run, 0, 400);
        int canaries = 0;
        for (int i = 0; i < ofFirst.size(); i++) {
            JsonNode made = json.readTree(run.predictions(PREDICTIONS).get(i));
            boolean canary = made.path("role").asString().equals("canary");
            canaries += canary ? 1 : 0;
            assertThat(made.path("score").asDouble())
                    .isEqualTo((canary ? ofSecond : ofFirst).get(i));
        }
        assertThat(canaries).isBetween(40, 360);
    }

    @Test
    void vectorsThatAreDeletedBeforeTheyWereLearnedAgainAreCountedAndPassed() {
        Run run = new Run(ALONE);
        vectors(350, run);
        run.scoreAll(10);
        long at = run.checkpoint(1).path("at").asLong();
        assertThat(at).isLessThan(350);
        run.log.delete(VECTORS.topic(), at + 5);

        run.kill();
        vectors(10, run);
        run.score(10);

        JsonNode now = run.checkpoint(1);
        assertThat(now.path("lacking").asLong()).isEqualTo(5);
        assertThat(now.path("since").asString()).isEqualTo(TOPIC + "/0@0");
        assertThat(now.path("at").asLong()).isEqualTo(360);
        List<String> before = run.predictions(PREDICTIONS);
        run.kill();
        vectors(50, run);
        run.scoreAll(10);
        assertThat(run.predictions(PREDICTIONS)).startsWith(before.toArray(String[]::new));
        assertThat(run.checkpoint(1).path("lacking").asLong()).isEqualTo(5);
    }

    @Test
    void aStateThatIsNotThereBeginsAnewAtAPositionThatIsWritten() {
        Run run = new Run(ALONE);
        vectors(300, run);
        run.scoreAll(100);
        run.log.records(CHUNKS).clear();

        run.kill();
        vectors(100, run);
        run.scoreAll(100);

        List<Double> expected = new ArrayList<>(uninterrupted(1, run, 0, 300));
        expected.addAll(uninterrupted(1, run, 300, 400));
        assertThat(run.scores(PREDICTIONS)).isEqualTo(expected);
        assertThat(run.checkpoint(1).path("since").asString()).isEqualTo(TOPIC + "/0@300");
    }

    @Test
    void whatCannotBeWrittenIsNotLearnedFromNorAfterARestart() {
        Run run = new Run(ALONE);
        vectors(60, run);
        run.score(50);
        ConsumerRecord<byte[], byte[]> poison = run.next(1).records().getFirst();
        Emissions emissions =
                run.partition.poison(
                        poison, new Reason(ReasonCode.TOO_LARGE, "", "too large"), false);
        run.log.commit(emissions, 51);
        run.partition.committed(51);
        run.kill();
        run.score(9);

        OnlineModel model = versions.getFirst();
        Learner learner = model.begin();
        List<Double> scores = run.scores(PREDICTIONS);
        VectorReading reading = new VectorReading(run.scoring, TOPIC, run.log, NAMES);
        List<Double> expected = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : run.log.records(VECTORS.topic())) {
            if (record.offset() != 50
                    && reading.read(List.of(record)).getFirst()
                            instanceof VectorReading.Read.Complete complete) {
                expected.add(sayAndLearn(model, learner, run, complete));
            } else if (record.offset() != 50) {
                expected.add(0.0);
            }
        }
        assertThat(scores).isEqualTo(expected);
    }
}

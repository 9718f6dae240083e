package leat.ml.scorer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.event.TopicId;
import leat.core.model.ModelVersion;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import leat.core.prediction.Lineup;
import leat.core.prediction.Scoring;
import leat.core.prediction.Standing;
import leat.core.prediction.Term;
import leat.ml.scoring.LinearModel;
import leat.ml.scoring.MapOfModels;
import leat.ml.scoring.ReadyModels;
import leat.ml.testing.MemoryLog;
import leat.stream.log.Counts;
import leat.stream.log.Emissions;
import leat.stream.log.EventHeader;
import leat.stream.log.PartitionBatch;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ScorerPartitionTest {

    private static final Names NAMES = new Names("t");
    private static final TopicPartition VECTORS = new TopicPartition("t.vectors.driving.v1", 0);
    private static final TopicId TOPIC = new TopicId("AAAAAAAAAAAAAAAAAAAAAQ");
    private static final String PREDICTIONS = "t.predictions.risk.v1";
    private static final String SHADOWS = "t.predictions.risk-shadow.v1";
    private static final long PATIENCE_NANOS = Duration.ofSeconds(20).toNanos();

    private final MapOfModels registry = new MapOfModels();
    private final List<ReadyModels> followed = new ArrayList<>();
    private final JsonMapper json = new JsonMapper();
    private long offset;

    @AfterEach
    void close() {
        followed.forEach(ReadyModels::close);
    }

    private ReadyModels follow(Scoring scoring) {
        ReadyModels ready =
                ReadyModels.follow(
                        registry,
                        scoring.model(),
                        Optional.empty(),
                        scoring.aliases(),
                        Duration.ofMillis(10));
        followed.add(ready);
        return ready;
    }

    private static void await(ReadyModels models, Predicate<ReadyModels.Ready> condition) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            Optional<ReadyModels.Ready> entered = models.enter();
            if (entered.isPresent()) {
                try (ReadyModels.Ready ready = entered.get()) {
                    if (condition.test(ready)) {
                        return;
                    }
                }
            }
            assertThat(System.nanoTime()).as(models.absence()).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    private static void awaitVersion(ReadyModels models, String alias, int version) {
        await(
                models,
                ready ->
                        ready.standings().containsKey(alias)
                                && ready.standings()
                                        .get(alias)
                                        .version()
                                        .equals("risk/" + version));
    }

    private static ScorerPartition open(
            Scoring scoring, ReadyModels models, Optional<Lineup> committed) {
        return new ScorerPartition(
                NAMES,
                new ScorerPartition.Work(
                        scoring,
                        models,
                        Duration.ofSeconds(10),
                        new PartitionLearners.Pace(1_000, Duration.ofHours(1))),
                new VectorReading(scoring, TOPIC, new MemoryLog(TOPIC), NAMES),
                committed,
                PartitionLearners.Restored.NOTHING);
    }

    private ConsumerRecord<byte[], byte[]> vector(String car, String features) {
        String value =
                "{\"entity\":\""
                        + car
                        + "\",\"query_time\":\"2026-01-01T00:00:00.000001Z\""
                        + features
                        + "}";
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>(
                        VECTORS.topic(), 0, offset++, car.getBytes(UTF_8), value.getBytes(UTF_8));
        EventHeader.add(record.headers(), EventHeaders.VIEW, "driving.v1");
        EventHeader.add(record.headers(), EventHeaders.POSITION, "E/0@" + record.offset());
        return record;
    }

    private PartitionBatch batch(int vectors) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < vectors; i++) {
            records.add(vector("car-" + i, ",\"a\":" + i + ".0,\"b\":1.0"));
        }
        return new PartitionBatch(VECTORS, records, offset);
    }

    private List<JsonNode> written(Emissions emissions, String topic) {
        return emissions.records().stream()
                .filter(record -> record.topic().equals(topic))
                .map(record -> json.readTree(record.value()))
                .toList();
    }

    private static List<Term> terms(Emissions emissions) {
        return emissions.records().stream()
                .filter(record -> record.topic().equals(NAMES.scoring()))
                .map(ScorerPartitionTest::consumed)
                .map(record -> new TermRecords(NAMES.scoring()).read(record).orElseThrow())
                .toList();
    }

    private static ConsumerRecord<byte[], byte[]> consumed(ProducerRecord<byte[], byte[]> record) {
        return new ConsumerRecord<>(record.topic(), 0, 0, record.key(), record.value());
    }

    private static Emissions committed(ScorerPartition partition, PartitionBatch batch) {
        Emissions emissions = partition.process(batch);
        partition.committed(batch.end());
        return emissions;
    }

    /// Of all versions.
    private static double metric(String name) {
        return PrometheusRegistry.defaultRegistry.scrape(name::equals).stream()
                .flatMap(snapshot -> snapshot.getDataPoints().stream())
                .mapToDouble(point -> ((CounterDataPointSnapshot) point).getValue())
                .sum();
    }

    @Test
    void everyVectorIsScoredOnceAndSaysByWhom() {
        registry.alias("champion", registry.register(LinearModel.adding(100)));
        Scoring scoring = Risk.scoring("");
        ReadyModels models = follow(scoring);
        awaitVersion(models, "champion", 1);

        double rows = metric("leat_scorer_model_rows");
        double seconds = metric("leat_scorer_model_seconds");
        Emissions emissions = committed(open(scoring, models, Optional.empty()), batch(3));

        assertThat(metric("leat_scorer_model_rows") - rows).isEqualTo(3);
        assertThat(metric("leat_scorer_model_seconds")).isGreaterThan(seconds);
        List<JsonNode> predictions = written(emissions, PREDICTIONS);
        assertThat(predictions)
                .extracting(one -> one.path("score").asDouble())
                .containsExactly(97.0, 99.0, 101.0);
        assertThat(predictions)
                .extracting(one -> one.path("vector").asString())
                .containsExactly(TOPIC + "/0@0", TOPIC + "/0@1", TOPIC + "/0@2");
        assertThat(predictions.getFirst().path("model_version").asString()).isEqualTo("risk/1");
        assertThat(emissions.counts()).isEqualTo(new Counts(3, 0, 0));
        ProducerRecord<byte[], byte[]> record = emissions.records().getLast();
        assertThat(record.partition()).isZero();
        assertThat(record.key()).asString().isEqualTo("car-2");
        assertThat(EventHeader.text(record.headers(), EventHeaders.POSITION))
                .isEqualTo(TOPIC + "/0@2");
        assertThat(EventHeader.text(record.headers(), EventHeaders.ORIGIN)).isEqualTo("E/0@2");
        assertThat(EventHeader.text(record.headers(), EventHeaders.MODEL)).isEqualTo("risk/1");
        assertThat(
                        emissions.records().stream()
                                .filter(one -> one.topic().equals(PREDICTIONS))
                                .map(one ->
                                        Objects.requireNonNullElse(
                                                EventHeader.text(
                                                        one.headers(), EventHeaders.MODEL_TOOK),
                                                "nothing")))
                .satisfiesExactly(
                        first -> assertThat(first).matches("3/[1-9]\\d*"),
                        second -> assertThat(second).isEqualTo("nothing"),
                        third -> assertThat(third).isEqualTo("nothing"));
    }

    @Test
    void anAliasThatMovesTakesEffectAtTheFirstVectorOfABatchWhichIsRecordedWithIt() {
        registry.register(LinearModel.adding(100));
        registry.register(LinearModel.adding(200));
        registry.alias("champion", 1);
        Scoring scoring = Risk.scoring("");
        ReadyModels models = follow(scoring);
        awaitVersion(models, "champion", 1);
        ScorerPartition partition = open(scoring, models, Optional.empty());

        Emissions first = committed(partition, batch(2));
        Emissions second = committed(partition, batch(2));
        registry.alias("champion", 2);
        awaitVersion(models, "champion", 2);
        Emissions third = committed(partition, batch(2));

        assertThat(terms(first)).extracting(term -> term.from().offset()).containsExactly(0L);
        assertThat(terms(second)).isEmpty();
        assertThat(terms(third)).extracting(term -> term.from().offset()).containsExactly(4L);
        assertThat(terms(third).getFirst().lineup().champion().version()).isEqualTo("risk/2");
        assertThat(written(third, PREDICTIONS))
                .extracting(one -> one.path("model_version").asString())
                .containsOnly("risk/2");
        Terms all = new Terms(List.of(terms(first).getFirst(), terms(third).getFirst()));
        assertThat(all.at(terms(third).getFirst().from()).orElseThrow())
                .isEqualTo(terms(third).getFirst());
    }

    @Test
    void aTermThatWasNotCommittedIsWrittenAgain() {
        registry.alias("champion", registry.register(LinearModel.adding(1)));
        Scoring scoring = Risk.scoring("");
        ReadyModels models = follow(scoring);
        awaitVersion(models, "champion", 1);
        ScorerPartition partition = open(scoring, models, Optional.empty());
        PartitionBatch batch = batch(2);

        partition.process(batch);
        partition.aborted();
        Emissions again = committed(partition, batch);
        Emissions restored =
                committed(
                        open(scoring, models, Optional.of(terms(again).getFirst().lineup())),
                        batch(1));

        assertThat(terms(again)).hasSize(1);
        assertThat(again.records()).hasSize(3);
        assertThat(terms(restored)).isEmpty();
    }

    @Test
    void aCanaryAnswersForItsKeysAndAShadowApart() {
        registry.register(LinearModel.adding(100));
        registry.register(LinearModel.adding(200));
        registry.register(LinearModel.adding(300));
        registry.alias("champion", 1);
        registry.alias("next", 2);
        registry.alias("odd", 3);
        Scoring scoring =
                Risk.scoring(
                        "challengers: [{alias: next, share: 30%}, {alias: odd, shadow: true}]");
        ReadyModels models = follow(scoring);
        await(models, ready -> ready.standings().size() == 3);

        Emissions emissions = committed(open(scoring, models, Optional.empty()), batch(500));

        List<JsonNode> answers = written(emissions, PREDICTIONS);
        assertThat(answers).hasSize(500);
        assertThat(answers.stream().filter(one -> one.path("role").asString().equals("canary")))
                .hasSizeBetween(100, 200)
                .allSatisfy(one ->
                        assertThat(one.path("model_version").asString()).isEqualTo("risk/2"));
        for (int i = 0; i < answers.size(); i++) {
            double added = answers.get(i).path("role").asString().equals("canary") ? 200.0 : 100.0;
            assertThat(answers.get(i).path("score").asDouble()).isEqualTo(2.0 * i - 3 + added);
        }
        List<JsonNode> shadows = written(emissions, SHADOWS);
        assertThat(shadows).hasSize(500);
        assertThat(shadows)
                .allSatisfy(one -> {
                    assertThat(one.path("role").asString()).isEqualTo("shadow");
                    assertThat(one.path("model_version").asString()).isEqualTo("risk/3");
                });
    }

    @Test
    void aChallengerWhoseAliasIsRemovedEndsAndAChampionStays() {
        registry.register(LinearModel.adding(1));
        registry.register(LinearModel.adding(2));
        registry.alias("champion", 1);
        registry.alias("next", 2);
        Scoring scoring = Risk.scoring("challengers: [{alias: next, share: 100%}]");
        ReadyModels models = follow(scoring);
        await(models, ready -> ready.standings().size() == 2);
        ScorerPartition partition = open(scoring, models, Optional.empty());

        Emissions first = committed(partition, batch(1));
        registry.removeAlias("champion");
        registry.removeAlias("next");
        await(models, ready -> ready.standings().size() == 1);
        Emissions second = committed(partition, batch(1));

        assertThat(written(first, PREDICTIONS).getFirst().path("role").asString())
                .isEqualTo("canary");
        assertThat(written(second, PREDICTIONS).getFirst().path("model_version").asString())
                .isEqualTo("risk/1");
        assertThat(terms(second)).hasSize(1);
    }

    @Test
    void aVersionThatCannotBeOpenedDoesNotTakeOverNorAfterARestart() {
        registry.register(LinearModel.adding(1));
        registry.registerEmpty();
        registry.alias("champion", 1);
        Scoring scoring = Risk.scoring("");
        ReadyModels models = follow(scoring);
        awaitVersion(models, "champion", 1);
        Emissions first = committed(open(scoring, models, Optional.empty()), batch(1));
        registry.alias("champion", 2);
        Lineup lineup = terms(first).getFirst().lineup();

        ReadyModels restarted = follow(scoring);
        restarted.recorded(lineup.standings());
        awaitVersion(restarted, "champion", 1);
        Emissions second = committed(open(scoring, restarted, Optional.of(lineup)), batch(1));

        assertThat(terms(second)).isEmpty();
        assertThat(written(second, PREDICTIONS)).hasSize(1);
        assertThat(restarted.absence()).startsWith("risk/2: has no ONNX file");
    }

    @Test
    void aVersionOfAFeatureSetDoesNotTakeOver() {
        registry.register(LinearModel.adding(1));
        registry.register(LinearModel.adding(2));
        registry.tag(2, ModelVersion.FEATURE_SET_TAG, "health");
        registry.alias("champion", 1);
        ReadyModels models = follow(Risk.scoring(""));
        awaitVersion(models, "champion", 1);

        registry.alias("champion", 2);

        await(models, _ -> models.absence().startsWith("risk/2: "));
        assertThat(models.absence())
                .isEqualTo(
                        "risk/2: it takes the feature set health, and not the vectors of a view");
        awaitVersion(models, "champion", 1);
    }

    @Test
    void aChampionWhoseAliasIsRemovedStaysAfterARestartUnlessItsVersionIsGone() {
        registry.register(LinearModel.adding(1));
        registry.alias("champion", 1);
        Scoring scoring = Risk.scoring("");
        ReadyModels models = follow(scoring);
        awaitVersion(models, "champion", 1);
        Emissions first = committed(open(scoring, models, Optional.empty()), batch(1));
        registry.removeAlias("champion");
        Standing champion = terms(first).getFirst().lineup().champion();

        ReadyModels restarted = follow(scoring);
        restarted.recorded(List.of(champion));
        ReadyModels without = follow(scoring);
        without.recorded(List.of(new Standing("champion", "risk/9", OptionalLong.empty())));

        awaitVersion(restarted, "champion", 1);
        assertThat(without.enter()).isEmpty();
    }

    @Test
    void whatLacksAFeatureGetsAPredictionThatSaysSoOrNan() {
        registry.alias("champion", registry.register(LinearModel.adding(1)));
        Scoring strict = Risk.scoring("");
        ReadyModels models = follow(strict);
        awaitVersion(models, "champion", 1);
        PartitionBatch lacking =
                new PartitionBatch(
                        VECTORS,
                        List.of(vector("x", ",\"a\":1.0"), vector("y", ",\"a\":1.0,\"b\":0.0")),
                        2);

        List<JsonNode> failing =
                written(committed(open(strict, models, Optional.empty()), lacking), PREDICTIONS);
        List<JsonNode> given =
                written(
                        committed(
                                open(Risk.scoring("missing: nan"), models, Optional.empty()),
                                lacking),
                        PREDICTIONS);

        assertThat(failing.getFirst().path("failure").asString())
                .isEqualTo("the vector has no b, which the model takes");
        assertThat(failing.getLast().path("score").asDouble()).isEqualTo(3.0);
        assertThat(given.getFirst().path("failure").asString())
                .isEqualTo("the model gave NaN for score");
        assertThat(given.getLast().path("score").asDouble()).isEqualTo(3.0);
    }

    @Test
    void whatIsNoVectorIsCountedAndPassedOver() {
        registry.alias("champion", registry.register(LinearModel.adding(1)));
        Scoring scoring = Risk.scoring("");
        ReadyModels models = follow(scoring);
        awaitVersion(models, "champion", 1);
        ConsumerRecord<byte[], byte[]> foreign =
                new ConsumerRecord<>(VECTORS.topic(), 0, offset++, null, "{}".getBytes(UTF_8));
        List<ConsumerRecord<byte[], byte[]>> records =
                List.of(foreign, vector("x", ",\"a\":1.0,\"b\":0.0"));

        Emissions emissions =
                committed(
                        open(scoring, models, Optional.empty()),
                        new PartitionBatch(VECTORS, records, offset));

        assertThat(emissions.counts()).isEqualTo(new Counts(1, 1, 0));
        assertThat(written(emissions, PREDICTIONS)).hasSize(1);
    }

    @Test
    void poisonGetsAPredictionThatFailed() {
        registry.alias("champion", registry.register(LinearModel.adding(1)));
        Scoring scoring = Risk.scoring("");
        ReadyModels models = follow(scoring);
        awaitVersion(models, "champion", 1);
        ScorerPartition partition = open(scoring, models, Optional.empty());

        Emissions emissions =
                partition.poison(
                        vector("x", ",\"a\":1.0,\"b\":0.0"),
                        new Reason(ReasonCode.INTERNAL, "", "boom"),
                        true);

        assertThat(written(emissions, PREDICTIONS).getFirst().path("failure").asString())
                .isEqualTo("boom");
        assertThat(terms(emissions)).hasSize(1);
        assertThat(emissions.counts()).isEqualTo(new Counts(1, 0, 0));
    }
}

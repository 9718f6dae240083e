package leat.ml.scorer;

import static leat.ml.scorer.ScorerProcesses.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import leat.core.event.Position;
import leat.core.monitor.Recomputed;
import leat.ml.featurestore.SourceSearch;
import leat.ml.registry.ModelsInLog;
import leat.ml.scoring.RegisteredModels;
import leat.stream.log.KafkaLogReader;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Scores the vectors of a view with those that another one wrote with the same events.
@Timeout(value = 6, unit = TimeUnit.MINUTES)
final class SetScoringIT {

    private static final String SET = "set: both";
    private static final int RATE = 2_000;

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

    private RiskLog log() {
        RiskLog log = new RiskLog(SET);
        log.version(1, folder);
        log.alias("champion", 1);
        return log;
    }

    @Test
    void killsLoseAndDoubleNothingAndMixNoEvents() throws Exception {
        try (RiskLog log = log()) {
            for (String point : List.of(".after-process", ".after-send", ".after-commit")) {
                log.write(3_000);
                scorers.dieAt(point, log);
            }
            log.feed(RATE);
            int before = log.predicted();
            Process process = scorers.start(log, "1");
            await(() -> log.predicted() > before, "predictions after a kill");
            process.destroyForcibly().onExit().join();
            Process _ = scorers.start(log, "1");
            Process _ = scorers.start(log, "2");
            int between = log.written();
            await(() -> log.written() > between + 2 * RATE, "vectors meanwhile");
            log.endFeed();
            await(() -> log.predicted() >= log.written(), "a prediction of every vector");

            assertExact(log);
        }
    }

    /// Every vector has one prediction, in its order, of its own `a` and the `b` of its event.
    private void assertExact(RiskLog log) {
        List<List<ConsumerRecord<byte[], byte[]>>> vectors =
                log.committed(log.vectors(), Risk.PARTITIONS);
        List<List<ConsumerRecord<byte[], byte[]>>> predictions =
                log.committed(log.predictions(), Risk.PARTITIONS);
        assertThat(vectors.stream().mapToInt(List::size).sum()).isEqualTo(log.written());
        for (int partition = 0; partition < Risk.PARTITIONS; partition++) {
            List<ConsumerRecord<byte[], byte[]>> own = predictions.get(partition);
            assertThat(own).hasSameSizeAs(vectors.get(partition));
            for (int i = 0; i < own.size(); i++) {
                assertOf(vectors.get(partition).get(i), json.readTree(own.get(i).value()));
            }
        }
    }

    private void assertOf(ConsumerRecord<byte[], byte[]> vector, JsonNode prediction) {
        assertThat(Position.parse(prediction.path("vector").asString()).offset())
                .isEqualTo(vector.offset());
        long number = BesideVectors.event(vector).orElseThrow().offset();
        assertThat(prediction.path("score").asDouble())
                .as("event %d", number)
                .isEqualTo(
                        2.0 * (number % 1_000) - 3.0 * (number % 10) + RiskLog.STEP, within(0.01));
    }

    @Test
    void aVectorWaitsForTheOthersOfItsEventAndNoneThatHasNoneStopsIt() throws Exception {
        try (RiskLog log = log()) {
            Process _ = scorers.start(log, "1");
            log.write(30);
            await(() -> log.predicted() == 30, "the first predictions");
            log.writeAlone(97);
            // Of event 31 nothing is ever written; of its partition, all wait for the ones before.
            List<Integer> behind = new ArrayList<>();
            for (int number = 30; number < 127; number++) {
                if (number != 31) {
                    behind.add(number);
                }
            }
            behind.subList(0, 40).forEach(log::force);
            log.flush();
            await(() -> log.predicted() > 30, "predictions of what both have written");
            int before = log.predicted();
            behind.subList(40, behind.size()).forEach(log::force);
            log.flush();
            await(() -> log.predicted() == 127, "a prediction of every vector");

            assertThat(before).isLessThanOrEqualTo(30 + 41);
            List<JsonNode> failed = failed(log);
            assertThat(failed).hasSize(1);
            assertThat(failed.getFirst().path("failure").asString())
                    .isEqualTo(
                            "the log has no vector of strain.v1 of the same event, which the model"
                                    + " takes");
        }
    }

    private List<JsonNode> failed(RiskLog log) {
        return log.committed(log.predictions(), Risk.PARTITIONS).stream()
                .flatMap(List::stream)
                .map(record -> json.readTree(record.value()))
                .filter(prediction -> prediction.has("failure"))
                .toList();
    }

    @Test
    void predictionsAreExplainedAndMadeAgainFromTheVectorsOfTheirEvents() throws Exception {
        try (RiskLog log = log();
                KafkaLogReader reader = new KafkaLogReader(log.connection, "explaining");
                Admin admin = log.connection.admin();
                ModelsInLog models = new ModelsInLog(log.connection, log.names);
                RegisteredModels predictor = new RegisteredModels(models)) {
            Process _ = scorers.start(log, "1");
            log.write(300);
            await(() -> log.predicted() == 300, "a prediction of every vector");
            JsonNode last =
                    json.readTree(
                            log.committed(log.predictions(), Risk.PARTITIONS)
                                    .get(1)
                                    .getLast()
                                    .value());
            Duration timeout = Duration.ofSeconds(10);

            Explanation explanation =
                    new Explanations(reader, admin, log.names, predictor, timeout)
                            .explain(
                                    last.path("vector").asString(),
                                    List.of(log.scoring),
                                    Optional.empty(),
                                    Optional.of(
                                            new SourceSearch.Limits(5, Duration.ofSeconds(10))));
            Recomputed again =
                    new Recomputation(reader, admin, log.names, models, predictor, timeout)
                            .newest(log.scoring);

            List<Explanation.FeatureValue> features = explanation.features();
            assertThat(features)
                    .extracting(Explanation.FeatureValue::name)
                    .containsExactly("a", "b");
            assertThat(features)
                    .extracting(Explanation.FeatureValue::made)
                    .containsExactly("event.a", "event.b");
            assertThat(features)
                    .extracting(feature -> feature.events().orElseThrow())
                    .containsOnly(new Explanation.FeatureEvents(0, false, List.of(), List.of()));
            assertThat(explanation.eventsRead())
                    .extracting(read -> read.view() + " " + read.lacking().orElse(""))
                    .containsExactly("driving.v1 deleted", "strain.v1 deleted");
            double a = ((Number) features.getFirst().value().orElseThrow()).doubleValue();
            double b = ((Number) features.getLast().value().orElseThrow()).doubleValue();
            assertThat(b).isEqualTo(a % 10);
            assertThat(2 * a - 3 * b + RiskLog.STEP)
                    .isEqualTo(last.path("score").asDouble(), within(0.01));
            Explanation.Explained explained = explanation.explained().orElseThrow();
            double added = features.stream().mapToDouble(one -> one.adds().orElseThrow()).sum();
            assertThat(explained.expected().orElseThrow() + added)
                    .isEqualTo(explained.now().orElseThrow(), within(0.01));
            assertThat(again.predictions()).isEqualTo(300);
            assertThat(again.different()).isZero();
        }
    }
}

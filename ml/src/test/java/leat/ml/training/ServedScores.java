package leat.ml.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import leat.core.feature.CompiledView;
import leat.core.model.ModelVersion;
import leat.core.prediction.Scoring;
import leat.core.prediction.ScoringReader;
import leat.ml.registry.Models;
import leat.ml.scorer.Scorer;
import leat.ml.scorer.ScorerSettings;
import leat.ml.scorer.ScorerTopics;
import leat.stream.log.KafkaLogReader;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a scorer says of all vectors of [Machines].
final class ServedScores {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private ServedScores() {}

    /// The scores of a version that its model's alias `served` means, by query time.
    ///
    /// @param vectors that there are
    static SortedMap<Instant, Double> of(
            Machines machines, Models models, ModelVersion version, int vectors) {
        Scoring scoring =
                ScoringReader.read(
                                Path.of(version.modelName() + ".yaml"),
                                """
                                scoring:
                                  model: %s
                                  view: state
                                  outputs: {score: "%s"}
                                  champion: served
                                """
                                                .formatted(
                                                        version.modelName(),
                                                        version.tags().get("leat.score"))
                                        + version.set()
                                                .map(set -> "  set: " + set + "\n")
                                                .orElse(""),
                                Machines.known())
                        .orThrow();
        try (Admin admin = machines.log.admin()) {
            Topics topics = new Topics(admin, 1);
            topics.apply(topics.plan(new ScorerTopics(machines.names).specs(List.of(scoring))));
        }
        try (Scorer _ =
                Scorer.start(
                        new Scorer.Place(machines.log, machines.names, "1"),
                        ScorerSettings.DEFAULT,
                        models,
                        List.of(scoring))) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            SortedMap<Instant, Double> scores = read(machines, scoring);
            while (scores.size() < vectors) {
                assertThat(System.nanoTime()).as("a score of every vector").isLessThan(deadline);
                LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
                scores = read(machines, scoring);
            }
            return scores;
        }
    }

    private static SortedMap<Instant, Double> read(Machines machines, Scoring scoring) {
        SortedMap<Instant, Double> scores = new TreeMap<>();
        try (KafkaLogReader reader = new KafkaLogReader(machines.log, "served-scores")) {
            for (int number = 0; number < scoring.contract().log().partitions(); number++) {
                TopicPartition partition =
                        new TopicPartition(machines.names.predictions(scoring.contract()), number);
                reader.read(
                        partition,
                        0,
                        reader.end(partition),
                        record -> {
                            JsonNode prediction = JSON.readTree(record.value());
                            scores.put(
                                    Instant.parse(
                                            prediction.path(CompiledView.QUERY_TIME).asString()),
                                    prediction.path("score").asDouble());
                        });
            }
        }
        return scores;
    }
}

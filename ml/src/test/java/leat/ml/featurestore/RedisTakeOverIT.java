package leat.ml.featurestore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import leat.core.event.Names;
import leat.core.failpoint.FailPoint;
import leat.ml.featurestore.online.FeatureQueries;
import leat.ml.featurestore.online.OnlineUnavailable;
import leat.ml.featurestore.online.RealRedis;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A version takes over while Redis is the online store, and those that answer from it are killed
/// on both sides of the change.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class RedisTakeOverIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final DrivingVersions VIEWS = DrivingVersions.CARS;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Names names = FeatureKafka.freshNames();

    @TempDir private Path folder;

    @Test
    void answersChangeOnceAndAreThoseOfTheLogWhoeverIsKilled() throws Exception {
        FeatureKafka.prepare(names, VIEWS.definition(1));
        try (RealRedis redis = new RealRedis(Files.createDirectory(folder.resolve("redis")));
                Admin admin = FeatureKafka.connection().admin();
                DrivingFeed feed = new DrivingFeed(names, 5)) {
            feed.write(400);
            try (FeatureStore _ = start(1)) {
                await(() -> caughtUp(admin, feed, 1), "the first version");
            }
            feed.write(200);
            FeatureKafka.prepare(names, VIEWS.definition(2));
            Process before =
                    AnswersUntilKilled.start(
                            "features-serving.before-change", names, redis.address());
            Process after =
                    AnswersUntilKilled.start(
                            "features-serving.after-change", names, redis.address());
            try (AnswersUntilKilled answers =
                    new AnswersUntilKilled(FeatureKafka.connection(), names, redis.address())) {
                Map<String, String> first = newest(admin, 1);
                List<String> entities = List.copyOf(first.keySet());
                await(() -> answer(answers, entities).isPresent(), "answers");
                assertThat(version(answer(answers, entities).orElseThrow())).isEqualTo(1);

                // When
                List<Integer> versions = new ArrayList<>();
                try (FeatureStore _ = start(2)) {
                    await(
                            () -> {
                                answer(answers, entities)
                                        .ifPresent(answer -> {
                                            assertAllPresent(answer);
                                            versions.add(version(answer));
                                        });
                                return versions.contains(2);
                            },
                            "the second version answers");
                    feed.write(100);
                    await(() -> caughtUp(admin, feed, 2), "the second version");
                }

                // Then nobody who asks again is told of the former version
                assertThat(versions).isSorted().contains(1);
                for (Process killed : List.of(before, after)) {
                    assertThat(killed.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
                    assertThat(killed.exitValue()).isEqualTo(FailPoint.EXIT_CODE);
                }
                await(
                        () -> vectors(answers, newest(admin, 2)).equals(newest(admin, 2)),
                        "Redis has what the log has");
            } finally {
                before.destroyForcibly();
                after.destroyForcibly();
            }

            // And who starts again answers with the second version, which is all there
            try (AnswersUntilKilled again =
                    new AnswersUntilKilled(FeatureKafka.connection(), names, redis.address())) {
                Map<String, String> newest = newest(admin, 2);
                await(
                        () ->
                                answer(again, List.copyOf(newest.keySet()))
                                        .filter(answer -> version(answer) == 2)
                                        .isPresent(),
                        "the second version answers again");
                assertThat(vectors(again, newest)).isEqualTo(newest);
            }
        }
    }

    private FeatureStore start(int version) {
        return FeatureStore.start(
                new FeatureStore.Place(FeatureKafka.connection(), names, "1", folder, 1),
                FeatureStoreSettings.DEFAULT,
                List.of(VIEWS.flow(version)),
                DrivingVersions.DEFINITIONS);
    }

    private boolean caughtUp(Admin admin, DrivingFeed feed, int version) {
        Map<Integer, Long> positions =
                new ViewPositions(admin, names).of(VIEWS.flow(version)).positions();
        return feed.ends().entrySet().stream()
                .allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }

    /// By entity the query time and mean speed of the newest vector in the log.
    private Map<String, String> newest(Admin admin, int version) throws Exception {
        Map<String, String> newest = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record :
                new VectorLog(admin).committed(names.latest(VIEWS.flow(version).vectors()))) {
            JsonNode vector = JSON.readTree(record.value());
            newest.put(
                    new String(record.key(), UTF_8),
                    vector.path("query_time").asString() + " " + vector.path("speed_mean_10m"));
        }
        return newest;
    }

    /// The same of what is answered.
    private static Map<String, String> vectors(
            AnswersUntilKilled answers, Map<String, String> entities) {
        Map<String, String> found = new HashMap<>();
        answer(answers, List.copyOf(entities.keySet()))
                .ifPresent(answer -> {
                    for (JsonNode one : answer.path("entities")) {
                        found.put(
                                one.path("entity").asString(),
                                one.path("query_time").asString()
                                        + " "
                                        + one.path("values").path("speed_mean_10m"));
                    }
                });
        return found;
    }

    /// Empty while Redis is still filled for the first time.
    private static Optional<JsonNode> answer(AnswersUntilKilled answers, List<String> entities) {
        try {
            return Optional.of(
                    JSON.readTree(
                            answers.queries()
                                    .answer(
                                            new FeatureQueries.Question(
                                                    VIEWS.view().value(), entities, List.of()))));
        } catch (OnlineUnavailable _) {
            return Optional.empty();
        }
    }

    private static int version(JsonNode answer) {
        return answer.path("version").asInt();
    }

    private static void assertAllPresent(JsonNode answer) {
        for (JsonNode one : answer.path("entities")) {
            assertThat(one.path("status").asString()).isEqualTo("present");
        }
    }

    private static void await(Callable<Boolean> condition, String what) throws Exception {
        Waiting.await(condition, PATIENCE, what);
    }
}

package leat.ml.featurestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.core.failpoint.FailPoint;
import leat.stream.log.EventHeader;
import leat.stream.log.StageHealth;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Views whose events are the vectors of other views, killed and counted up.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class ViewOfViewIT {

    private static final long SEED = 20_261_128;
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final long MINUTE = 60_000_000;
    private static final long HOP = 10_000_000;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Names names = FeatureKafka.freshNames();
    private final FeatureRegistry registry = new FeatureRegistry(FeatureKafka.connection(), names);
    private final Random random = new Random(SEED);
    private final List<Process> processes = new ArrayList<>();
    private final CountDownLatch fed = new CountDownLatch(1);

    @TempDir private Path folder;

    @AfterEach
    void end() {
        fed.countDown();
        processes.forEach(Process::destroyForcibly);
        processes.forEach(process -> process.onExit().join());
    }

    @Test
    void everyVectorOfTheSourceHasOneVector() throws Exception {
        prepare(1);
        FeatureFlow driving = DrivingChain.driving(1).flow();
        FeatureFlow calm = DrivingChain.calm(1).flow();
        FeatureFlow paces = DrivingChain.paces(1).flow();
        try (Admin admin = FeatureKafka.connection().admin();
                DrivingFeed feed = new DrivingFeed(names, SEED)) {
            // Given processes that are killed at random moments and between side effects
            feed.write(4_000);
            for (int kill = 0; kill < 2; kill++) {
                long before = written(admin, calm);
                Process process = start("", 1);
                long wanted = before + 20 + random.nextInt(400);
                await(() -> written(admin, calm) >= wanted, "vectors beyond " + wanted);
                process.destroyForcibly().onExit().join();
            }
            for (String failPoint :
                    List.of("features.after-rekey:150", "features.after-vector:700")) {
                feed.write(400);
                dies(failPoint, 1);
            }
            Process _ = start("", 1);
            feed.write(1_000);

            // When all is computed
            int events = feed.places().size();
            await(() -> committed(paces).size() >= events, "vectors of all three");

            // Then every event has one vector of each view, and a replay gives the same
            assertThat(committed(driving)).hasSize(events);
            for (FeatureFlow flow : DrivingChain.flows(1)) {
                assertVerified(flow, events);
            }
            assertThat(places(committed(calm), EventHeaders.POSITION))
                    .isEqualTo(standing(committed(driving)));
            assertThat(places(committed(paces), EventHeaders.ORIGIN))
                    .isEqualTo(standing(committed(calm)));
            assertThat(committed(calm))
                    .allMatch(vector ->
                            EventHeader.text(vector.headers(), EventHeaders.ORIGIN) == null);
            assertMadeOf(committed(driving), committed(calm));
        }
    }

    @Test
    void newVersionsOfAViewAndOfWhatIsMadeOfItTakeOver() throws Exception {
        prepare(1);
        try (Admin admin = FeatureKafka.connection().admin();
                DrivingFeed feed = new DrivingFeed(names, SEED)) {
            // Given first versions that serve, and load that goes on
            feed.write(4_000);
            Process first = start("", 1);
            await(() -> written(admin, DrivingChain.paces(1).flow()) >= 1_000, "vectors");
            CompletableFuture<Void> load = load(feed);
            first.destroyForcibly().onExit().join();

            // When all are counted up, and killed while they are filled and once the first serves
            prepare(2);
            Process filling = start("", 2);
            await(() -> written(admin, DrivingChain.calm(2).flow()) >= 300, "the new calm");
            filling.destroyForcibly().onExit().join();
            dies("features-registry.after-commit", 2);
            assertThat(served("driving")).containsExactly(1, 2);
            assertThat(served("calm")).containsExactly(1);
            Process _ = start("", 2);
            await(() -> served("paces").contains(2), "all have taken over");
            fed.countDown();
            load.join();
            int events = feed.places().size();
            await(() -> committed(DrivingChain.paces(2).flow()).size() >= events, "all events");

            // Then each has taken over after what it is made of
            assertThat(since("calm")).isAfterOrEqualTo(since("driving"));
            assertThat(since("paces")).isAfterOrEqualTo(since("calm"));
            for (FeatureFlow flow : DrivingChain.flows(2)) {
                assertVerified(flow, events);
            }
        }
    }

    @Test
    void aVersionIsComputedAsLongAsAnotherViewIsServedFromIt() throws Exception {
        // Given a version that was taken over from, and a view of it that serves still
        prepare(1);
        FeatureKafka.prepare(names, DrivingChain.driving(2));
        FeatureFlow calm = DrivingChain.calm(1).flow();
        registry.takeOver(
                calm.compiled().sourceView().orElseThrow().view().name(),
                1,
                term(2, names.enriched(Driving.SOURCE)));
        try (DrivingFeed feed = new DrivingFeed(names, SEED);
                FeatureStore store =
                        FeatureStore.start(
                                new FeatureStore.Place(
                                        FeatureKafka.connection(), names, "1", folder, 1),
                                FeatureStoreSettings.DEFAULT,
                                DrivingChain.flows(
                                        Stream.of(DrivingChain.driving(2), DrivingChain.calm(1))),
                                DrivingVersions.DEFINITIONS)) {
            feed.write(200);

            // When, Then
            await(() -> committed(calm).size() == feed.places().size(), "its vectors");
            assertThat(store.health()).containsOnlyKeys("driving.v1", "driving.v2", "calm.v1");

            // And no longer
            registry.takeOver(
                    calm.compiled().view().name(), 1, term(2, names.vectors(calm.source())));
            await(() -> !store.health().containsKey("driving.v1"), "the end of the first version");
            assertThat(store.health().get("driving.v2")).matches(StageHealth::ready);
        }
    }

    private void prepare(int version) {
        FeatureKafka.prepare(
                names, DrivingChain.definitions(version).toArray(ViewDefinition[]::new));
    }

    private Process start(String failPoint, int version) throws Exception {
        Process process = RunsUntilKilled.startChain(failPoint, names, "1", folder, version);
        processes.add(process);
        return process;
    }

    private void dies(String failPoint, int version) throws Exception {
        Process process = start(failPoint, version);
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(failPoint).isTrue();
        assertThat(process.exitValue()).isEqualTo(FailPoint.EXIT_CODE);
    }

    private CompletableFuture<Void> load(DrivingFeed feed) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        while (!fed.await(100, TimeUnit.MILLISECONDS)) {
                            feed.write(10);
                        }
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                // The common pool may have one thread, which tells of ended processes.
                Thread::startVirtualThread);
    }

    private List<Integer> served(String view) {
        return history(view).stream().map(ServingTerm::version).toList();
    }

    private Instant since(String view) {
        return history(view).getLast().since();
    }

    private List<ServingTerm> history(String view) {
        return Objects.requireNonNull(registry.read().serving().get(view)).terms();
    }

    private ServingTerm term(int version, String topic) {
        try (Admin admin = FeatureKafka.connection().admin()) {
            TopicId id =
                    Objects.requireNonNull(new Topics(admin, 1).ids(List.of(topic)).get(topic));
            return new ServingTerm(version, id, Map.of(), Instant.parse("2026-11-28T12:00:00Z"));
        }
    }

    private void assertVerified(FeatureFlow flow, int events) {
        VerifyReport report = new FeatureVerify(FeatureKafka.connection(), names).run(flow);
        assertThat(report.first()).as(flow.name()).isEmpty();
        assertThat(report.differences()).as(flow.name()).isZero();
        assertThat(report.vectors()).as(flow.name()).isEqualTo(events);
    }

    /// What the views' own code has no part in: counts, maxima and newest values of windows.
    private static void assertMadeOf(
            List<ConsumerRecord<byte[], byte[]>> sources,
            List<ConsumerRecord<byte[], byte[]>> vectors) {
        Map<String, TreeMap<Long, JsonNode>> events = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> source : sources) {
            events.computeIfAbsent(key(source), _ -> new TreeMap<>())
                    .put(source.offset(), JSON.readTree(source.value()));
        }
        for (ConsumerRecord<byte[], byte[]> vector : vectors) {
            JsonNode found = JSON.readTree(vector.value());
            long query = micros(found);
            long begin = Math.floorDiv(query - 10 * MINUTE, HOP) * HOP;
            long beginPace = Math.floorDiv(query - MINUTE, HOP) * HOP;
            long count = 0;
            double max = Double.NEGATIVE_INFINITY;
            JsonNode newest = found;
            long newestTime = Long.MIN_VALUE;
            for (JsonNode event :
                    Objects.requireNonNull(events.get(key(vector)))
                            .headMap(position(vector, EventHeaders.POSITION).offset(), true)
                            .values()) {
                long time = micros(event);
                assertThat(time).isLessThan(query);
                count += time >= begin ? 1 : 0;
                if (time >= beginPace && event.has("speed_mean_1m")) {
                    max = Math.max(max, event.get("speed_mean_1m").asDouble());
                }
                if (time >= newestTime) {
                    newestTime = time;
                    newest = event;
                }
            }
            assertThat(query).isEqualTo(newestTime + 1);
            assertThat(found.get("vectors_count_10m").asLong()).isEqualTo(count);
            assertThat(found.get("pace_max_1m").asDouble()).isEqualTo(max);
            assertThat(found.get("road")).isEqualTo(newest.get("road"));
        }
    }

    private static long micros(JsonNode vector) {
        return ChronoUnit.MICROS.between(
                Instant.EPOCH, Instant.parse(vector.get("query_time").asString()));
    }

    private static String key(ConsumerRecord<byte[], byte[]> vector) {
        return new String(vector.key(), StandardCharsets.UTF_8);
    }

    /// Where records stand, `partition@offset`.
    private static Set<String> standing(List<ConsumerRecord<byte[], byte[]>> records) {
        Set<String> standing = new TreeSet<>();
        records.forEach(record -> standing.add(record.partition() + "@" + record.offset()));
        return standing;
    }

    /// Where the events of vectors stand, each once.
    private static Set<String> places(List<ConsumerRecord<byte[], byte[]>> vectors, String header) {
        List<String> places =
                vectors.stream()
                        .map(vector -> position(vector, header))
                        .map(at -> at.partition() + "@" + at.offset())
                        .toList();
        assertThat(places).doesNotHaveDuplicates();
        return new TreeSet<>(places);
    }

    private static Position position(ConsumerRecord<byte[], byte[]> vector, String header) {
        return Position.parse(String.valueOf(EventHeader.text(vector.headers(), header)));
    }

    private List<ConsumerRecord<byte[], byte[]>> committed(FeatureFlow flow) throws Exception {
        try (Admin admin = FeatureKafka.connection().admin()) {
            return new VectorLog(admin).committed(names.vectors(flow.vectors()));
        }
    }

    /// How much stands in the topic of vectors, committed or not.
    private long written(Admin admin, FeatureFlow flow) throws Exception {
        return new VectorLog(admin).written(names.vectors(flow.vectors()));
    }

    private static void await(Callable<Boolean> condition, String what) throws Exception {
        Waiting.await(condition, PATIENCE, what);
    }
}

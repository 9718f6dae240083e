package leat.ml.featurestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.event.Position;
import leat.core.failpoint.FailPoint;
import leat.stream.log.EventHeader;
import leat.stream.log.StageHealth;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Changes a view twice under load, and kills the feature store while the new version is filled and
/// around its take-over.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class FeatureBackfillIT {

    private static final long SEED = 20_261_128;
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final Names names = FeatureKafka.freshNames();
    private final FeatureRegistry registry = new FeatureRegistry(FeatureKafka.connection(), names);
    private final FeatureBackfill backfill = new FeatureBackfill(FeatureKafka.connection(), names);
    private final List<Process> processes = new ArrayList<>();
    private final CountDownLatch fed = new CountDownLatch(1);

    @TempDir private Path folder;

    @AfterEach
    void end() {
        fed.countDown();
        processes.forEach(Process::destroyForcibly);
        processes.forEach(process -> process.onExit().join());
    }

    @ParameterizedTest
    @EnumSource
    void aNewVersionTakesOverWithoutGapOrOverlap(DrivingVersions views) throws Exception {
        FeatureKafka.prepare(names, views.definition(1));
        try (Admin admin = FeatureKafka.connection().admin();
                DrivingFeed feed = new DrivingFeed(names, SEED)) {
            // Given a first version that serves, and load that goes on
            feed.write(6_000);
            Process first = start(views, "", "1", 1);
            await(() -> written(admin, views, 1) >= 2_000, "vectors of the first version");
            assertThat(status(views, 1).state()).isEqualTo(BackfillStatus.State.SERVING);
            CompletableFuture<Void> load = load(feed);

            // When a second version comes, and is killed while it is filled
            first.destroyForcibly().onExit().join();
            FeatureKafka.prepare(names, views.definition(2));
            Process filling = start(views, "", "1", 2);
            long before = written(admin, views, 1);
            await(() -> written(admin, views, 2) >= 500, "vectors of the second version");
            await(() -> written(admin, views, 1) > before, "the first version goes on beside it");
            assertThat(status(views, 2).state()).isEqualTo(BackfillStatus.State.FILLING);
            filling.destroyForcibly().onExit().join();
            assertThat(served(views)).containsExactly(1);
            // And around its take-over
            dies(views, "features.before-take-over", 2);
            assertThat(served(views)).containsExactly(1);
            dies(views, "features-registry.after-send", 2);
            assertThat(served(views)).containsExactly(1);
            dies(views, "features-registry.after-commit", 2);
            assertThat(served(views)).containsExactly(1, 2);
            // And a third version is filled by two processes, one of which is killed
            FeatureKafka.prepare(names, views.definition(3));
            Process killed = start(views, "", "1", 3);
            Process _ = start(views, "", "2", 3);
            await(() -> written(admin, views, 3) >= 500, "vectors of the third version");
            killed.destroyForcibly().onExit().join();
            Process _ = start(views, "", "1", 3);
            await(() -> served(views).contains(3), "the third version takes over");
            fed.countDown();
            load.join();
            await(() -> caughtUp(admin, views, feed, 3), "all events processed");

            // Then each took over once
            assertThat(served(views)).containsExactly(1, 2, 3);
            assertThat(status(views, 3).state()).isEqualTo(BackfillStatus.State.TAKEN_OVER);
            // And the served vectors are those of all events of the view, each once
            List<String> places = new ArrayList<>();
            for (int version = 1; version <= 3; version++) {
                places.addAll(servedPlaces(admin, views, version));
            }
            assertThat(places).doesNotHaveDuplicates();
            assertThat(new TreeSet<>(places)).isEqualTo(feed.places());
            assertThat(servedPlaces(admin, views, 1)).isNotEmpty();
            assertThat(servedPlaces(admin, views, 2)).isNotEmpty();
            // And each version's are what a replay gives; the last has one for every event
            for (int version = 1; version <= 3; version++) {
                VerifyReport report =
                        new FeatureVerify(FeatureKafka.connection(), names)
                                .run(views.flow(version));
                assertThat(report.first()).isEmpty();
            }
            assertThat(vectors(admin, views, 3)).hasSize(feed.places().size());
            // And those that were taken over from are not computed any more
            await(
                    () -> members(admin, views, 1) + members(admin, views, 2) == 0,
                    "no other version runs");
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneProcessFillsANewVersionBesideTheOneThatServes(DrivingVersions views) throws Exception {
        FeatureKafka.prepare(names, views.definition(1));
        try (Admin admin = FeatureKafka.connection().admin();
                DrivingFeed feed = new DrivingFeed(names, SEED)) {
            feed.write(400);
            try (FeatureStore _ = start(views, 1)) {
                await(() -> caughtUp(admin, views, feed, 1), "the first version");
            }
            feed.write(400);
            FeatureKafka.prepare(names, views.definition(2));

            try (FeatureStore store = start(views, 2)) {
                await(() -> served(views).contains(2), "the second version takes over");
                await(
                        () -> store.health().keySet().equals(Set.of(views.flow(2).name())),
                        "the first version ends");
                feed.write(200);
                await(() -> caughtUp(admin, views, feed, 2), "the second version");
            }

            assertThat(served(views)).containsExactly(1, 2);
            List<String> places = new ArrayList<>(servedPlaces(admin, views, 1));
            places.addAll(servedPlaces(admin, views, 2));
            assertThat(places).doesNotHaveDuplicates();
            assertThat(new TreeSet<>(places)).isEqualTo(feed.places());
            // And a process with the former version stops computing it
            try (FeatureStore store = start(views, 1)) {
                await(
                        () ->
                                store.health().get(views.flow(1).name())
                                                instanceof StageHealth.Stopped(String why)
                                        && why.contains("version 2 of the view has taken over"),
                        "the former version stops");
            }
        }
    }

    private FeatureStore start(DrivingVersions views, int version) {
        return FeatureStore.start(
                new FeatureStore.Place(FeatureKafka.connection(), names, "1", folder, 1),
                FeatureStoreSettings.DEFAULT,
                List.of(views.flow(version)),
                DrivingVersions.DEFINITIONS);
    }

    /// Writes until told to end, some hundred records a second.
    private CompletableFuture<Void> load(DrivingFeed feed) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        while (!fed.await(200, TimeUnit.MILLISECONDS)) {
                            feed.write(80);
                        }
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                // The common pool has one thread here, which tells of ended processes.
                Thread::startVirtualThread);
    }

    private Process start(DrivingVersions views, String failPoint, String instance, int version)
            throws Exception {
        Process process = RunsUntilKilled.start(failPoint, names, instance, folder, views, version);
        processes.add(process);
        return process;
    }

    private void dies(DrivingVersions views, String failPoint, int version) throws Exception {
        Process process = start(views, failPoint, "1", version);
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(failPoint).isTrue();
        assertThat(process.exitValue()).as(failPoint).isEqualTo(FailPoint.EXIT_CODE);
    }

    private List<Integer> served(DrivingVersions views) {
        return registry.read().serving(views.view()).orElseThrow().terms().stream()
                .map(ServingTerm::version)
                .toList();
    }

    private BackfillStatus status(DrivingVersions views, int version) {
        return backfill.look(List.of(views.flow(version))).getFirst();
    }

    /// The places of the events whose vector of this version is the served one.
    private List<String> servedPlaces(Admin admin, DrivingVersions views, int version)
            throws Exception {
        ServingHistory history = registry.read().serving(views.view()).orElseThrow();
        List<String> places = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> vector : vectors(admin, views, version)) {
            Position at =
                    Position.parse(
                            Objects.requireNonNull(
                                    EventHeader.text(
                                            vector.headers(),
                                            views.flow(version).rekeys()
                                                    ? EventHeaders.ORIGIN
                                                    : EventHeaders.POSITION)));
            if (history.versionAt(at.topic(), at.partition(), at.offset()).orElseThrow()
                    == version) {
                places.add(at.partition() + "@" + at.offset());
            }
        }
        return places;
    }

    private List<ConsumerRecord<byte[], byte[]>> vectors(
            Admin admin, DrivingVersions views, int version) throws Exception {
        return new VectorLog(admin).committed(topic(views, version));
    }

    private String topic(DrivingVersions views, int version) {
        return names.vectors(views.flow(version).vectors());
    }

    /// How much stands in the topic of vectors, committed or not.
    private long written(Admin admin, DrivingVersions views, int version) throws Exception {
        return new VectorLog(admin).written(topic(views, version));
    }

    private boolean caughtUp(Admin admin, DrivingVersions views, DrivingFeed feed, int version)
            throws Exception {
        Map<Integer, Long> positions =
                new ViewPositions(admin, names).of(views.flow(version)).positions();
        boolean isRead =
                feed.ends().entrySet().stream()
                        .allMatch(
                                end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
        // What was read may only have been brought to the view's own topic.
        return isRead
                && (!views.flow(version).rekeys()
                        || vectors(admin, views, version).size() >= feed.places().size());
    }

    private long members(Admin admin, DrivingVersions views, int version) throws Exception {
        String group = views.flow(version).application(names);
        return admin.describeConsumerGroups(List.of(group)).all().get().values().stream()
                .mapToLong(description -> description.members().size())
                .sum();
    }

    private static void await(Callable<Boolean> condition, String what) throws Exception {
        Waiting.await(condition, PATIENCE, what);
    }
}

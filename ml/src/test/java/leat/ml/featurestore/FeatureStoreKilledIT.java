package leat.ml.featurestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.event.Position;
import leat.core.failpoint.FailPoint;
import leat.stream.log.EventHeader;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Kills the feature store again and again, lets a second instance come and go, and then computes
/// everything anew.
@Timeout(value = 8, unit = TimeUnit.MINUTES)
final class FeatureStoreKilledIT {

    private static final long SEED = 20_261_128;
    private static final int RANDOM_KILLS = 5;
    private static final List<String> FAIL_POINTS =
            List.of(
                    "features.after-rekey:200",
                    "features.after-state:300",
                    "features.after-vector:200",
                    "features.after-latest:3");
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Names names = FeatureKafka.freshNames();
    private final Random random = new Random(SEED);
    private final List<Process> processes = new ArrayList<>();

    @TempDir private Path folder;

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
        processes.forEach(process -> process.onExit().join());
    }

    @Test
    void everyEventHasTheVectorThatAReplayGives() throws Exception {
        FeatureKafka.prepare(names, Driving.FLOW, Driving.ROADS);
        try (Admin admin = FeatureKafka.connection().admin();
                DrivingFeed feed = new DrivingFeed(names, SEED)) {
            // Given processes that are killed at random moments and between side effects
            feed.write(5_000);
            for (int kill = 0; kill < RANDOM_KILLS; kill++) {
                feed.write(700);
                long before = written(admin);
                Process process = start("", "1");
                long wanted = before + 20 + random.nextInt(600);
                await(() -> written(admin) >= wanted, "vectors beyond " + wanted);
                if (kill == 0) {
                    // A quick one may be killed each time before it has committed anything.
                    await(this::hasCommitted, "committed vectors of cars and of roads");
                }
                process.destroyForcibly().onExit().join();
            }
            assertLatestIsNewest();
            for (String failPoint : FAIL_POINTS) {
                feed.write(400);
                Process process = start(failPoint, "1");
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(failPoint).isTrue();
                assertThat(process.exitValue()).isEqualTo(FailPoint.EXIT_CODE);
            }
            assertLatestIsNewest();
            // Given a second instance that comes, works, and goes
            Process _ = start("", "1");
            feed.write(2_000);
            Process second = start("", "2");
            await(() -> working(admin) == 2, "two working members");
            feed.write(2_000);
            await(() -> caughtUp(admin, feed), "all events processed by two instances");
            second.destroy();
            assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
            feed.write(1_000);
            await(() -> caughtUp(admin, feed), "all events processed");
            await(() -> roads().size() >= feed.places().size(), "all events of roads processed");

            // When everything is computed anew
            VerifyReport report =
                    new FeatureVerify(FeatureKafka.connection(), names).run(Driving.FLOW);

            // Then nothing differs, and every event has one vector, on its own partition
            assertThat(report.first()).isEmpty();
            assertThat(report.differences()).isZero();
            assertThat(report.vectors()).isEqualTo(feed.places().size());
            List<ConsumerRecord<byte[], byte[]>> vectors =
                    committed(names.vectors(Driving.FLOW.vectors()));
            List<String> places = vectors.stream().map(FeatureStoreKilledIT::place).toList();
            assertThat(places).doesNotHaveDuplicates();
            assertThat(new TreeSet<>(places)).isEqualTo(feed.places());
            // And the newest vector of each entity is its last one
            assertLatestIsNewest();
            assertRoads(feed.places());
            // And all is what the source's records come to without any of the code that ran
            DrivingRecount recount = new DrivingRecount(committed(names.enriched(Driving.SOURCE)));
            assertThat(recount.places()).isEqualTo(feed.places());
            recount.assertOfCars(vectors);
            recount.assertOfRoads(roads());
        }
    }

    /// What holds for cars holds for roads, whose events come from all partitions of the source.
    private void assertRoads(Set<String> places) throws Exception {
        VerifyReport report =
                new FeatureVerify(FeatureKafka.connection(), names).run(Driving.ROADS);
        assertThat(report.first()).isEmpty();
        assertThat(report.differences()).isZero();
        assertThat(report.vectors()).isEqualTo(places.size());
        List<ConsumerRecord<byte[], byte[]>> vectors = roads();
        List<String> origins =
                vectors.stream()
                        .map(vector -> position(vector, EventHeaders.ORIGIN))
                        .map(at -> at.partition() + "@" + at.offset())
                        .toList();
        assertThat(origins).doesNotHaveDuplicates();
        assertThat(new TreeSet<>(origins)).isEqualTo(places);
    }

    /// What is committed says of each entity that its last vector is the newest one, wherever a
    /// process was killed: what comes later would hide what a kill has left behind.
    private void assertLatestIsNewest() throws Exception {
        for (FeatureFlow flow : List.of(Driving.FLOW, Driving.ROADS)) {
            Map<String, String> newest = last(committed(names.vectors(flow.vectors())));
            assertThat(newest).isNotEmpty();
            assertThat(last(committed(names.latest(flow.vectors())))).isEqualTo(newest);
        }
    }

    private boolean hasCommitted() throws Exception {
        return !committed(names.vectors(Driving.FLOW.vectors())).isEmpty() && !roads().isEmpty();
    }

    private List<ConsumerRecord<byte[], byte[]>> roads() throws Exception {
        return committed(names.vectors(Driving.ROADS.vectors()));
    }

    private Process start(String failPoint, String instance) throws Exception {
        Process process = RunsUntilKilled.start(failPoint, names, instance, folder);
        processes.add(process);
        return process;
    }

    private static String place(ConsumerRecord<byte[], byte[]> vector) {
        Position position = position(vector, EventHeaders.POSITION);
        assertThat(position.partition()).isEqualTo(vector.partition());
        return position.partition() + "@" + position.offset();
    }

    private static Position position(ConsumerRecord<byte[], byte[]> vector, String header) {
        return Position.parse(String.valueOf(EventHeader.text(vector.headers(), header)));
    }

    private static Map<String, String> last(List<ConsumerRecord<byte[], byte[]>> vectors) {
        Map<String, String> last = new HashMap<>();
        vectors.forEach(vector ->
                last.put(
                        new String(vector.key(), StandardCharsets.UTF_8),
                        new String(vector.value(), StandardCharsets.UTF_8)));
        return last;
    }

    private List<ConsumerRecord<byte[], byte[]>> committed(String topic) throws Exception {
        try (Admin admin = FeatureKafka.connection().admin()) {
            return new VectorLog(admin).committed(topic);
        }
    }

    /// How much stands in the topic of vectors, committed or not.
    private long written(Admin admin) throws Exception {
        return new VectorLog(admin).written(names.vectors(Driving.FLOW.vectors()));
    }

    /// How many members have partitions.
    private long working(Admin admin) throws Exception {
        String group = Driving.FLOW.application(names);
        return admin.describeConsumerGroups(List.of(group)).all().get().values().stream()
                .flatMap(description -> description.members().stream())
                .map(MemberDescription::assignment)
                .filter(assignment -> !assignment.topicPartitions().isEmpty())
                .count();
    }

    private boolean caughtUp(Admin admin, DrivingFeed feed) throws Exception {
        String group = Driving.FLOW.application(names);
        Map<TopicPartition, OffsetAndMetadata> positions =
                admin.listConsumerGroupOffsets(
                                Map.of(group, new ListConsumerGroupOffsetsSpec()),
                                new ListConsumerGroupOffsetsOptions().requireStable(true))
                        .partitionsToOffsetAndMetadata(group)
                        .get();
        return feed.ends().entrySet().stream()
                .allMatch(end -> {
                    OffsetAndMetadata at =
                            positions.get(
                                    new TopicPartition(
                                            names.enriched(Driving.SOURCE), end.getKey()));
                    return at != null && at.offset() >= end.getValue();
                });
    }

    private static void await(Callable<Boolean> condition, String what) throws Exception {
        Waiting.await(condition, PATIENCE, what);
    }
}

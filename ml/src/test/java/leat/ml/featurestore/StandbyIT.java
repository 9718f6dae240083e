package leat.ml.featurestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import leat.core.config.DataSize;
import leat.core.event.Names;
import leat.ml.featurestore.online.OnlineSettings;
import leat.stream.log.StageHealth;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Two instances that keep copies of each other's state, until one goes or is killed.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class StandbyIT {

    private static final long SEED = 20_261_128;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final FeatureStoreSettings SETTINGS =
            new FeatureStoreSettings(
                    Duration.ofMillis(30),
                    1,
                    DataSize.mebibytes(64),
                    DataSize.mebibytes(128),
                    1,
                    OnlineSettings.DEFAULT);

    private final Names names = FeatureKafka.freshNames();
    private final ChangelogReading reading = new ChangelogReading(names, Driving.FLOW, "1");

    @TempDir private Path folder;

    @Test
    void bothHaveTheStateOfAllPartitionsAndOneGoesOnWithIt() throws Exception {
        FeatureKafka.prepare(names, Driving.FLOW);
        try (Admin admin = FeatureKafka.connection().admin();
                DrivingFeed feed = new DrivingFeed(names, SEED);
                FeatureStore first = start("1")) {
            Copy copy;
            try (FeatureStore second = start("2")) {
                await(() -> ready(first) && ready(second) && bothWork(admin), "both run");
                feed.write(4_000);
                await(() -> caughtUp(admin, feed), "all events processed by two");
                await(() -> stores("1") == Driving.PARTITIONS, "the first has all state");
                await(() -> stores("2") == Driving.PARTITIONS, "the second has all state");
                await(() -> follows(admin), "the first has all that the second wrote");
                copy = copy(admin);
            }
            Map<Integer, Long> left = ends(admin);
            feed.write(1_000);
            await(() -> caughtUp(admin, feed), "all events processed by the one that is left");

            assertThat(partitions(admin, "1")).hasSize(Driving.PARTITIONS);
            assertGoesOnWith(copy, left, admin);
            assertVerified(feed);
        }
    }

    @Test
    void oneGoesOnWithItsCopyWhenTheOtherIsKilled() throws Exception {
        FeatureKafka.prepare(names, Driving.FLOW);
        Process second = RunsUntilKilled.startWithCopies(names, "2", folder);
        try (Admin admin = FeatureKafka.connection().admin();
                DrivingFeed feed = new DrivingFeed(names, SEED);
                FeatureStore _ = start("1")) {
            await(() -> bothWork(admin), "both work");
            feed.write(4_000);
            await(() -> caughtUp(admin, feed), "all events processed by two");
            await(() -> follows(admin), "the first has all that the second wrote");
            Copy copy = copy(admin);
            feed.write(400);
            await(() -> isBehind(copy, admin), "more of the second");
            second.destroyForcibly().onExit().join();
            Map<Integer, Long> left = ends(admin);
            feed.write(600);
            await(() -> caughtUp(admin, feed), "all events processed by the one that is left");

            assertThat(partitions(admin, "1")).hasSize(Driving.PARTITIONS);
            assertGoesOnWith(copy, left, admin);
            assertVerified(feed);
        } finally {
            second.destroyForcibly().onExit().join();
        }
    }

    /// What the first instance has of the other's partitions at a moment.
    ///
    /// @param read how many records of the changelog it has read, ever
    /// @param ends by partition that the other works on, up to where it has read the changelog
    private record Copy(long read, Map<Integer, Long> ends) {}

    private boolean bothWork(Admin admin) throws Exception {
        return !partitions(admin, "1").isEmpty() && !partitions(admin, "2").isEmpty();
    }

    /// The first instance has read all that the other has written to the changelog.
    private boolean follows(Admin admin) throws Exception {
        boolean follows = bothWork(admin);
        Map<Integer, Long> ends = ends(admin);
        for (int partition : partitions(admin, "2")) {
            // The last offset is that of the end of a transaction.
            follows &= reading.position(partition) >= ends.getOrDefault(partition, 0L) - 1;
        }
        return follows;
    }

    /// The other instance has written more since.
    private boolean isBehind(Copy copy, Admin admin) throws Exception {
        Map<Integer, Long> ends = ends(admin);
        return copy.ends().entrySet().stream()
                .anyMatch(end -> ends.getOrDefault(end.getKey(), 0L) > end.getValue());
    }

    private Copy copy(Admin admin) throws Exception {
        long read = reading.records();
        Map<Integer, Long> ends = ends(admin);
        ends.keySet().retainAll(partitions(admin, "2"));
        return new Copy(read, ends);
    }

    /// The first instance has read nothing again of what its copy had: of the changelog at most
    /// what came until the other was gone, each record once. To restore one partition it would have
    /// read more.
    ///
    /// @param left where the changelog ended when the other was gone
    private void assertGoesOnWith(Copy copy, Map<Integer, Long> left, Admin admin)
            throws Exception {
        long read = reading.records() - copy.read();
        long came = 0;
        Map<Integer, Long> before = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record :
                new VectorLog(admin).committed(reading.topic())) {
            Long end = copy.ends().get(record.partition());
            if (end != null && record.offset() < end) {
                before.merge(record.partition(), 1L, Long::sum);
            } else if (end != null && record.offset() < left.getOrDefault(record.partition(), 0L)) {
                came++;
            }
        }
        assertThat(before.keySet()).isEqualTo(copy.ends().keySet());
        assertThat(Collections.min(before.values())).isGreaterThan(came);
        assertThat(read).isLessThanOrEqualTo(came);
    }

    private void assertVerified(DrivingFeed feed) {
        VerifyReport report = new FeatureVerify(FeatureKafka.connection(), names).run(Driving.FLOW);
        assertThat(report.first()).isEmpty();
        assertThat(report.differences()).isZero();
        assertThat(report.vectors()).isEqualTo(feed.places().size());
    }

    /// The partitions that an instance works on; none before the first one has joined.
    private Set<Integer> partitions(Admin admin, String instance) throws Exception {
        String group = Driving.FLOW.application(names);
        try {
            return admin.describeConsumerGroups(List.of(group)).all().get().values().stream()
                    .flatMap(description -> description.members().stream())
                    .filter(member ->
                            member.groupInstanceId().orElse("").startsWith(instance + "-"))
                    .flatMap(member -> member.assignment().topicPartitions().stream())
                    .map(TopicPartition::partition)
                    .collect(Collectors.toSet());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return Set.of();
            }
            throw e;
        }
    }

    /// Behind the last record of each partition of the changelog; none before there is one.
    private Map<Integer, Long> ends(Admin admin) throws Exception {
        Map<Integer, Long> ends = new HashMap<>();
        if (admin.listTopics().names().get().contains(reading.topic())) {
            new VectorLog(admin)
                    .ends(reading.topic())
                    .forEach((partition, end) -> ends.put(partition.partition(), end));
        }
        return ends;
    }

    private FeatureStore start(String instance) {
        return FeatureStore.start(
                new FeatureStore.Place(FeatureKafka.connection(), names, instance, folder, 1),
                SETTINGS,
                List.of(Driving.FLOW),
                DrivingVersions.DEFINITIONS);
    }

    private static boolean ready(FeatureStore store) {
        return store.health().values().stream().allMatch(StageHealth::ready);
    }

    private boolean caughtUp(Admin admin, DrivingFeed feed) {
        Map<Integer, Long> positions = new ViewPositions(admin, names).of(Driving.FLOW).positions();
        return feed.ends().entrySet().stream()
                .allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }

    /// How many partitions' state stands on an instance's disk.
    private long stores(String instance) throws Exception {
        Path place = folder.resolve(FeatureFlow.ROLE).resolve(instance);
        try (Stream<Path> files = Files.walk(place)) {
            return files.filter(file -> file.endsWith(Path.of("rocksdb", "tiles", "CURRENT")))
                    .count();
        }
    }

    private static void await(Callable<Boolean> condition, String what) throws Exception {
        Waiting.await(condition, PATIENCE, what);
    }
}

package leat.ml.featurestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import leat.core.config.DataSize;
import leat.core.event.Names;
import leat.ml.featurestore.online.OnlineSettings;
import leat.stream.log.StageHealth;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Two instances that keep copies of each other's state.
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

    @TempDir private Path folder;

    @Test
    void bothHaveTheStateOfAllPartitionsAndOneGoesOnWithIt() throws Exception {
        FeatureKafka.prepare(names, Driving.FLOW);
        try (Admin admin = FeatureKafka.connection().admin();
                DrivingFeed feed = new DrivingFeed(names, SEED);
                FeatureStore first = start("1")) {
            try (FeatureStore second = start("2")) {
                feed.write(2_000);
                await(() -> ready(first) && ready(second), "both run");
                await(() -> caughtUp(admin, feed), "all events processed by two");
                await(() -> stores("1") == Driving.PARTITIONS, "the first has all state");
                await(() -> stores("2") == Driving.PARTITIONS, "the second has all state");
            }
            feed.write(1_000);
            await(() -> caughtUp(admin, feed), "all events processed by the one that is left");

            VerifyReport report =
                    new FeatureVerify(FeatureKafka.connection(), names).run(Driving.FLOW);
            assertThat(report.first()).isEmpty();
            assertThat(report.vectors()).isEqualTo(feed.places().size());
        }
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

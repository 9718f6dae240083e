package leat.ml.featurestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import leat.core.event.Names;
import leat.stream.log.StageHealth;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What no other attempt can mend stops a view, with the remedy in its health.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class ViewStopsIT {

    private static final long NOON = 1_800_000_000_000_000L;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Names names = FeatureKafka.freshNames();

    @TempDir private Path folder;

    @Test
    void atATileThatCannotBeRead() throws Exception {
        // Given
        FeatureKafka.prepare(names, Driving.FLOW);
        String changelog =
                Driving.FLOW.application(names) + "-" + ViewTopology.TILES + "-changelog";
        try (Admin admin = FeatureKafka.connection().admin();
                Producer<byte[], byte[]> producer =
                        FeatureKafka.connection().producer("test", Map.of())) {
            Topics topics = new Topics(admin, 1);
            topics.apply(topics.plan(List.of(TopicSpec.compacted(changelog, Driving.PARTITIONS))));
            producer.send(
                            new ProducerRecord<>(
                                    changelog,
                                    0,
                                    new TileKeys("car1").of(NOON).get(),
                                    new byte[] {1, 2, 3}))
                    .get();

            // When
            send(producer);
        }

        // Then
        assertThat(reasonToStop())
                .contains("The state's entry of the tile at " + NOON)
                .contains("Give the view a new version, or build its state anew");
    }

    @Test
    void atAVectorThatIsTooLargeForTheLog() throws Exception {
        // Given
        FeatureKafka.prepare(names, Driving.FLOW);
        try (Admin admin = FeatureKafka.connection().admin();
                Producer<byte[], byte[]> producer =
                        FeatureKafka.connection().producer("test", Map.of())) {
            AlterConfigOp lower =
                    new AlterConfigOp(
                            new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "200"),
                            AlterConfigOp.OpType.SET);
            String vectors = names.vectors(Driving.FLOW.vectors());
            admin.incrementalAlterConfigs(
                            Map.of(
                                    new ConfigResource(ConfigResource.Type.TOPIC, vectors),
                                    Set.of(lower)))
                    .all()
                    .get();

            // When
            send(producer);
        }

        // Then
        assertThat(reasonToStop()).contains("split the view or lower its limits of distinct");
    }

    private void send(Producer<byte[], byte[]> producer) throws Exception {
        producer.send(
                        new ProducerRecord<>(
                                names.enriched(Driving.SOURCE),
                                0,
                                null,
                                "car1".getBytes(StandardCharsets.UTF_8),
                                Driving.event("car1", 50, 3, "A1"),
                                Driving.headers(NOON)))
                .get();
    }

    private String reasonToStop() throws InterruptedException {
        FeatureStore.Place place =
                new FeatureStore.Place(FeatureKafka.connection(), names, "1", folder, 1);
        try (FeatureStore store =
                FeatureStore.start(
                        place,
                        FeatureStoreSettings.DEFAULT,
                        List.of(Driving.FLOW),
                        DrivingVersions.DEFINITIONS)) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (true) {
                if (store.health().get("driving.v1") instanceof StageHealth.Stopped(String why)) {
                    return why;
                }
                assertThat(System.nanoTime()).as("%s", store.health()).isLessThan(deadline);
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
    }
}

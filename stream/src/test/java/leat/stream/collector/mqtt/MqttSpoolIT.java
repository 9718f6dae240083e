package leat.stream.collector.mqtt;

import static leat.stream.collector.CollectorFixture.CLICKS;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import leat.core.config.DataSize;
import leat.core.event.Names;
import leat.embedded.kafka.EmbeddedKafka;
import leat.stream.collector.CollectorFixture;
import leat.stream.collector.SpoolingSettings;
import leat.stream.log.LogConnection;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import leat.stream.spool.StandingEvents;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class MqttSpoolIT {

    private static final Names NAMES = new Names("spool");

    @TempDir private Path folder = Path.of("");

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void acknowledgesWhatIsInTheSpoolWhileTheLogIsAway() throws Exception {
        EmbeddedKafka broker =
                EmbeddedKafka.start(new EmbeddedKafka.Settings(folder.resolve("kafka"), 0));
        LogConnection log = new LogConnection(broker.bootstrapServers());
        createTopics(log);
        SpoolingSettings spool =
                new SpoolingSettings(
                        true,
                        folder.resolve("spool").toString(),
                        DataSize.mebibytes(32),
                        Duration.ofSeconds(1));
        try (MqttFixture collector =
                MqttFixture.open(log, NAMES, MqttFixture.settings(4).withSpool(spool))) {
            // Given
            broker.close();
            RawMqtt client = new RawMqtt(collector.port(), "c", Optional.empty());

            // When
            for (int packet = 1; packet <= 3; packet++) {
                client.publish("clicks", packet, "{\"x\":" + packet + "}");
            }

            // Then
            for (int packet = 1; packet <= 3; packet++) {
                assertThat(client.readAnswer()).isEqualTo(new RawMqtt.Answer(packet, 0));
            }
            assertThat(standing()).isEqualTo(3);
            broker =
                    EmbeddedKafka.start(
                            new EmbeddedKafka.Settings(folder.resolve("kafka"), port(log)));
            while (standing() > 0) {
                LockSupport.parkNanos(1_000_000);
            }
            assertThat(collector.raw(CLICKS)).hasSize(3);
        } finally {
            broker.close();
        }
    }

    private int standing() {
        AtomicInteger events = new AtomicInteger();
        StandingEvents.visit(folder.resolve("spool"), (_, _) -> events.incrementAndGet());
        return events.get();
    }

    private static void createTopics(LogConnection log) {
        try (Admin admin = log.admin()) {
            Topics topics = new Topics(admin, 1);
            topics.apply(topics.plan(CollectorFixture.topics(NAMES)));
            topics.apply(topics.plan(List.of(TopicSpec.passing(NAMES.mqttSessions()))));
        }
    }

    private static int port(LogConnection log) {
        String address = log.bootstrapServers();
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }
}

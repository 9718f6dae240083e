package leat.stream.collector.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.failpoint.FailPoint;
import leat.stream.collector.CollectorFixture;
import leat.stream.collector.CollectorSettings;
import leat.stream.collector.EventIntake;
import leat.stream.log.LogConnection;
import leat.stream.testing.ChildJvm;
import leat.stream.testing.SharedKafka;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Kills a collector under a client that keeps count of what was acknowledged.
final class MqttKilledIT {

    private static final int WINDOW = 8;

    /// A collector with an MQTT door, to be killed: `bootstrap prefix`.
    static final class Child {

        private Child() {}

        public static void main(String[] args) throws IOException {
            PrometheusRegistry registry = new PrometheusRegistry();
            LogConnection log = new LogConnection(args[0]);
            Names names = new Names(args[1]);
            CollectorSettings settings = MqttFixture.settings(64);
            try (EventIntake intake =
                            EventIntake.open(
                                    new EventIntake.Parts(
                                            log,
                                            names,
                                            List.of(CollectorFixture.CARS, CollectorFixture.CLICKS),
                                            registry),
                                    settings);
                    MqttDoor door =
                            MqttDoor.open(
                                    new MqttDoor.Parts(
                                            intake,
                                            log,
                                            names.mqttSessions(),
                                            Optional.empty(),
                                            registry),
                                    settings.mqtt(),
                                    Duration.ofSeconds(5))) {
                ChildJvm.serve(door.port());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mqtt.before-accept:50",
                "mqtt.before-ack:1",
                "mqtt.before-ack:70",
                "collector.before-send:33",
                "collector.after-ack:41"
            })
    void hasEveryAcknowledgedMessageInTheLog(String failPoint)
            throws IOException, InterruptedException {
        // Given
        Names names = SharedKafka.freshNames();
        MqttFixture.create(names);
        Process child =
                ChildJvm.start(
                        Child.class,
                        failPoint,
                        Redirect.PIPE,
                        SharedKafka.bootstrapServers(),
                        names.prefix());
        Set<String> acknowledged = new HashSet<>();

        // When
        try (RawMqtt client = new RawMqtt(ChildJvm.awaitPort(child), "car-7", Optional.empty())) {
            publishUntilTheEnd(client, acknowledged);
            assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            child.destroyForcibly();
        }

        // Then
        assertThat(child.exitValue()).isEqualTo(FailPoint.EXIT_CODE);
        Map<String, Integer> stored = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record :
                CollectorFixture.records(
                        SharedKafka.connection(), names.raw(CollectorFixture.CARS))) {
            stored.merge(
                    new String(record.headers().lastHeader(EventHeaders.ID).value(), UTF_8),
                    1,
                    Integer::sum);
        }
        assertThat(stored.keySet()).containsAll(acknowledged);
        assertThat(stored.values()).containsOnly(1);
        assertThat(stored.size()).isBetween(acknowledged.size(), acknowledged.size() + WINDOW + 1);
    }

    /// Publishes with [#WINDOW] messages open, and one more while it writes, until the connection
    /// breaks.
    private static void publishUntilTheEnd(RawMqtt client, Set<String> acknowledged) {
        try {
            for (int sequence = 1; ; sequence++) {
                client.publish(
                        "fleet/c7/telemetry",
                        sequence,
                        "{\"car\":{\"id\":\"c7\"},\"seq\":" + sequence + "}");
                if (sequence > WINDOW) {
                    RawMqtt.Answer answer = client.readAnswer();
                    assertThat(answer).isEqualTo(new RawMqtt.Answer(sequence - WINDOW, 0));
                    acknowledged.add("c7|" + answer.packetId());
                }
            }
        } catch (IOException _) {
            // Killed.
        }
    }
}

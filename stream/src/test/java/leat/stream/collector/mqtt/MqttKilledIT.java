package leat.stream.collector.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
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
import leat.stream.testing.SharedKafka;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Kills a collector under a client that keeps count of what was acknowledged.
final class MqttKilledIT {

    private static final String PORT_LINE = "port ";
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
                System.out.println(PORT_LINE + door.port());
                while (System.in.read() >= 0) {
                    // Until the parent closes the pipe, or is gone.
                }
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
        Process child = start(names, failPoint);
        Set<String> acknowledged = new HashSet<>();

        // When
        try (BufferedReader output = child.inputReader();
                RawMqtt client = new RawMqtt(port(output), "car-7", Optional.empty())) {
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

    private static int port(BufferedReader output) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(PORT_LINE)) {
                return Integer.parseInt(line.substring(PORT_LINE.length()));
            }
        }
        throw new IOException("the collector ended before it listened");
    }

    private static Process start(Names names, String failPoint) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx256m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-Dleat.failpoint=" + failPoint,
                                Child.class.getName(),
                                SharedKafka.bootstrapServers(),
                                names.prefix())
                        .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.start();
    }
}

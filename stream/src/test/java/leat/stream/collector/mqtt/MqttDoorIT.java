package leat.stream.collector.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static leat.stream.collector.CollectorFixture.CARS;
import static leat.stream.collector.CollectorFixture.CLICKS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import leat.core.event.EventHeaders;
import leat.stream.collector.mqtt.Mosquitto.Ended;
import leat.stream.testing.Await;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The door before the real clients of mosquitto.
final class MqttDoorIT {

    private static final String EVENT = "{\"car\":{\"id\":\"c7\"},\"seq\":1}";

    private MqttFixture collector;

    @BeforeEach
    void open() {
        collector = MqttFixture.open();
    }

    @AfterEach
    void close() {
        collector.close();
    }

    @ParameterizedTest
    @CsvSource({"mqttv311,0", "mqttv311,1", "mqttv311,2", "mqttv5,0", "mqttv5,1", "mqttv5,2"})
    void storesAnEventUnderTheTopicsKey(String version, String qos) throws IOException {
        // When
        Ended ended =
                Mosquitto.publish(
                        collector.port(),
                        List.of("-V", version, "-q", qos, "-t", "fleet/c7/telemetry", "-m", EVENT));

        // Then
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        Await.until(() -> assertThat(collector.raw(CARS)).hasSize(1));
        ConsumerRecord<byte[], byte[]> record = collector.raw(CARS).getFirst();
        assertThat(record.value()).isEqualTo(EVENT.getBytes(UTF_8));
        assertThat(record.key()).isEqualTo("c7".getBytes(UTF_8));
        assertThat(header(record, EventHeaders.ID)).isEqualTo("c7|1");
    }

    @Test
    void takesAFileOfEventsInTheirOrder() throws IOException {
        // Given
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            lines.append("{\"car\":{\"id\":\"c7\"},\"seq\":").append(i).append("}\n");
        }

        // When
        Ended ended =
                Mosquitto.publishLines(
                        collector.port(),
                        List.of("-V", "mqttv5", "-q", "1", "-t", "fleet/c7/telemetry", "-l"),
                        lines.toString());

        // Then
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(collector.raw(CARS).stream().map(r -> header(r, EventHeaders.ID)))
                .hasSize(500)
                .startsWith("c7|0", "c7|1", "c7|2")
                .endsWith("c7|499");
    }

    @Test
    void takesTheAttributesOfACloudEventFromUserProperties() throws IOException {
        // When
        Ended ended =
                Mosquitto.publish(
                        collector.port(),
                        List.of(
                                "-V",
                                "mqttv5",
                                "-q",
                                "1",
                                "-t",
                                "clicks",
                                "-m",
                                "{\"x\":1}",
                                "-D",
                                "PUBLISH",
                                "user-property",
                                "specversion",
                                "1.0",
                                "-D",
                                "PUBLISH",
                                "user-property",
                                "id",
                                "e-1",
                                "-D",
                                "PUBLISH",
                                "user-property",
                                "source",
                                "/shop",
                                "-D",
                                "PUBLISH",
                                "user-property",
                                "time",
                                "2026-01-01T00:00:00Z"));

        // Then
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        ConsumerRecord<byte[], byte[]> record = collector.raw(CLICKS).getFirst();
        assertThat(header(record, EventHeaders.ID)).isEqualTo("e-1");
        assertThat(header(record, EventHeaders.SOURCE)).isEqualTo("/shop");
        assertThat(header(record, EventHeaders.TIME)).isEqualTo("2026-01-01T00:00:00Z");
    }

    @Test
    void keepsAnEventThatContradictsItsTopicAsADeadLetter() throws IOException {
        // When
        Ended ended =
                Mosquitto.publish(
                        collector.port(),
                        List.of(
                                "-V",
                                "mqttv5",
                                "-q",
                                "1",
                                "-t",
                                "fleet/c8/telemetry",
                                "-m",
                                EVENT));

        // Then
        assertThat(ended.output()).contains("Payload format invalid");
        assertThat(collector.raw(CARS)).isEmpty();
        assertThat(header(collector.dead(CARS).getFirst(), EventHeaders.REASONS))
                .contains("key-mismatch", "c8", "c7");
    }

    @Test
    void tellsAClientOfVersion5ThatATopicIsNone() throws IOException {
        // When
        Ended ended =
                Mosquitto.publish(
                        collector.port(),
                        List.of("-V", "mqttv5", "-q", "1", "-t", "house/lamp", "-m", "on"));

        // Then
        assertThat(ended.output())
                .contains("Topic Name invalid", "only on fleet/{car.id}/telemetry, clicks");
    }

    @Test
    void acknowledgesNothingToAnOldClientThatIsStoredNowhere() throws IOException {
        // When
        Ended ended =
                Mosquitto.publish(
                        collector.port(),
                        List.of("-V", "mqttv311", "-q", "1", "-t", "house/lamp", "-m", "on", "-d"));

        // Then
        assertThat(ended.output()).doesNotContain("received PUBACK");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mqttv311", "mqttv5"})
    void refusesSubscribers(String version) throws IOException {
        // When
        Ended ended =
                Mosquitto.subscribe(
                        collector.port(), List.of("-V", version, "-t", "fleet/#", "-W", "10"));

        // Then
        assertThat(ended.output()).contains("All subscription requests were denied");
    }

    @Test
    void publishesTheWillOfAClientThatIsGone() throws IOException {
        // Given
        Process client =
                Mosquitto.start(
                        collector.port(),
                        List.of(
                                "-q",
                                "1",
                                "-t",
                                "fleet/c7/telemetry",
                                "-l",
                                "--will-topic",
                                "clicks",
                                "--will-payload",
                                "{\"gone\":\"c7\"}"));
        client.getOutputStream().write((EVENT + "\n").getBytes(UTF_8));
        client.getOutputStream().flush();
        Await.until(() -> assertThat(collector.raw(CARS)).hasSize(1));

        // When
        client.destroyForcibly();

        // Then
        Await.until(() -> assertThat(collector.raw(CLICKS)).hasSize(1));
        assertThat(collector.raw(CLICKS).getFirst().value())
                .isEqualTo("{\"gone\":\"c7\"}".getBytes(UTF_8));
    }

    @Test
    void endsAClientThatHasConnectedToAnotherCollector() throws IOException {
        // Given
        Process first =
                Mosquitto.start(
                        collector.port(),
                        List.of(
                                "-V",
                                "mqttv5",
                                "-i",
                                "car-7",
                                "-q",
                                "1",
                                "-t",
                                "fleet/c7/telemetry",
                                "-l"));
        first.getOutputStream().write((EVENT + "\n").getBytes(UTF_8));
        first.getOutputStream().flush();
        Await.until(() -> assertThat(collector.raw(CARS)).hasSize(1));

        try (MqttFixture other = MqttFixture.open(collector.names())) {
            // When
            Ended second =
                    Mosquitto.publish(
                            other.port(),
                            List.of(
                                    "-V",
                                    "mqttv5",
                                    "-i",
                                    "car-7",
                                    "-q",
                                    "1",
                                    "-t",
                                    "fleet/c7/telemetry",
                                    "-m",
                                    EVENT));

            // Then
            assertThat(second.exitCode()).as(second.output()).isZero();
            Await.until(() -> assertThat(collector.ended(End.TAKEN_OVER)).isOne());
        } finally {
            first.destroyForcibly();
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }
}

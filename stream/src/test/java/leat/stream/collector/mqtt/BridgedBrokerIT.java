package leat.stream.collector.mqtt;

import static leat.stream.collector.CollectorFixture.CARS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import leat.core.event.EventHeaders;
import leat.embedded.FreePorts;
import leat.stream.log.EventHeader;
import leat.stream.testing.Await;
import leat.stream.testing.RealProgram;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A real broker in front of the door, as `docs/how-to/bridge-an-mqtt-broker.md` sets it up.
final class BridgedBrokerIT {

    private static final Path GUIDE = Path.of("../docs/how-to/bridge-an-mqtt-broker.md");
    private static final int EVENTS = 300;

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"mqttv311", "mqttv50"})
    void storesWhatTheClientsOfABrokerPublish(String version) throws Exception {
        try (MqttFixture collector = MqttFixture.open()) {
            int port = FreePorts.one();
            Process broker = start(port, collector.port(), version);
            try {
                Await.until(() -> assertThat(answers(port)).isTrue());
                StringBuilder lines = new StringBuilder();
                for (int i = 0; i < EVENTS; i++) {
                    lines.append("{\"car\":{\"id\":\"c7\"},\"seq\":").append(i).append("}\n");
                }

                // When
                Mosquitto.Ended ended =
                        Mosquitto.publishLines(
                                port,
                                List.of("-q", "1", "-t", "fleet/c7/telemetry", "-l"),
                                lines.toString());

                // Then
                assertThat(ended.exitCode()).as(ended.output()).isZero();
                Await.until(() -> assertThat(ids(collector).distinct()).hasSize(EVENTS));
                assertThat(collector.dead(CARS)).isEmpty();
            } finally {
                broker.destroy();
                broker.waitFor();
            }
        }
    }

    private static Stream<String> ids(MqttFixture collector) {
        return collector.raw(CARS).stream()
                .map(record -> EventHeader.text(record.headers(), EventHeaders.ID));
    }

    private Process start(int port, int door, String version) throws IOException {
        Path program = RealProgram.require("mosquitto", "mosquitto");
        Path config = folder.resolve("mosquitto.conf");
        Files.writeString(
                config,
                "listener %d 127.0.0.1%nallow_anonymous true%npersistence false%n".formatted(port)
                        + bridge().replace("127.0.0.1:1883", "127.0.0.1:" + door)
                                .replace("mqttv50", version));
        return new ProcessBuilder(program.toString(), "-c", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("mosquitto.log").toFile())
                .start();
    }

    /// The lines of the guide.
    private static String bridge() throws IOException {
        String guide = Files.readString(GUIDE);
        int begin = guide.indexOf("```conf\n") + "```conf\n".length();
        return guide.substring(begin, guide.indexOf("```", begin));
    }

    private static boolean answers(int port) {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}

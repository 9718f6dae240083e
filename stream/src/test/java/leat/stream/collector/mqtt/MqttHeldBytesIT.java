package leat.stream.collector.mqtt;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.Optional;
import leat.stream.testing.Await;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the door has read is counted for all doors together, so that none of it may stay behind
/// when a connection ends, whatever its client has sent.
final class MqttHeldBytesIT {

    private static final int CLIENTS = 100;

    /// A PUBLISH of the QoS that is none.
    private static final byte[] MALFORMED = {0x36, 4, 0, 1, 'a', 0, 0, 0, 0, 0};

    /// Of MQTT 3.1.1, without an id and without a clean session, which is refused.
    private static final byte[] CONNECT_WITHOUT_ID = {
        0x10, 12, 0, 4, 'M', 'Q', 'T', 'T', 4, 0, 0, 60, 0, 0
    };

    /// Announces 80 bytes, of which three come.
    private static final byte[] BEGUN_CONNECT = {0x10, 80, 0, 4, 'M'};

    private MqttFixture collector;

    @BeforeEach
    void open() {
        collector = MqttFixture.open();
    }

    @AfterEach
    void close() {
        collector.close();
    }

    @Test
    void givesBackWhatClientsOfAnotherProtocolSent() throws IOException {
        // Given
        byte[] request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII);

        // When
        for (int i = 0; i < CLIENTS; i++) {
            sendUntilEnded(request);
        }

        // Then
        assertNothingIsHeld();
    }

    @Test
    void givesBackPacketsThatCannotBeRead() throws IOException {
        // When
        for (int i = 0; i < CLIENTS; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), collector.port());
                    RawMqtt _ = new RawMqtt(socket, "car-" + i, Optional.empty())) {
                socket.getOutputStream().write(MALFORMED);
                awaitEnd(socket);
            }
        }

        // Then
        assertThat(collector.ended(End.MALFORMED)).isEqualTo(CLIENTS);
        assertNothingIsHeld();
    }

    @Test
    void givesBackWhatFollowsARefusedConnect() throws IOException {
        // When
        sendUntilEnded(Arrays.copyOf(CONNECT_WITHOUT_ID, 1_000));

        // Then
        assertNothingIsHeld();
    }

    @Test
    void givesBackAConnectThatIsNeverCompleted() throws IOException {
        // When
        sendUntilEnded(BEGUN_CONNECT);

        // Then
        assertNothingIsHeld();
    }

    private void sendUntilEnded(byte[] bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), collector.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(bytes);
            awaitEnd(socket);
        }
    }

    private static void awaitEnd(Socket socket) throws IOException {
        try {
            socket.getInputStream().readAllBytes();
        } catch (SocketException _) {
            // Ended before all of it was read.
        }
    }

    private void assertNothingIsHeld() {
        Await.until(() -> assertThat(collector.intake().bytesInFlight().taken()).isZero());
    }
}

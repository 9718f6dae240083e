package leat.stream.collector.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import leat.core.event.Names;
import leat.stream.collector.CollectorSettings;
import leat.stream.testing.SharedKafka;
import org.junit.jupiter.api.Test;

final class MqttOpeningIT {

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    @Test
    void letsAClientInThatIsThereBeforeTheDoorIsOpen() throws Exception {
        // Given
        int port = freePort();
        FutureTask<Integer> client = new FutureTask<>(() -> connectCode(port));
        Thread.startVirtualThread(client);
        Names names = SharedKafka.freshNames();
        MqttFixture.create(names);
        CollectorSettings settings = MqttFixture.settings(4);

        // When
        try (MqttFixture _ =
                MqttFixture.open(
                        SharedKafka.connection(),
                        names,
                        settings.withMqtt(settings.mqtt().withPort(port)))) {
            // Then
            assertThat(client.get(20, TimeUnit.SECONDS)).isZero();
        }
    }

    /// What the door answers to the CONNECT of a client that tries until the port is there.
    private static int connectCode(int port) throws IOException {
        while (true) {
            try (Socket socket = new Socket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                // A socket can connect to itself.
                if (socket.getLocalPort() != port) {
                    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                    return new RawMqtt(socket, "early", Optional.empty()).connectCode();
                }
            } catch (ConnectException _) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}

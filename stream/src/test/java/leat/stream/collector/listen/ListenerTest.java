package leat.stream.collector.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.bootstrap.ServerBootstrap;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import leat.stream.testing.Await;
import org.junit.jupiter.api.Test;

final class ListenerTest {

    @Test
    void namesThePortThatIsTakenAndTheSettingToChange() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Listener listener = new Listener(place(other.getLocalPort()))) {
            // When / Then
            assertThatThrownBy(() -> listener.listen(new ServerBootstrap(), _ -> {}, () -> {}))
                    .isInstanceOf(PortTaken.class)
                    .hasMessageStartingWith(
                            "the collector cannot listen on 127.0.0.1:" + other.getLocalPort())
                    .hasMessageEndingWith("; free the port, or set collector.mqtt.port");
        }
    }

    @Test
    void closesAConnectionBeyondItsLimitAndLetsTheNextInWhenOneHasEnded() throws IOException {
        // Given
        AtomicInteger welcomed = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        try (Listener listener = new Listener(place(0))) {
            listener.listen(
                    new ServerBootstrap(),
                    _ -> welcomed.incrementAndGet(),
                    refused::incrementAndGet);
            try (Socket _ = connect(listener)) {
                Await.until(() -> assertThat(welcomed).hasValue(1));

                // When
                try (Socket second = connect(listener)) {
                    // Then
                    assertThat(second.getInputStream().read()).isNegative();
                }
                assertThat(refused).hasValue(1);
                assertThat(listener.open()).isEqualTo(1);
            }
            Await.until(() -> assertThat(listener.open()).isZero());
            try (Socket _ = connect(listener)) {
                Await.until(() -> assertThat(welcomed).hasValue(2));
            }
        }
    }

    @Test
    void takesNoConnectionOnceItIsStopped() {
        // Given
        try (Listener listener = new Listener(place(0))) {
            listener.listen(new ServerBootstrap(), _ -> {}, () -> {});
            int port = listener.port();

            // When
            listener.stop();

            // Then
            assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                    .isInstanceOf(IOException.class);
        }
    }

    private static Listener.Place place(int port) {
        return new Listener.Place("mqtt", "127.0.0.1", port, 1);
    }

    private static Socket connect(Listener listener) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port());
        socket.setSoTimeout(20_000);
        return socket;
    }
}

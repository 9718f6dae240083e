package leat.stream.collector.grpc;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static leat.stream.collector.CollectorFixture.CLICKS;
import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import leat.client.Batch;
import leat.client.ClientSettings;
import leat.client.Event;
import leat.client.LeatClient;
import leat.core.event.Names;
import leat.stream.collector.CollectorFixture;
import leat.stream.collector.EventIntake;
import leat.stream.collector.tls.DoorTls;
import leat.stream.collector.tls.TlsMetrics;
import leat.stream.collector.tls.WatchedTls;
import leat.stream.testing.Await;
import leat.stream.testing.FailedHandshakes;
import leat.stream.testing.SharedKafka;
import leat.stream.testing.TestCertificates;
import leat.stream.testing.TlsSockets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The gRPC door and connections that are none.
final class GrpcTlsIT {

    @TempDir private Path folder;

    private final PrometheusRegistry registry = new PrometheusRegistry();

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void countsConnectionsThatEndBeforeTheyAreEncryptedAndNoOthers() throws Exception {
        Names names = SharedKafka.freshNames();
        SharedKafka.create(CollectorFixture.topics(names));
        TestCertificates certificates = new TestCertificates(folder, "authority");
        SSLContext holder = certificates.client(Optional.of(certificates.client("gateway")));
        try (EventIntake intake =
                        EventIntake.open(
                                new EventIntake.Parts(
                                        SharedKafka.connection(), names, List.of(CLICKS), registry),
                                CollectorFixture.settings());
                WatchedTls files =
                        WatchedTls.open(
                                "collector",
                                certificates.settings(certificates.server("server")),
                                new TlsMetrics(registry));
                GrpcDoor door =
                        GrpcDoor.open(
                                intake,
                                GrpcFixture.settings(),
                                Optional.of(new DoorTls(files)),
                                registry)) {
            assertThat(accepted(door.port(), holder)).isEqualTo(1);
            encrypted(door.port(), holder);
            assertThat(failed()).isZero();

            inTheOpen(door.port());
            Await.until(() -> assertThat(failed()).isEqualTo(1));
            new Socket(InetAddress.getLoopbackAddress(), door.port()).close();
            Await.until(() -> assertThat(failed()).isEqualTo(2));
            withoutACertificate(door.port(), certificates.client(Optional.empty()));
            Await.until(() -> assertThat(failed()).isEqualTo(3));

            assertThat(accepted(door.port(), holder)).isEqualTo(1);
            assertThat(failed()).isEqualTo(3);
        }
    }

    private long failed() {
        return FailedHandshakes.at("grpc", registry);
    }

    private static long accepted(int port, SSLContext tls) throws InterruptedException {
        try (LeatClient client =
                LeatClient.open(
                        URI.create("grpcs://127.0.0.1:" + port),
                        Optional.empty(),
                        tls,
                        ClientSettings.DEFAULTS)) {
            return client.send(new Batch("clicks", "run", 0, List.of(Event.json("{\"seq\":1}"))))
                    .accepted();
        }
    }

    /// Once the door has written anything its side of the handshake is done.
    private static void encrypted(int port, SSLContext tls) throws IOException {
        try (Socket socket = TlsSockets.connect(tls, port)) {
            int _ = socket.getInputStream().read();
        }
    }

    private static void inTheOpen(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
            readToTheEnd(socket);
        }
    }

    private static void withoutACertificate(int port, SSLContext tls) {
        try (Socket socket = TlsSockets.connect(tls, port)) {
            readToTheEnd(socket);
        } catch (IOException _) {
            // TLS 1.3 tells the client when it reads, 1.2 at the handshake.
        }
    }

    private static void readToTheEnd(Socket socket) {
        try {
            socket.getInputStream().readAllBytes();
        } catch (IOException _) {
            // A reset ends it too.
        }
    }
}

package leat.stream.collector.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import leat.core.event.Names;
import leat.stream.collector.CollectorFixture;
import leat.stream.collector.EventIntake;
import leat.stream.collector.tls.DoorTls;
import leat.stream.collector.tls.TlsMetrics;
import leat.stream.collector.tls.WatchedTls;
import leat.stream.testing.RealProgram;
import leat.stream.testing.SharedKafka;
import leat.stream.testing.TestCertificates;
import leat.stream.testing.TestCertificates.Signed;
import leat.stream.testing.TlsSockets;
import leat.stream.tls.TlsSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The HTTP door over TLS, with curl and with clients that do as they like.
final class HttpTlsIT {

    @TempDir private Path folder;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Names names = SharedKafka.freshNames();
    private TestCertificates certificates;
    private Signed server;
    private EventIntake intake;
    private Optional<WatchedTls> files = Optional.empty();
    private Optional<HttpDoor> door = Optional.empty();

    @BeforeEach
    void prepare() {
        certificates = new TestCertificates(folder, "authority");
        server = certificates.server("server");
        SharedKafka.create(CollectorFixture.topics(names));
        intake =
                EventIntake.open(
                        new EventIntake.Parts(
                                SharedKafka.connection(),
                                names,
                                List.of(CollectorFixture.CARS, CollectorFixture.CLICKS),
                                registry),
                        CollectorFixture.settings());
    }

    @AfterEach
    void close() {
        door.ifPresent(HttpDoor::close);
        files.ifPresent(WatchedTls::close);
        intake.close();
    }

    private int open(Optional<Path> clientAuthorities) {
        WatchedTls tls =
                WatchedTls.open(
                        "collector",
                        new TlsSettings(
                                server.certificate(),
                                server.key(),
                                clientAuthorities,
                                Optional.empty()),
                        new TlsMetrics(registry));
        files = Optional.of(tls);
        HttpDoor opened =
                HttpDoor.open(
                        intake,
                        CollectorFixture.settings(),
                        Optional.of(new DoorTls(tls)),
                        registry);
        door = Optional.of(opened);
        return opened.port();
    }

    private record Ended(int exitCode, String output) {}

    /// Posts an event by curl, which prints the answer's status last.
    private static Ended curl(int port, String body, List<String> options)
            throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                RealProgram.require("curl", "curl").toString(),
                                "--silent",
                                "--show-error",
                                "--max-time",
                                "20",
                                "--write-out",
                                "\n%{http_code}",
                                "--header",
                                "Content-Type: application/x-ndjson",
                                "--data-binary",
                                "@-"));
        command.addAll(options);
        command.add("https://localhost:" + port + "/v1/events/clicks");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().write(body.getBytes(UTF_8));
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), output);
    }

    private List<String> trusting(String... more) {
        List<String> options =
                new ArrayList<>(List.of("--cacert", certificates.authorityFile().toString()));
        options.addAll(List.of(more));
        return options;
    }

    private int stored() {
        return CollectorFixture.records(
                        SharedKafka.connection(), names.raw(CollectorFixture.CLICKS))
                .size();
    }

    @Test
    void curlSendsOverEitherVersionOfTls() throws Exception {
        int port = open(Optional.empty());

        Ended newest = curl(port, "{\"id\":\"a\"}\n", trusting());
        Ended older = curl(port, "{\"id\":\"b\"}\n", trusting("--tls-max", "1.2"));

        assertThat(newest.output()).endsWith("\n202");
        assertThat(older.output()).endsWith("\n202");
        assertThat(stored()).isEqualTo(2);
        assertThat(curl(port, "{}", List.of()).exitCode()).as("untrusted").isEqualTo(60);
        assertThat(curl(port, "{}", trusting("--tls-max", "1.1")).exitCode()).isNotZero();
        assertThat(stored()).isEqualTo(2);
    }

    @Test
    void curlNeedsACertificateWhereTheyAreRequired() throws Exception {
        Signed client = certificates.client("gateway");
        int port = open(Optional.of(certificates.authorityFile()));

        Ended with =
                curl(
                        port,
                        "{\"id\":\"a\"}\n",
                        trusting(
                                "--cert",
                                client.certificate().toString(),
                                "--key",
                                client.key().toString()));
        Ended without = curl(port, "{\"id\":\"b\"}\n", trusting());

        assertThat(with.output()).endsWith("\n202");
        assertThat(without.exitCode()).isNotZero();
        assertThat(stored()).isEqualTo(1);
    }

    @Test
    void largeBodiesAndAnswersComeThroughWhole() throws Exception {
        int port = open(Optional.empty());
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < 9_000; i++) {
            body.append("{\"id\":\"")
                    .append(i)
                    .append("\",\"text\":\"")
                    .append("x".repeat(500))
                    .append("\"}\n");
        }

        Ended ended = curl(port, body.toString(), trusting());

        assertThat(ended.output()).endsWith("\n202");
        assertThat(stored()).isEqualTo(9_000);
    }

    @Test
    void connectionsGetTheRenewedCertificateAndOpenOnesGoOn() throws Exception {
        int port = open(Optional.empty());
        SSLSocket early = TlsSockets.connect(certificates.client(Optional.empty()), port);
        assertThat(shown(early)).isEqualTo(server.bundle().getCertificate());
        Signed renewed = certificates.server("renewed");

        Files.move(renewed.key(), server.key(), StandardCopyOption.REPLACE_EXISTING);
        Files.move(
                renewed.certificate(), server.certificate(), StandardCopyOption.REPLACE_EXISTING);

        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        boolean seen = false;
        while (!seen) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            try (SSLSocket late = TlsSockets.connect(certificates.client(Optional.empty()), port)) {
                seen = shown(late).equals(renewed.bundle().getCertificate());
            }
        }
        try (RawClient client = new RawClient(early)) {
            assertThat(client.send(RawClient.post("/v1/events/clicks", "{}")).read().status())
                    .isEqualTo(202);
        }
    }

    private static Certificate shown(SSLSocket socket) throws IOException {
        return socket.getSession().getPeerCertificates()[0];
    }

    @Test
    void aClientThatHasEndedItsSideGetsItsAnswer() throws Exception {
        int port = open(Optional.empty());
        SSLSocket socket = TlsSockets.connect(certificates.client(Optional.empty()), port);
        try (RawClient client = new RawClient(socket)) {
            client.send(RawClient.post("/v1/events/clicks", "{}"));
            socket.shutdownOutput();

            assertThat(client.read().status()).isEqualTo(202);
            assertThatThrownBy(client::read).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void aRefusedClientThatIsStillSendingGetsItsAnswer() throws Exception {
        int port = open(Optional.empty());
        try (RawClient client =
                new RawClient(TlsSockets.connect(certificates.client(Optional.empty()), port))) {
            client.send(
                    String.join(
                            "\r\n",
                            "POST /v1/events/clicks HTTP/1.1",
                            "Host: a",
                            "Transfer-Encoding: chunked",
                            "Content-Length: 7",
                            "",
                            "5",
                            "hello",
                            ""));

            assertThat(client.read().status()).isEqualTo(400);
        }
    }

    @Test
    void whatIsNotEncryptedIsNotRead() throws Exception {
        int port = open(Optional.empty());
        try (RawClient client = new RawClient(port)) {
            client.send(RawClient.post("/v1/events/clicks", "{}"));

            assertThatThrownBy(client::read)
                    .isInstanceOfAny(EOFException.class, SocketException.class, IOException.class);
        }
        assertThat(stored()).isZero();
    }
}

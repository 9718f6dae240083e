package leat.stream.collector.grpc;

import static leat.stream.collector.CollectorFixture.CLICKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.CertificateBuilder;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import javax.net.ssl.SSLContext;
import leat.client.Batch;
import leat.client.ClientException;
import leat.client.ClientSettings;
import leat.client.Event;
import leat.client.LeatClient;
import leat.core.event.Names;
import leat.stream.collector.CollectorFixture;
import leat.stream.collector.EventIntake;
import leat.stream.collector.http.HttpDoor;
import leat.stream.collector.tls.DoorTls;
import leat.stream.collector.tls.TlsMetrics;
import leat.stream.collector.tls.WatchedTls;
import leat.stream.send.ClientAccess;
import leat.stream.send.FileSender;
import leat.stream.send.InputSource;
import leat.stream.send.SendException;
import leat.stream.send.SendOptions;
import leat.stream.send.SendProgress;
import leat.stream.send.SendResult;
import leat.stream.send.SendSettings;
import leat.stream.testing.SharedKafka;
import leat.stream.testing.TestCertificates;
import leat.stream.testing.TestCertificates.Signed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The client library before doors that ask for certificates: it makes no difference by which.
final class ClientTlsIT {

    /// Soon gives up where it does not see that trying again is of no use.
    private static final ClientSettings SETTINGS =
            ClientSettings.DEFAULTS.withRequests(1, Duration.ofSeconds(10), Duration.ofSeconds(1));

    @TempDir private Path folder;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Names names = SharedKafka.freshNames();
    private TestCertificates certificates;
    private EventIntake intake;

    @BeforeEach
    void open() {
        certificates = new TestCertificates(folder, "authority");
        SharedKafka.create(CollectorFixture.topics(names));
        intake =
                EventIntake.open(
                        new EventIntake.Parts(
                                SharedKafka.connection(), names, List.of(CLICKS), registry),
                        CollectorFixture.settings());
    }

    @AfterEach
    void close() {
        intake.close();
    }

    /// Both doors, behind one certificate.
    private final class Doors implements AutoCloseable {

        private final WatchedTls files;
        private final HttpDoor http;
        private final GrpcDoor grpc;

        Doors(Signed server) {
            files =
                    WatchedTls.open(
                            "collector", certificates.settings(server), new TlsMetrics(registry));
            Optional<DoorTls> tls = Optional.of(new DoorTls(files));
            http = HttpDoor.open(intake, GrpcFixture.settings(), tls, new PrometheusRegistry());
            grpc = GrpcDoor.open(intake, GrpcFixture.settings(), tls, new PrometheusRegistry());
        }

        URI address(String scheme) {
            int port = scheme.equals("https") ? http.port() : grpc.port();
            return URI.create(scheme + "://127.0.0.1:" + port);
        }

        @Override
        public void close() {
            grpc.close();
            http.close();
            files.close();
        }
    }

    private SSLContext holder() {
        return certificates.client(Optional.of(certificates.client("gateway")));
    }

    private static long send(URI collector, SSLContext tls) throws InterruptedException {
        try (LeatClient client = LeatClient.open(collector, Optional.empty(), tls, SETTINGS)) {
            return client.send(batch()).accepted();
        }
    }

    private static Batch batch() {
        return new Batch("clicks", "run", 0, List.of(Event.json("{\"seq\":1}")));
    }

    private int stored() {
        return CollectorFixture.records(SharedKafka.connection(), names.raw(CLICKS)).size();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https", "grpcs"})
    void believesItsAuthorityAndShowsItsCertificate(String scheme) throws InterruptedException {
        try (Doors doors = new Doors(certificates.server("server"))) {
            long accepted = send(doors.address(scheme), holder());

            assertThat(accepted).isEqualTo(1);
            assertThat(stored()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"https", "grpcs"})
    void doesNotGetInWithoutACertificate(String scheme) {
        try (Doors doors = new Doors(certificates.server("server"))) {
            SSLContext none = certificates.client(Optional.empty());

            assertThatThrownBy(() -> send(doors.address(scheme), none))
                    .isInstanceOf(ClientException.class);
            assertThat(stored()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"https", "grpcs"})
    void tellsAtOnceThatItDoesNotBelieveTheServer(String scheme) throws Exception {
        TestCertificates others =
                new TestCertificates(Files.createDirectory(folder.resolve("others")), "others");
        try (Doors doors = new Doors(certificates.server("server"))) {
            SSLContext elsewhere = others.client(Optional.of(certificates.client("gateway")));

            assertDistrust(doors.address(scheme), elsewhere);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"https", "grpcs"})
    void doesNotBelieveACertificateOfAnotherName(String scheme) {
        Signed another =
                certificates.sign("another", builder -> server(builder, "collector.example"));
        try (Doors doors = new Doors(another)) {
            assertDistrust(doors.address(scheme), holder());
        }
    }

    private static CertificateBuilder server(CertificateBuilder builder, String host) {
        return builder.addSanDnsName(host).addExtendedKeyUsageServerAuth();
    }

    private void assertDistrust(URI collector, SSLContext tls) {
        assertThatThrownBy(() -> send(collector, tls))
                .isInstanceOfSatisfying(
                        ClientException.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo("tls"))
                .hasMessageContaining("do not trust each other");
        assertThat(stored()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "grpc", "ftp"})
    void doesNotTakeCertificatesToAnAddressThatIsNotEncrypted(String scheme) {
        URI collector = URI.create(scheme + "://127.0.0.1:1");

        assertThatThrownBy(() -> LeatClient.open(collector, Optional.empty(), holder(), SETTINGS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("neither https:// nor grpcs://");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https", "grpcs"})
    void bringsFilesOfLeatSend(String scheme) throws Exception {
        Path file = folder.resolve("clicks.jsonl");
        Files.writeString(file, "{\"seq\":1}\n{\"seq\":2}\n");
        try (Doors doors = new Doors(certificates.server("server"))) {
            SendResult result = sendFile(file, doors.address(scheme));

            assertThat(result.accepted()).isEqualTo(2);
            assertThat(stored()).isEqualTo(2);
        }
    }

    @Test
    void leatSendTakesNoCertificatesToAPlainAddress() throws Exception {
        Path file = Files.writeString(folder.resolve("clicks.jsonl"), "{\"seq\":1}\n");

        assertThatThrownBy(() -> sendFile(file, URI.create("grpc://127.0.0.1:1")))
                .isInstanceOf(SendException.Refused.class)
                .hasMessageContaining("write grpcs://");
    }

    private SendResult sendFile(Path file, URI collector) throws Exception {
        return new FileSender(
                        collector,
                        CLICKS,
                        SendSettings.DEFAULTS,
                        new ClientAccess(Optional.empty(), Optional.of(holder())))
                .send(
                        List.of(new InputSource.File(file)),
                        new SendOptions(
                                Optional.empty(),
                                OptionalDouble.empty(),
                                1,
                                Optional.empty(),
                                folder),
                        SendProgress.NONE);
    }
}

package leat.stream.collector.syslog;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import leat.stream.collector.access.AccessMetrics;
import leat.stream.collector.access.DoorKind;
import leat.stream.collector.access.KeyAccess;
import leat.stream.collector.access.KeyFile;
import leat.stream.collector.access.KeyGrant;
import leat.stream.collector.otlp.TelemetryContracts;
import leat.stream.collector.otlp.TelemetryFixture;
import leat.stream.collector.tls.DoorTls;
import leat.stream.collector.tls.TlsMetrics;
import leat.stream.collector.tls.WatchedTls;
import leat.stream.testing.Await;
import leat.stream.testing.RealProgram;
import leat.stream.testing.TestCertificates;
import leat.stream.testing.TestCertificates.Signed;
import leat.stream.testing.TlsSockets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The syslog door where it asks for certificates: real senders, and such that do as they like.
@Timeout(value = 240, unit = TimeUnit.SECONDS)
final class SyslogTlsIT {

    @TempDir private Path folder;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Counted counted = new Counted(registry);
    private final Map<String, KeyGrant> grants = new HashMap<>();
    private final KeyAccess access =
            new KeyAccess(
                    KeyFile.EMPTY,
                    InstantSource.system(),
                    System::nanoTime,
                    new AccessMetrics(registry));
    private TestCertificates certificates;
    private Signed server;
    private WatchedTls files;
    private TelemetryFixture collector;
    private SyslogDoor door;

    @BeforeEach
    void open() {
        certificates = new TestCertificates(folder, "authority");
        server = certificates.server("server");
        files =
                WatchedTls.open(
                        "collector", certificates.settings(server), new TlsMetrics(registry));
        collector = TelemetryFixture.open(access);
        door =
                SyslogDoor.open(
                        collector.intake(),
                        AnyPort.of("log-record", 100),
                        Optional.of(new DoorTls(files)),
                        Duration.ofSeconds(20),
                        registry);
    }

    @AfterEach
    void close() {
        door.close();
        collector.close();
        files.close();
    }

    private void grant(String subject, String contract, DoorKind... doors) {
        grants.put(
                subject,
                new KeyGrant(
                        List.of(),
                        Optional.of(subject),
                        List.of(contract),
                        List.of(doors),
                        Optional.empty(),
                        Optional.empty()));
        access.replace(new KeyFile(1, grants));
    }

    private void revoke(String subject) {
        grants.remove(subject);
        access.replace(new KeyFile(1, grants));
    }

    private SyslogSender connect(Optional<Signed> shown) throws IOException {
        return connect(certificates.client(shown));
    }

    private SyslogSender connect(SSLContext client) throws IOException {
        return new SyslogSender(TlsSockets.connect(client, door.port()));
    }

    private List<String> bodies() {
        return collector.events(TelemetryContracts.LOGS).stream()
                .map(event -> event.path("body").asString())
                .toList();
    }

    private List<JsonNode> await(int count) {
        Await.until(() -> assertThat(collector.records(TelemetryContracts.LOGS)).hasSize(count));
        return collector.events(TelemetryContracts.LOGS);
    }

    private Path lines(int count) throws IOException {
        Path input = folder.resolve("in.log");
        Files.writeString(
                input,
                IntStream.range(0, count)
                        .mapToObj(i -> "<11>Jan  3 11:00:00 m1 shop[7]: line " + i + "\n")
                        .reduce("", String::concat));
        return input;
    }

    @Test
    void rsyslogSendsByItsCertificate() throws Exception {
        Signed relay = certificates.client("relay");
        grant("relay", "log-record", DoorKind.SYSLOG);
        Path configuration = folder.resolve("rsyslog.conf");
        Files.writeString(
                configuration,
                """
                global(workDirectory="%1$s" defaultNetstreamDriver="ossl"
                       defaultNetstreamDriverCAFile="%2$s"
                       defaultNetstreamDriverCertFile="%3$s" defaultNetstreamDriverKeyFile="%4$s")
                module(load="imfile" mode="polling" pollingInterval="1")
                input(type="imfile" file="%5$s" tag="shop:" severity="err")
                action(type="omfwd" target="127.0.0.1" port="%6$d" protocol="tcp"
                       StreamDriver="ossl" StreamDriverMode="1" StreamDriverAuthMode="x509/name"
                       StreamDriverPermittedPeers="localhost" TCP_Framing="octet-counted"
                       template="RSYSLOG_SyslogProtocol23Format")
                """
                        .formatted(
                                folder,
                                certificates.authorityFile(),
                                relay.certificate(),
                                relay.key(),
                                lines(500),
                                door.port()));
        try (RealProgram _ = RealProgram.rsyslog(folder, configuration)) {
            List<JsonNode> events = await(500);

            assertThat(events.stream().map(event -> event.path("body").asString()).distinct())
                    .hasSize(500);
            assertThat(events)
                    .allMatch(event -> event.path("format").asString().equals("rfc5424"))
                    .allMatch(event -> event.path("service").asString().equals("shop"));
        }
    }

    @Test
    void syslogNgIsLetInOnceItsCertificateHasAKey() throws Exception {
        Signed relay = certificates.client("relay");
        Path input = lines(100);
        Path configuration = folder.resolve("syslog-ng.conf");
        Files.writeString(
                configuration,
                """
                @version: 3.38
                options { keep-hostname(yes); stats-freq(0); time-reopen(1); };
                source in { file("%s" read-old-records(yes) follow-freq(0.1)); };
                destination leat {
                  syslog("localhost" transport("tls") port(%d) ip-protocol(4)
                    tls(ca-file("%s") cert-file("%s") key-file("%s") peer-verify(required-trusted)));
                };
                log { source(in); destination(leat); };
                """
                        .formatted(
                                input,
                                door.port(),
                                certificates.authorityFile(),
                                relay.certificate(),
                                relay.key()));
        try (RealProgram _ = RealProgram.syslogNg(folder, configuration)) {
            Await.untilTrue(() -> counted.refused("unauthenticated") > 0);
            assertThat(bodies()).isEmpty();

            grant("relay", "log-record");

            // What is sent to a door that says no is gone: syslog has no answer.
            Await.until(() -> {
                Files.writeString(
                        input, "<11>Jan  3 11:00:00 m1 shop[7]: late\n", StandardOpenOption.APPEND);
                assertThat(bodies()).contains("late");
            });
            assertThat(collector.dead(TelemetryContracts.LOGS)).isEmpty();
        }
    }

    @Test
    void aSenderWithItsCertificateIsStoredInOrder() throws Exception {
        grant("gateway", "log-record", DoorKind.SYSLOG);
        try (SyslogSender sender = connect(Optional.of(certificates.client("gateway")))) {
            for (int i = 0; i < 1000; i++) {
                sender.send("line " + i);
            }

            await(1000);

            assertThat(counted.messages("stored")).isEqualTo(1000);
            assertThat(collector.intake().bytesInFlight().taken()).isZero();
        }
        Await.untilTrue(() -> counted.openConnections() == 0);
    }

    @Test
    void nobodyConnectsWithoutACertificateOfTheAuthority() throws Exception {
        grant("gateway", "log-record");
        // Of the same name, or the client would not even show what it has.
        TestCertificates others =
                new TestCertificates(Files.createTempDirectory(folder, "another"), "authority");

        assertRefusedInTheHandshake(certificates.client(Optional.empty()));
        assertRefusedInTheHandshake(certificates.client(Optional.of(others.client("gateway"))));

        assertThat(counted.failedHandshakes()).isEqualTo(2);
        assertThat(counted.refused("unauthenticated")).isZero();
        assertThat(bodies()).isEmpty();
    }

    private void assertRefusedInTheHandshake(SSLContext client) {
        long before = counted.failedHandshakes();
        try (SyslogSender sender = connect(client)) {
            sender.send("refused");
            Await.untilTrue(sender::hasEnded);
        } catch (IOException _) {
            // TLS 1.3 tells the client when it reads or writes, 1.2 at the handshake.
        }
        Await.untilTrue(() -> counted.failedHandshakes() == before + 1);
    }

    @Test
    void aCertificateWithoutARightToTheContractOrTheDoorIsTurnedAway() throws Exception {
        grant("metrics", "metric-point");
        grant("web", "log-record", DoorKind.HTTP, DoorKind.MQTT);

        assertTurnedAway("stranger", "unauthenticated");
        assertTurnedAway("metrics", "forbidden");
        assertTurnedAway("web", "forbidden");

        assertThat(bodies()).isEmpty();
        assertThat(counted.failedHandshakes()).isZero();
        assertThat(collector.intake().bytesInFlight().taken()).isZero();
        Await.untilTrue(() -> counted.openConnections() == 0);
    }

    /// Does not even send: it is turned away when it has connected.
    private void assertTurnedAway(String subject, String reason) throws IOException {
        long before = counted.refused(reason);
        try (SyslogSender sender = connect(Optional.of(certificates.client(subject)))) {
            Await.untilTrue(sender::hasEnded);
        }
        assertThat(counted.refused(reason)).isEqualTo(before + 1);
    }

    @Test
    void aKeyThatIsRevokedEndsForASenderThatIsConnected() throws Exception {
        grant("gateway", "log-record");
        try (SyslogSender sender = connect(Optional.of(certificates.client("gateway")))) {
            sender.send("before");
            await(1);

            revoke("gateway");
            sender.send("after");

            Await.untilTrue(sender::hasEnded);
        }
        assertThat(bodies()).containsExactly("before");
        assertThat(counted.messages("denied")).isEqualTo(1);
        assertThat(counted.refused("unauthenticated")).isEqualTo(1);
        assertThat(collector.intake().bytesInFlight().taken()).isZero();
        assertThat(collector.intake().requestsInFlight().taken()).isZero();
    }

    @Test
    void whatASenderHasSentBeforeItsEndIsStoredAndItsEndAnswered() throws Exception {
        grant("gateway", "log-record");
        try (SyslogSender sender = connect(Optional.of(certificates.client("gateway")))) {
            sender.send("one");
            sender.sendBytes("<13>1 - m1 shop - - - two, without an end");
            sender.end();

            Await.untilTrue(sender::hasEnded);
        }
        await(2);
        assertThat(bodies()).containsExactlyInAnyOrder("one", "two, without an end");
    }

    @Test
    void whatIsNotEncryptedIsNotRead() throws Exception {
        grant("gateway", "log-record");
        try (SyslogSender sender =
                new SyslogSender(new Socket(InetAddress.getLoopbackAddress(), door.port()))) {
            sender.send("in the open");

            Await.untilTrue(() -> counted.failedHandshakes() == 1);
        }
        Await.untilTrue(() -> counted.openConnections() == 0);
        assertThat(bodies()).isEmpty();
    }

    @Test
    void aHandshakeThatDoesNotGoOnIsEndedInTime() throws Exception {
        long start = System.nanoTime();
        try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), door.port());
                Socket half = new Socket(InetAddress.getLoopbackAddress(), door.port())) {
            // The beginning of a ClientHello.
            half.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3});
            Await.untilTrue(() -> counted.openConnections() == 2);
            silent.setSoTimeout(30_000);
            half.setSoTimeout(30_000);

            silent.getInputStream().readAllBytes();
            half.getInputStream().readAllBytes();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        Await.untilTrue(() -> counted.openConnections() == 0);
        assertThat(counted.failedHandshakes()).isEqualTo(2);
        assertThat(collector.intake().bytesInFlight().taken()).isZero();
    }

    @Test
    void aHandshakeWithoutAnEndIsNotCollected() throws Exception {
        byte[] record = new byte[5 + (16 << 10)];
        // A record of handshake of 16 KiB, each the next piece of a ClientHello of 16 MiB.
        System.arraycopy(new byte[] {22, 3, 1, 64, 0}, 0, record, 0, 5);
        byte[] first = record.clone();
        System.arraycopy(new byte[] {1, -1, -1, -1, 3, 3}, 0, first, 5, 6);
        int sent = 0;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(first);
            while (sent < 1000 && counted.failedHandshakes() == 0) {
                out.write(record);
                sent++;
            }
        } catch (IOException _) {
            // It has been ended.
        }
        Await.untilTrue(() -> counted.failedHandshakes() == 1 && counted.openConnections() == 0);
        assertThat(sent).isLessThan(1000);
    }

    @Test
    void newConnectionsGoByNewFilesAndOpenOnesGoOn() throws Exception {
        // Given
        grant("gateway", "log-record");
        Signed known = certificates.client("gateway");
        TestCertificates others =
                new TestCertificates(Files.createTempDirectory(folder, "another"), "authority");
        Signed other = others.client("gateway");
        try (SyslogSender early = connect(Optional.of(known))) {
            early.send("early");
            await(1);

            // When
            Signed renewed = certificates.server("renewed");
            replace(others.authorityFile(), certificates.authorityFile());
            replace(renewed.key(), server.key());
            replace(renewed.certificate(), server.certificate());
            Await.untilTrue(() -> isShown(renewed, other));

            // Then
            early.send("still there");
            await(2);
            try (SyslogSender late = connect(Optional.of(other))) {
                late.send("late");
                await(3);
            }
            assertRefusedInTheHandshake(certificates.client(Optional.of(known)));
            assertThat(bodies()).containsExactlyInAnyOrder("early", "still there", "late");
        }
    }

    private static void replace(Path by, Path file) throws IOException {
        Files.move(by, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private boolean isShown(Signed expected, Signed client) {
        try (SSLSocket socket =
                TlsSockets.connect(certificates.client(Optional.of(client)), door.port())) {
            return socket.getSession()
                    .getPeerCertificates()[0]
                    .equals(expected.bundle().getCertificate());
        } catch (IOException _) {
            return false;
        }
    }
}

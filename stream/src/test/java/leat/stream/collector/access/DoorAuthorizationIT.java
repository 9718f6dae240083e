package leat.stream.collector.access;

import static leat.stream.collector.CollectorFixture.CARS_NEXT;
import static leat.stream.collector.CollectorFixture.CLICKS;
import static leat.stream.collector.access.GrantedKeys.anyKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import leat.core.event.Names;
import leat.stream.collector.CollectorFixture;
import leat.stream.collector.EventIntake;
import leat.stream.collector.access.DoorProbe.Client;
import leat.stream.collector.access.DoorProbe.Door;
import leat.stream.collector.access.DoorProbe.Outcome;
import leat.stream.collector.tls.DoorTls;
import leat.stream.collector.tls.TlsMetrics;
import leat.stream.collector.tls.WatchedTls;
import leat.stream.testing.SharedKafka;
import leat.stream.testing.TestCertificates;
import leat.stream.tls.TlsSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every door, and every kind of key that may stand before it.
final class DoorAuthorizationIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final AtomicInteger IDS = new AtomicInteger();

    @TempDir private static Path folder;

    private static Names names;
    private static GrantedKeys keys;
    private static EventIntake intake;
    private static TestCertificates certificates;
    private static TestCertificates.Signed server;
    private static WatchedTls tls;
    private static final PrometheusRegistry REGISTRY = new PrometheusRegistry();

    static Stream<DoorProbe> doors() {
        return DoorProbes.all();
    }

    static Stream<DoorProbe> keyDoors() {
        return DoorProbes.all().filter(probe -> probe.kind().takesKeys());
    }

    @BeforeAll
    static void openIntake() {
        certificates = new TestCertificates(folder, "authority");
        server = certificates.server("server");
        tls =
                WatchedTls.open(
                        "collector",
                        new TlsSettings(
                                server.certificate(),
                                server.key(),
                                Optional.of(certificates.authorityFile()),
                                Optional.of(TlsSettings.ClientCertificates.OPTIONAL)),
                        new TlsMetrics(REGISTRY));
        names = SharedKafka.freshNames();
        SharedKafka.create(CollectorFixture.topics(names));
        keys = new GrantedKeys(folder.resolve("keys.yaml"), REGISTRY);
        intake =
                EventIntake.open(
                        new EventIntake.Parts(
                                SharedKafka.connection(),
                                names,
                                List.of(CARS_NEXT, CLICKS),
                                keys.access(),
                                REGISTRY),
                        CollectorFixture.settings());
    }

    @AfterAll
    static void close() {
        intake.close();
        tls.close();
        keys.close();
    }

    @ParameterizedTest
    @MethodSource("keyDoors")
    void nobodyGetsInWithoutAKey(DoorProbe probe) {
        assertThat(sent(probe, Optional.empty(), "clicks")).isEqualTo(Outcome.UNAUTHENTICATED);
    }

    @ParameterizedTest
    @MethodSource("keyDoors")
    void aWrongKeyIsRefused(DoorProbe probe) {
        KeyToken right = keys.grant("right", anyKey(List.of("clicks"), List.of()));
        String wrong = right.text().substring(0, right.text().length() - 1);
        String last = right.text().endsWith("0") ? "1" : "0";

        assertThat(sent(probe, Optional.of(wrong + last), "clicks"))
                .isEqualTo(Outcome.UNAUTHENTICATED);
        assertThat(sent(probe, Optional.of("hunter2"), "clicks"))
                .isEqualTo(Outcome.UNAUTHENTICATED);
    }

    @ParameterizedTest
    @MethodSource("keyDoors")
    void theRightKeyGetsIn(DoorProbe probe) {
        KeyToken key = keys.grant("all", anyKey(List.of("*"), List.of(probe.kind())));
        long before = stored();

        Outcome outcome = sent(probe, Optional.of(key.text()), "clicks");

        assertThat(outcome).isEqualTo(Outcome.ACCEPTED);
        assertThat(stored()).isEqualTo(before + 1);
    }

    @ParameterizedTest
    @MethodSource("keyDoors")
    void aKeyForAnotherContractIsRefusedAndStoresNothing(DoorProbe probe) {
        KeyToken key = keys.grant("cars", anyKey(List.of("car-telemetry"), List.of()));
        long before = stored();

        Outcome outcome = sent(probe, Optional.of(key.text()), "clicks");

        assertThat(outcome).isEqualTo(Outcome.FORBIDDEN);
        assertThat(stored()).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("keyDoors")
    void aKeyForAnotherMajorVersionIsRefused(DoorProbe probe) {
        KeyToken key = keys.grant("old", anyKey(List.of("clicks.v7"), List.of()));

        assertThat(sent(probe, Optional.of(key.text()), "clicks")).isEqualTo(Outcome.FORBIDDEN);
    }

    @ParameterizedTest
    @MethodSource("keyDoors")
    void aKeyForAnotherDoorIsRefused(DoorProbe probe) {
        List<DoorKind> others =
                Stream.of(DoorKind.values())
                        .filter(door -> door != probe.kind() && door != DoorKind.BROWSER)
                        .toList();
        KeyToken key = keys.grant("elsewhere", anyKey(List.of("*"), others));

        assertThat(sent(probe, Optional.of(key.text()), "clicks")).isEqualTo(Outcome.FORBIDDEN);
    }

    @ParameterizedTest
    @MethodSource("keyDoors")
    void anExpiredKeyIsRefused(DoorProbe probe) {
        KeyToken token =
                keys.grant("expired", anyKey(List.of("*"), List.of()), Optional.of(Instant.EPOCH));

        assertThat(sent(probe, Optional.of(token.text()), "clicks"))
                .isEqualTo(Outcome.UNAUTHENTICATED);
    }

    @ParameterizedTest
    @MethodSource("keyDoors")
    void aKeyThatIsRevokedEndsForAClientThatIsConnected(DoorProbe probe) {
        KeyToken key = keys.grant("leaving", anyKey(List.of("*"), List.of()));
        try (Door door = open(probe, Optional.empty());
                Client client = door.connect(Optional.of(key.text()))) {
            assertThat(client.send("clicks", freshId())).isEqualTo(Outcome.ACCEPTED);

            keys.revoke("leaving");

            assertThat(untilRefused(client)).isEqualTo(Outcome.UNAUTHENTICATED);
        }
    }

    @ParameterizedTest
    @MethodSource("refusingDoors")
    void whatIsBeyondTheQuotaIsHeldBackAndStoresNothing(DoorProbe probe) {
        KeyGrant slow =
                new KeyGrant(
                        List.of(new KeySecret("0".repeat(12), "0".repeat(64), Optional.empty())),
                        Optional.empty(),
                        List.of("*"),
                        List.of(),
                        Optional.of(1L),
                        Optional.empty());
        KeyToken key = keys.grant("slow-" + probe.kind().word(), slow);
        try (Door door = open(probe, Optional.empty());
                Client client = door.connect(Optional.of(key.text()))) {
            long before = stored();
            assertThat(client.send("clicks", freshId())).isEqualTo(Outcome.ACCEPTED);

            Outcome second = client.send("clicks", freshId());

            assertThat(second).isEqualTo(Outcome.THROTTLED);
            assertThat(stored()).isEqualTo(before + 1);
        }
    }

    static Stream<DoorProbe> refusingDoors() {
        return DoorProbes.all().filter(DoorProbe::refusesBeyondQuota);
    }

    @ParameterizedTest
    @MethodSource("doors")
    void aClientCertificateStandsForItsKeyWithScopesAndDoors(DoorProbe probe) throws IOException {
        SSLContext client = certificates.client(Optional.of(certificates.client("gateway")));
        keys.grantSubject("by-certificate", "gateway", List.of("clicks"), List.of(probe.kind()));
        try (Door door = openEncrypted(probe);
                Client connected = door.connect(client, Optional.empty())) {
            long before = stored();

            assertThat(connected.send("clicks", freshId())).isEqualTo(Outcome.ACCEPTED);

            assertThat(stored()).isEqualTo(before + 1);
        }
        keys.grantSubject("by-certificate", "gateway", List.of("car-telemetry"), List.of());
        assertThat(sentEncrypted(probe, client, Optional.empty())).isEqualTo(Outcome.FORBIDDEN);
        keys.grantSubject("by-certificate", "gateway", List.of("clicks.v7"), List.of());
        assertThat(sentEncrypted(probe, client, Optional.empty())).isEqualTo(Outcome.FORBIDDEN);
        List<DoorKind> others =
                Stream.of(DoorKind.values())
                        .filter(door -> door != probe.kind() && door != DoorKind.BROWSER)
                        .toList();
        keys.grantSubject("by-certificate", "gateway", List.of("*"), others);
        assertThat(sentEncrypted(probe, client, Optional.empty())).isEqualTo(Outcome.FORBIDDEN);
    }

    @ParameterizedTest
    @MethodSource("doors")
    void aCertificateThatNoKeyNamesIsNobodys(DoorProbe probe) throws IOException {
        SSLContext client = certificates.client(Optional.of(certificates.client("stranger")));

        assertThat(sentEncrypted(probe, client, Optional.empty()))
                .isEqualTo(Outcome.UNAUTHENTICATED);
    }

    @ParameterizedTest
    @MethodSource("keyDoors")
    void aKeyThatIsShownCountsBeforeTheCertificate(DoorProbe probe) throws IOException {
        SSLContext client = certificates.client(Optional.of(certificates.client("gateway")));
        keys.grantSubject("by-certificate", "gateway", List.of("car-telemetry"), List.of());
        KeyToken key = keys.grant("shown", anyKey(List.of("clicks"), List.of()));

        assertThat(sentEncrypted(probe, client, Optional.of(key.text())))
                .isEqualTo(Outcome.ACCEPTED);
        assertThat(sentEncrypted(probe, client, Optional.of("hunter2")))
                .isEqualTo(Outcome.UNAUTHENTICATED);
    }

    @ParameterizedTest
    @MethodSource("keyDoors")
    void withoutACertificateAKeyIsAskedForWhereCertificatesAreOptional(DoorProbe probe)
            throws IOException {
        SSLContext client = certificates.client(Optional.empty());
        KeyToken key = keys.grant("keyed", anyKey(List.of("clicks"), List.of()));

        assertThat(sentEncrypted(probe, client, Optional.of(key.text())))
                .isEqualTo(Outcome.ACCEPTED);
    }

    @ParameterizedTest
    @MethodSource("doors")
    void nobodyGetsInOverTlsWithoutACertificateAndAKey(DoorProbe probe) throws IOException {
        SSLContext client = certificates.client(Optional.empty());

        assertThat(sentEncrypted(probe, client, Optional.empty()))
                .isEqualTo(Outcome.UNAUTHENTICATED);
    }

    @ParameterizedTest
    @MethodSource("doors")
    void aKeyThatIsRevokedEndsForAClientThatIsConnectedByItsCertificate(DoorProbe probe)
            throws IOException {
        SSLContext client = certificates.client(Optional.of(certificates.client("leaver")));
        keys.grantSubject("by-leaver", "leaver", List.of("*"), List.of());
        try (Door door = openEncrypted(probe);
                Client connected = door.connect(client, Optional.empty())) {
            assertThat(connected.send("clicks", freshId())).isEqualTo(Outcome.ACCEPTED);

            keys.revoke("by-leaver");

            assertThat(untilRefused(connected)).isEqualTo(Outcome.UNAUTHENTICATED);
        }
    }

    @ParameterizedTest
    @MethodSource("doors")
    void nobodyConnectsWithACertificateOfAnotherAuthority(DoorProbe probe) throws IOException {
        // Of the same name, or the client would not even show what it has.
        TestCertificates others =
                new TestCertificates(Files.createTempDirectory(folder, "another"), "authority");
        SSLContext client = certificates.client(Optional.of(others.client("gateway")));
        keys.grantSubject("by-certificate", "gateway", List.of("*"), List.of());

        try (Door door = openEncrypted(probe)) {
            assertNoConnection(door, client);
        }
    }

    @ParameterizedTest
    @MethodSource("doors")
    void otherAuthoritiesOfClientsCountForNewConnections(DoorProbe probe) throws IOException {
        // Given
        TestCertificates former = authority("former");
        TestCertificates next = authority("next");
        SSLContext formerClient = client(former);
        SSLContext nextClient = client(next);
        keys.grantSubject("by-certificate", "gateway", List.of("clicks"), List.of());
        try (WatchedTls files = openRequiring(former);
                Door door = open(probe, Optional.of(files));
                Client connected = door.connect(formerClient, Optional.empty())) {
            assertThat(connected.send("clicks", freshId())).isEqualTo(Outcome.ACCEPTED);
            assertNoConnection(door, nextClient);

            // When
            Files.move(
                    next.authorityFile(),
                    former.authorityFile(),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            awaitAuthority(files, next);

            // Then: the former client's context would take up its session, if it were let to
            assertThat(sent(door, nextClient)).isEqualTo(Outcome.ACCEPTED);
            assertNoConnection(door, formerClient);
            assertThat(connected.send("clicks", freshId()))
                    .as("a connection that is open")
                    .isEqualTo(Outcome.ACCEPTED);
        }
    }

    /// An authority of clients, in a folder of its own.
    private static TestCertificates authority(String name) throws IOException {
        return new TestCertificates(Files.createTempDirectory(folder, name), name);
    }

    /// Shows a certificate of `authority` and believes the server.
    private static SSLContext client(TestCertificates authority) {
        return certificates.client(Optional.of(authority.client("gateway")));
    }

    private static WatchedTls openRequiring(TestCertificates ofClients) {
        return WatchedTls.open(
                "collector", ofClients.settings(server), new TlsMetrics(new PrometheusRegistry()));
    }

    private static void awaitAuthority(WatchedTls files, TestCertificates wanted) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<X509Certificate> authorities = List.of(wanted.authority().getCertificate());
        while (!files.current().clientAuthorities().equals(authorities)) {
            assertThat(System.nanoTime()).as("time").isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }

    private static Outcome sent(Door door, SSLContext client) throws IOException {
        try (Client connected = door.connect(client, Optional.empty())) {
            return connected.send("clicks", freshId());
        }
    }

    private static void assertNoConnection(Door door, SSLContext client) {
        // TLS 1.3 tells the client when it reads, 1.2 at the handshake.
        assertThatThrownBy(() -> sent(door, client))
                .satisfies(e ->
                        assertThat(e instanceof UncheckedIOException ? e.getCause() : e)
                                .isInstanceOf(IOException.class));
    }

    private static Door openEncrypted(DoorProbe probe) {
        return open(probe, Optional.of(tls));
    }

    private static Door open(DoorProbe probe, Optional<WatchedTls> files) {
        return probe.open(
                intake,
                CollectorFixture.settings(),
                files.map(DoorTls::new),
                new PrometheusRegistry());
    }

    private static Outcome sentEncrypted(DoorProbe probe, SSLContext client, Optional<String> key)
            throws IOException {
        try (Door door = openEncrypted(probe);
                Client connected = door.connect(client, key)) {
            return connected.send("clicks", freshId());
        }
    }

    /// The first answer that is none of acceptance.
    private static Outcome untilRefused(Client client) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Outcome outcome = client.send("clicks", freshId());
        while (outcome == Outcome.ACCEPTED && System.nanoTime() < deadline) {
            outcome = client.send("clicks", freshId());
        }
        return outcome;
    }

    private static Outcome sent(DoorProbe probe, Optional<String> key, String contract) {
        try (Door door = open(probe, Optional.empty());
                Client client = door.connect(key)) {
            return client.send(contract, freshId());
        }
    }

    private static String freshId() {
        return "event-" + IDS.incrementAndGet();
    }

    private static long stored() {
        return CollectorFixture.records(SharedKafka.connection(), names.raw(CLICKS)).size();
    }
}

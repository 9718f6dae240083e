package leat.stream.collector.access;

import static leat.stream.collector.CollectorFixture.CARS_NEXT;
import static leat.stream.collector.CollectorFixture.CLICKS;
import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import leat.core.event.Names;
import leat.stream.collector.CollectorFixture;
import leat.stream.collector.EventIntake;
import leat.stream.collector.access.DoorProbe.Client;
import leat.stream.collector.access.DoorProbe.Door;
import leat.stream.collector.access.DoorProbe.Outcome;
import leat.stream.testing.SharedKafka;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every door, and every kind of key that may stand before it.
final class DoorAuthorizationIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final AtomicInteger IDS = new AtomicInteger();

    @TempDir private static Path folder;

    private static Names names;
    private static Path keysFile;
    private static WatchedKeys keys;
    private static EventIntake intake;
    private static final PrometheusRegistry REGISTRY = new PrometheusRegistry();
    private static final Map<String, KeyGrant> GRANTS = new LinkedHashMap<>();

    static Stream<DoorProbe> doors() {
        return DoorProbes.all();
    }

    @BeforeAll
    static void openIntake() {
        keysFile = folder.resolve("keys.yaml");
        KeyFileWriter.write(keysFile, KeyFile.EMPTY);
        names = SharedKafka.freshNames();
        SharedKafka.create(CollectorFixture.topics(names));
        keys = WatchedKeys.open(keysFile, new AccessMetrics(REGISTRY), Duration.ofMillis(20));
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
        keys.close();
    }

    @ParameterizedTest
    @MethodSource("doors")
    void nobodyGetsInWithoutAKey(DoorProbe probe) {
        assertThat(sent(probe, Optional.empty(), "clicks")).isEqualTo(Outcome.UNAUTHENTICATED);
    }

    @ParameterizedTest
    @MethodSource("doors")
    void aWrongKeyIsRefused(DoorProbe probe) {
        KeyToken right = grant("right", anyKey(List.of("clicks"), List.of()));
        String wrong = right.text().substring(0, right.text().length() - 1);
        String last = right.text().endsWith("0") ? "1" : "0";

        assertThat(sent(probe, Optional.of(wrong + last), "clicks"))
                .isEqualTo(Outcome.UNAUTHENTICATED);
        assertThat(sent(probe, Optional.of("hunter2"), "clicks"))
                .isEqualTo(Outcome.UNAUTHENTICATED);
    }

    @ParameterizedTest
    @MethodSource("doors")
    void theRightKeyGetsIn(DoorProbe probe) {
        KeyToken key = grant("all", anyKey(List.of("*"), List.of(probe.kind())));
        long before = stored();

        Outcome outcome = sent(probe, Optional.of(key.text()), "clicks");

        assertThat(outcome).isEqualTo(Outcome.ACCEPTED);
        assertThat(stored()).isEqualTo(before + 1);
    }

    @ParameterizedTest
    @MethodSource("doors")
    void aKeyForAnotherContractIsRefusedAndStoresNothing(DoorProbe probe) {
        KeyToken key = grant("cars", anyKey(List.of("car-telemetry"), List.of()));
        long before = stored();

        Outcome outcome = sent(probe, Optional.of(key.text()), "clicks");

        assertThat(outcome).isEqualTo(Outcome.FORBIDDEN);
        assertThat(stored()).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("doors")
    void aKeyForAnotherMajorVersionIsRefused(DoorProbe probe) {
        KeyToken key = grant("old", anyKey(List.of("clicks.v7"), List.of()));

        assertThat(sent(probe, Optional.of(key.text()), "clicks")).isEqualTo(Outcome.FORBIDDEN);
    }

    @ParameterizedTest
    @MethodSource("doors")
    void aKeyForAnotherDoorIsRefused(DoorProbe probe) {
        List<DoorKind> others =
                Stream.of(DoorKind.values())
                        .filter(door -> door != probe.kind() && door != DoorKind.BROWSER)
                        .toList();
        KeyToken key = grant("elsewhere", anyKey(List.of("*"), others));

        assertThat(sent(probe, Optional.of(key.text()), "clicks")).isEqualTo(Outcome.FORBIDDEN);
    }

    @ParameterizedTest
    @MethodSource("doors")
    void anExpiredKeyIsRefused(DoorProbe probe) {
        KeyToken token = KeyToken.make(RANDOM);
        write("expired", anyKey(List.of("*"), List.of()), token, Optional.of(Instant.EPOCH));

        assertThat(sent(probe, Optional.of(token.text()), "clicks"))
                .isEqualTo(Outcome.UNAUTHENTICATED);
    }

    @ParameterizedTest
    @MethodSource("doors")
    void aKeyThatIsRevokedEndsForAClientThatIsConnected(DoorProbe probe) {
        KeyToken key = grant("leaving", anyKey(List.of("*"), List.of()));
        try (Door door = probe.open(intake, CollectorFixture.settings(), new PrometheusRegistry());
                Client client = door.connect(Optional.of(key.text()))) {
            assertThat(client.send("clicks", freshId())).isEqualTo(Outcome.ACCEPTED);

            GRANTS.remove("leaving");
            KeyFileWriter.write(keysFile, new KeyFile(1, GRANTS));

            long deadline = System.nanoTime() + PATIENCE.toNanos();
            Outcome outcome = client.send("clicks", freshId());
            while (outcome == Outcome.ACCEPTED && System.nanoTime() < deadline) {
                outcome = client.send("clicks", freshId());
            }
            assertThat(outcome).isEqualTo(Outcome.UNAUTHENTICATED);
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
        KeyToken key = grant("slow-" + probe.kind().word(), slow);
        try (Door door = probe.open(intake, CollectorFixture.settings(), new PrometheusRegistry());
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

    private static Outcome sent(DoorProbe probe, Optional<String> key, String contract) {
        try (Door door = probe.open(intake, CollectorFixture.settings(), new PrometheusRegistry());
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

    private static KeyGrant anyKey(List<String> contracts, List<DoorKind> doors) {
        return new KeyGrant(
                List.of(new KeySecret("0".repeat(12), "0".repeat(64), Optional.empty())),
                Optional.empty(),
                contracts,
                doors,
                Optional.empty(),
                Optional.empty());
    }

    /// Writes a key and returns when the collector knows it.
    private static KeyToken grant(String name, KeyGrant grant) {
        KeyToken token = KeyToken.make(RANDOM);
        write(name, grant, token, Optional.empty());
        return token;
    }

    private static void write(
            String name, KeyGrant grant, KeyToken token, Optional<Instant> expires) {
        KeySecret secret =
                new KeySecret(token.id(), HexFormat.of().formatHex(token.hash()), expires);
        GRANTS.put(name, grant.withSecrets(List.of(secret)));
        KeyFileWriter.write(keysFile, new KeyFile(1, GRANTS));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!known(token)) {
            assertThat(System.nanoTime()).as("time for the keys to be read").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static boolean known(KeyToken token) {
        return switch (keys.access().admit(DoorKind.HTTP, new Credentials.Key(token.text()))) {
            case Access.Admission.Admitted _ -> true;
            case Access.Admission.Denied(Denial denial) ->
                    denial.kind() == Denial.Kind.FORBIDDEN || denial.message().contains("expired");
        };
    }
}

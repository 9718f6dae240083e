package leat.stream.collector.access;

import static leat.stream.collector.CollectorFixture.CARS;
import static leat.stream.collector.CollectorFixture.CARS_NEXT;
import static leat.stream.collector.CollectorFixture.CLICKS;
import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import leat.core.config.DataSize;
import leat.core.contract.Contract;
import leat.stream.collector.access.Access.Admission;
import org.junit.jupiter.api.Test;

final class KeyAccessTest {

    private static final Instant START = Instant.parse("2026-06-01T00:00:00Z");

    private final KeyToken token = KeyToken.make(new SecureRandom());
    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final AtomicLong nanos = new AtomicLong();

    private KeyAccess access(KeyGrant grant) {
        return new KeyAccess(
                new KeyFile(1, Map.of("a", grant)),
                now::get,
                nanos::get,
                new AccessMetrics(new PrometheusRegistry()));
    }

    private KeyGrant grant(String contract, Optional<Long> events, Optional<DataSize> bytes) {
        return new KeyGrant(
                List.of(secret(token, Optional.empty())),
                Optional.empty(),
                List.of(contract),
                List.of(),
                events,
                bytes);
    }

    private static KeySecret secret(KeyToken token, Optional<Instant> expires) {
        return new KeySecret(token.id(), HexFormat.of().formatHex(token.hash()), expires);
    }

    private static Caller admitted(Access access, Credentials credentials) {
        return switch (access.admit(DoorKind.HTTP, credentials)) {
            case Admission.Admitted(Caller caller) -> caller;
            case Admission.Denied(Denial denial) -> throw new AssertionError(denial);
        };
    }

    private Caller caller(Access access) {
        return admitted(access, new Credentials.Key(token.text()));
    }

    private static boolean may(Caller caller, Contract contract) {
        return caller.denial(contract).isEmpty();
    }

    @Test
    void aContractsNameMeansAllItsVersionsAndANameWithAVersionThatOne() {
        Caller every = caller(access(grant("car-telemetry", Optional.empty(), Optional.empty())));
        Caller first =
                caller(access(grant("car-telemetry.v1", Optional.empty(), Optional.empty())));

        assertThat(List.of(may(every, CARS), may(every, CARS_NEXT), may(every, CLICKS)))
                .containsExactly(true, true, false);
        assertThat(List.of(may(first, CARS), may(first, CARS_NEXT))).containsExactly(true, false);
    }

    @Test
    void aKeyEndsWhenItExpiresEvenForAConnectedClient() {
        KeyGrant grant =
                grant("*", Optional.empty(), Optional.empty())
                        .withSecrets(List.of(secret(token, Optional.of(START.plusSeconds(60)))));
        Caller caller = caller(access(grant));
        assertThat(may(caller, CLICKS)).isTrue();

        now.set(START.plusSeconds(60));

        assertThat(caller.denial(CLICKS))
                .hasValueSatisfying(
                        denial -> assertThat(denial.kind()).isEqualTo(Denial.Kind.UNAUTHENTICATED));
    }

    @Test
    void oldAndNewSecretOpenWhileAKeyIsRotated() {
        KeyToken next = KeyToken.make(new SecureRandom());
        KeyGrant both =
                grant("*", Optional.empty(), Optional.empty())
                        .withSecrets(
                                List.of(
                                        secret(token, Optional.of(START.plusSeconds(60))),
                                        secret(next, Optional.empty())));
        KeyAccess access = access(both);

        assertThat(may(caller(access), CLICKS)).isTrue();
        assertThat(may(admitted(access, new Credentials.Key(next.text())), CLICKS)).isTrue();
    }

    @Test
    void aCertificateStandsForAKey() {
        KeyGrant grant =
                new KeyGrant(
                        List.of(),
                        Optional.of("gateway.example"),
                        List.of("clicks"),
                        List.of(),
                        Optional.empty(),
                        Optional.empty());
        KeyAccess access = access(grant);

        assertThat(may(admitted(access, certificate("gateway.example")), CLICKS)).isTrue();
        assertThat(access.admit(DoorKind.HTTP, certificate("other.example")))
                .isEqualTo(
                        new Admission.Denied(
                                new Denial(
                                        Denial.Kind.UNAUTHENTICATED,
                                        "no key is known for the certificate [other.example]",
                                        "ask who runs the collector to make one: leat keys create"
                                                + " NAME --certificate-subject SUBJECT; or send a"
                                                + " key")));
    }

    @Test
    void aUriOfACertificateStandsForAKeyAndNoCommonNamePassesForOne() {
        KeyAccess access = access(subject("spiffe://plant/gateway"));

        assertThat(
                        may(
                                admitted(
                                        access,
                                        certificate("any", "urn:x:1", "spiffe://plant/gateway")),
                                CLICKS))
                .isTrue();
        assertThat(access.admit(DoorKind.HTTP, certificate("spiffe://plant/gateway")))
                .isInstanceOf(Admission.Denied.class);
    }

    @Test
    void aConnectionEndsWithItsCertificate() {
        KeyAccess access = access(subject("gateway.example"));
        Credentials.Certificate ending =
                new Credentials.Certificate("gateway.example", List.of(), START.plusSeconds(60));
        Caller caller = admitted(access, ending);
        assertThat(may(caller, CLICKS)).isTrue();

        now.set(START.plusSeconds(60));

        assertThat(caller.denial(CLICKS).orElseThrow().message()).contains("has expired");
        assertThat(access.admit(DoorKind.HTTP, ending)).isInstanceOf(Admission.Denied.class);
    }

    private static Credentials.Certificate certificate(String commonName, String... uris) {
        return new Credentials.Certificate(commonName, List.of(uris), Instant.MAX);
    }

    private static KeyGrant subject(String subject) {
        return new KeyGrant(
                List.of(),
                Optional.of(subject),
                List.of("clicks"),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void aSecondsWorthMayComeAtOnceAndTheRateHoldsAfterwards() {
        KeyAccess access = access(grant("*", Optional.of(100L), Optional.empty()));
        Caller caller = caller(access);

        assertThat(caller.take(100, 1)).isZero();
        assertThat(caller.take(1, 1)).isBetween(10L, 11L);
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(11));
        assertThat(caller.take(1, 1)).isZero();
    }

    @Test
    void aBatchLargerThanASecondsWorthPassesAndTheNextWaitsForIt() {
        Caller caller =
                caller(access(grant("*", Optional.empty(), Optional.of(new DataSize(1000)))));

        assertThat(caller.take(1, 5000)).isZero();
        assertThat(caller.take(1, 1)).isBetween(4000L, 4002L);
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(4002));
        assertThat(caller.take(1, 1)).isZero();
    }

    @Test
    void nothingIsTakenOfOneQuotaWhereTheOtherIsUsedUp() {
        Caller caller =
                caller(access(grant("*", Optional.of(10L), Optional.of(new DataSize(1000)))));
        assertThat(caller.take(1, 1999)).isZero();
        assertThat(caller.take(9, 1)).isPositive();

        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));

        assertThat(caller.take(10, 1)).isZero();
    }

    @Test
    void allConnectionsOfAKeyShareItsQuotaAlsoAcrossAChangeOfTheFile() {
        KeyGrant grant = grant("*", Optional.of(10L), Optional.empty());
        KeyAccess access = access(grant);
        Caller one = caller(access);
        assertThat(one.take(10, 1)).isZero();

        access.replace(new KeyFile(1, Map.of("a", grant)));

        assertThat(caller(access).take(1, 1)).isPositive();
        assertThat(one.take(1, 1)).isPositive();
    }

    @Test
    void aHigherQuotaCountsAtOnceForAClientThatIsConnected() {
        KeyAccess access = access(grant("*", Optional.of(1L), Optional.empty()));
        Caller caller = caller(access);
        assertThat(caller.take(1, 1)).isZero();

        access.replace(
                new KeyFile(1, Map.of("a", grant("*", Optional.of(1000L), Optional.empty()))));

        assertThat(caller.take(500, 1)).isZero();
    }

    @Test
    void noMessageHoldsASecret() {
        KeyAccess access = access(grant("clicks", Optional.empty(), Optional.empty()));
        String secret = token.text();

        assertThat(token.toString()).doesNotContain(secret);
        assertThat(new Credentials.Key(secret).toString()).doesNotContain(secret);
        assertThat(caller(access).denial(CARS).orElseThrow().toString()).doesNotContain(secret);
    }
}

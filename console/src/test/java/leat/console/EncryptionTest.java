package leat.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.console.grpc.GrpcSettings;
import leat.console.grpc.ServingDoor;
import leat.console.inference.InferenceSettings;
import leat.ml.featurestore.online.FeatureQueries;
import leat.stream.collector.access.Access;
import leat.stream.collector.tls.TlsMetrics;
import leat.stream.collector.tls.WatchedTls;
import leat.stream.tls.TlsContexts;
import leat.stream.tls.TlsSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EncryptionTest {

    @TempDir private Path folder;

    private static final StatusSource SOURCE =
            new StatusSource() {
                @Override
                public Optional<String> notReady() {
                    return Optional.empty();
                }

                @Override
                public Map<String, Object> status() {
                    return Map.of();
                }
            };

    private void write(X509Bundle server) throws IOException {
        Path key = folder.resolve("key.pem");
        Files.writeString(key, server.getPrivateKeyPEM());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(folder.resolve("certificate.pem"), server.getCertificatePathPEM());
    }

    private static X509Bundle server(X509Bundle authority, long serial) throws Exception {
        return new CertificateBuilder()
                .subject("CN=console")
                .serial(BigInteger.valueOf(serial))
                .addSanIpAddress("127.0.0.1")
                .buildIssuedBy(authority);
    }

    private static X509Bundle authority() throws Exception {
        return new CertificateBuilder()
                .subject("CN=authority")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    private TlsSettings settings() {
        return new TlsSettings(
                folder.resolve("certificate.pem"),
                folder.resolve("key.pem"),
                Optional.empty(),
                Optional.empty());
    }

    /// Asks over a connection of its own.
    private static HttpResponse<String> ask(int port, X509Bundle authority) throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder()
                        .sslContext(
                                TlsContexts.of(
                                        Optional.empty(), List.of(authority.getCertificate())))
                        .build()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/health/live"))
                            .build(),
                    BodyHandlers.ofString());
        }
    }

    private static BigInteger serial(HttpResponse<?> answer) throws Exception {
        return ((X509Certificate) answer.sslSession().orElseThrow().getPeerCertificates()[0])
                .getSerialNumber();
    }

    @Test
    void answersOverTlsOnlyAndWithTheRenewedCertificate() throws Exception {
        X509Bundle authority = authority();
        write(server(authority, 1));
        ConsoleSettings console = new ConsoleSettings("127.0.0.1", 0, List.of());
        try (WatchedTls tls =
                        WatchedTls.open(
                                "console", settings(), new TlsMetrics(new PrometheusRegistry()));
                Vitals vitals =
                        Vitals.start(
                                console, SOURCE, Access.OPEN, Optional.of(tls.lastingContext()));
                HttpClient plain = HttpClient.newHttpClient()) {
            HttpResponse<String> first = ask(vitals.port(), authority);
            assertThat(first.statusCode()).isEqualTo(200);
            assertThat(serial(first)).isEqualTo(1);
            assertThatThrownBy(() ->
                            plain.send(
                                    HttpRequest.newBuilder(
                                                    URI.create(
                                                            "http://127.0.0.1:"
                                                                    + vitals.port()
                                                                    + "/health/live"))
                                            .build(),
                                    BodyHandlers.ofString()))
                    .isInstanceOf(IOException.class);

            write(server(authority, 2));

            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (!serial(ask(vitals.port(), authority)).equals(BigInteger.TWO)) {
                assertThat(System.nanoTime()).isLessThan(deadline);
            }
        }
    }

    @Test
    void grpcSpeaksTlsWithTheSameCertificate() throws Exception {
        X509Bundle authority = authority();
        write(server(authority, 1));
        try (WatchedTls tls =
                        WatchedTls.open(
                                "console", settings(), new TlsMetrics(new PrometheusRegistry()));
                ServingDoor door =
                        ServingDoor.open(
                                new ServingDoor.Place(
                                        "127.0.0.1",
                                        0,
                                        Access.OPEN,
                                        Optional.of(tls.lastingContext())),
                                FeatureQueries.NONE,
                                Optional.empty())) {
            ManagedChannel channel =
                    NettyChannelBuilder.forAddress("127.0.0.1", door.port())
                            .sslContext(
                                    GrpcSslContexts.forClient()
                                            .trustManager(authority.getCertificate())
                                            .build())
                            .build();
            try {
                assertThat(
                                HealthGrpc.newBlockingStub(channel)
                                        .check(HealthCheckRequest.getDefaultInstance())
                                        .getStatus())
                        .isEqualTo(ServingStatus.SERVING);
            } finally {
                channel.shutdownNow();
            }
        }
    }

    @Test
    void clientCertificatesAreRefusedSinceNobodyWouldLookAtThem() {
        TlsSettings settings =
                new TlsSettings(
                        Path.of("c"), Path.of("k"), Optional.of(Path.of("a")), Optional.empty());

        assertThatThrownBy(() ->
                        new ConsoleSettings(
                                "127.0.0.1",
                                0,
                                GrpcSettings.DEFAULT,
                                InferenceSettings.DEFAULT,
                                List.of(),
                                leat.stream.collector.access.AccessSettings.Mode.OFF,
                                Optional.of(settings)))
                .hasMessageContaining("tls.client-authorities is for the collector");
    }
}

package leat.stream.collector.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.stream.collector.CollectorFixture;
import leat.stream.collector.access.AccessMetrics;
import leat.stream.collector.access.KeyAccess;
import leat.stream.collector.access.KeyFile;
import leat.stream.collector.access.KeyGrant;
import leat.stream.collector.tls.DoorTls;
import leat.stream.collector.tls.TlsMetrics;
import leat.stream.collector.tls.WatchedTls;
import leat.stream.testing.FailedHandshakes;
import leat.stream.testing.TestCertificates;
import leat.stream.testing.TestCertificates.Signed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real clients of mosquitto before a door that asks for certificates.
final class MqttTlsIT {

    @TempDir private Path folder;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private TestCertificates certificates;
    private WatchedTls files;
    private MqttFixture door;

    @BeforeEach
    void open() {
        certificates = new TestCertificates(folder, "authority");
        files =
                WatchedTls.open(
                        "collector",
                        certificates.settings(certificates.server("server")),
                        new TlsMetrics(registry));
        KeyGrant gateway =
                new KeyGrant(
                        List.of(),
                        Optional.of("gateway"),
                        List.of("clicks"),
                        List.of(),
                        Optional.empty(),
                        Optional.empty());
        KeyAccess access =
                new KeyAccess(
                        new KeyFile(1, Map.of("gateway", gateway)),
                        InstantSource.system(),
                        System::nanoTime,
                        new AccessMetrics(registry));
        door = MqttFixture.open(access, new DoorTls(files));
    }

    @AfterEach
    void close() {
        door.close();
        files.close();
    }

    private Mosquitto.Ended publish(Optional<Signed> shown, String... more) throws IOException {
        List<String> options =
                new ArrayList<>(
                        List.of("-t", "clicks", "-q", "1", "-m", "{\"id\":\"a\"}", "-V", "5"));
        shown.ifPresent(client ->
                options.addAll(
                        List.of(
                                "--cert",
                                client.certificate().toString(),
                                "--key",
                                client.key().toString())));
        options.addAll(List.of(more));
        return Mosquitto.publish(door.port(), options);
    }

    private String authority() {
        return certificates.authorityFile().toString();
    }

    @Test
    void takesAnEventOfAClientWithAKnownCertificateAndOfNobodyElse() throws IOException {
        Optional<Signed> gateway = Optional.of(certificates.client("gateway"));

        assertThat(publish(gateway, "--cafile", authority()).exitCode()).isZero();
        assertThat(door.raw(CollectorFixture.CLICKS)).hasSize(1);

        Mosquitto.Ended stranger =
                publish(Optional.of(certificates.client("stranger")), "--cafile", authority());
        assertThat(stranger.exitCode()).isNotZero();
        assertThat(stranger.output()).containsIgnoringCase("bad user name or password");
        assertThat(publish(Optional.empty(), "--cafile", authority()).exitCode()).isNotZero();
        assertThat(publish(gateway).exitCode()).as("without TLS").isNotZero();
        assertThat(door.raw(CollectorFixture.CLICKS)).hasSize(1);
        assertThat(FailedHandshakes.at("mqtt", registry)).isGreaterThanOrEqualTo(2);
    }
}

package leat.stream.collector.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import leat.stream.testing.TestCertificates;
import leat.stream.testing.TestCertificates.Signed;
import leat.stream.tls.ServerTls;
import leat.stream.tls.TlsIdentity;
import leat.stream.tls.TlsSettings;
import leat.stream.tls.TlsUnusable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WatchedTlsTest {

    private static final Duration INTERVAL = Duration.ofMillis(5);

    @TempDir private Path folder;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final TlsMetrics metrics = new TlsMetrics(registry);

    private WatchedTls open(Signed server) {
        return WatchedTls.open(
                "collector",
                new TlsSettings(
                        server.certificate(), server.key(), Optional.empty(), Optional.empty()),
                metrics,
                INTERVAL);
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }

    private double gauge(String name) {
        return registry.scrape(name::equals).stream()
                .map(GaugeSnapshot.class::cast)
                .findFirst()
                .orElseThrow()
                .getDataPoints()
                .getFirst()
                .getValue();
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void takesRenewedFilesOnceTheyFitEachOther() throws IOException {
        TestCertificates certificates = new TestCertificates(folder, "authority");
        Signed first = certificates.server("first");
        Signed second = certificates.server("second");
        AtomicReference<ServerTls> followed = new AtomicReference<>();
        try (WatchedTls tls = open(first)) {
            tls.follow(followed::set);
            TlsIdentity before = tls.current().identity();
            assertThat(gauge("leat_tls_files_sound")).isEqualTo(1);
            assertThat(gauge("leat_tls_certificate_end_seconds"))
                    .isEqualTo((double) before.ends().getEpochSecond());

            move(second.certificate(), first.certificate());

            await(() -> gauge("leat_tls_files_sound") == 0);
            assertThat(tls.current().identity()).isEqualTo(before);

            move(second.key(), first.key());

            await(() -> tls.current().identity().equals(second.identity()));
            await(() -> tls.current().equals(followed.get()));
            await(() -> gauge("leat_tls_files_sound") == 1);
        }
    }

    @Test
    void doesNotStartWithFilesThatCannotBeUsed() throws IOException {
        Signed server = new TestCertificates(folder, "authority").server("server");
        Files.delete(server.key());

        assertThatThrownBy(() -> open(server))
                .isInstanceOf(TlsUnusable.class)
                .hasMessageContaining("collector.tls.key");
    }
}

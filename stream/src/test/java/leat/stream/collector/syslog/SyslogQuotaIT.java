package leat.stream.collector.syslog;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import leat.core.contract.Contract;
import leat.stream.collector.access.Access;
import leat.stream.collector.access.Caller;
import leat.stream.collector.access.Denial;
import leat.stream.collector.otlp.TelemetryContracts;
import leat.stream.collector.otlp.TelemetryFixture;
import leat.stream.collector.tls.DoorTls;
import leat.stream.collector.tls.TlsMetrics;
import leat.stream.collector.tls.WatchedTls;
import leat.stream.testing.Await;
import leat.stream.testing.TestCertificates;
import leat.stream.testing.TestCertificates.Signed;
import leat.stream.testing.TlsSockets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 240, unit = TimeUnit.SECONDS)
final class SyslogQuotaIT {

    private static final int MESSAGES = 10_000;

    /// What a sender that is held back has under way is one read of its connection, a mebibyte, and
    /// not what it has to send.
    private static final long A_TENTH_BYTES = 2_000L * MESSAGES / 10;

    @TempDir private Path folder;

    /// Has nothing left until it is given something.
    private static final class PoorCaller implements Caller {

        private final AtomicInteger tries = new AtomicInteger();
        private volatile boolean rich;

        @Override
        public String name() {
            return "poor";
        }

        @Override
        public Optional<Denial> denial(Contract contract) {
            return Optional.empty();
        }

        @Override
        public long take(int events, long bytes) {
            tries.incrementAndGet();
            return rich ? 0 : 20;
        }
    }

    @Test
    void aQuotaThatIsUsedUpHoldsTheSenderBackAndEverythingIsStoredOnceLater() throws Exception {
        // Given
        PoorCaller caller = new PoorCaller();
        Access access = (_, _) -> new Access.Admission.Admitted(caller);
        TestCertificates certificates = new TestCertificates(folder, "authority");
        Signed server = certificates.server("server");
        PrometheusRegistry registry = new PrometheusRegistry();
        try (WatchedTls files =
                        WatchedTls.open(
                                "collector",
                                certificates.settings(server),
                                new TlsMetrics(registry));
                TelemetryFixture collector = TelemetryFixture.open(access);
                SyslogDoor door =
                        SyslogDoor.open(
                                collector.intake(),
                                AnyPort.of("log-record", 10_000),
                                Optional.of(new DoorTls(files)),
                                Duration.ofSeconds(20),
                                registry);
                SyslogSender sender =
                        new SyslogSender(
                                TlsSockets.connect(
                                        certificates.client(
                                                Optional.of(certificates.client("gateway"))),
                                        door.port()))) {
            // When
            AtomicInteger sent = new AtomicInteger();
            CompletableFuture<Void> sending =
                    CompletableFuture.runAsync(() -> sendAll(sender, sent));
            Await.untilTrue(() -> caller.tries.get() > 3 && isHeldUp(sent));

            // Then
            assertThat(sending).isNotDone();
            assertThat(collector.intake().bytesInFlight().taken())
                    .isPositive()
                    .isLessThan(A_TENTH_BYTES);
            caller.rich = true;
            sending.get(60, TimeUnit.SECONDS);
            Await.until(
                    () -> assertThat(collector.records(TelemetryContracts.LOGS)).hasSize(MESSAGES));
            List<String> bodies =
                    collector.events(TelemetryContracts.LOGS).stream()
                            .map(event -> event.path("body").asString())
                            .distinct()
                            .toList();
            assertThat(bodies).hasSize(MESSAGES);
            assertThat(collector.intake().bytesInFlight().taken()).isZero();
            assertThat(collector.intake().requestsInFlight().taken()).isZero();
        }
    }

    /// 20 MB, more than sockets hold.
    private static void sendAll(SyslogSender sender, AtomicInteger sent) {
        try {
            for (int i = 0; i < MESSAGES; i++) {
                sender.send(".".repeat(2_000) + i);
                sent.incrementAndGet();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether no write has come back for a while.
    private static boolean isHeldUp(AtomicInteger sent) {
        int before = sent.get();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
        return sent.get() == before;
    }
}

package leat.stream.collector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import leat.core.config.DataSize;
import leat.core.event.Names;
import leat.core.failpoint.FailPoint;
import leat.embedded.kafka.EmbeddedKafka;
import leat.stream.collector.http.RawClient;
import leat.stream.log.LogConnection;
import leat.stream.log.Topics;
import leat.stream.spool.StandingEvents;
import leat.stream.testing.ChildJvm;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A collector with a spool before a broker that goes and comes back.
final class SpoolIT {

    private static final Names NAMES = new Names("spool");

    @TempDir private Path folder = Path.of("");

    @Test
    @Timeout(value = 4, unit = TimeUnit.MINUTES)
    void losesDoublesAndReordersNothingWhenTheBrokerGoesAndComesBackTwice() throws Exception {
        EmbeddedKafka broker = startWithTopics();
        LogConnection log = new LogConnection(broker.bootstrapServers());
        CollectorSettings settings =
                CollectorFixture.settings()
                        .withSpool(CollectorChild.spool(folder.resolve("spool")));
        try (CollectorFixture collector = CollectorFixture.open(log, NAMES, settings);
                SpoolLedger ledger = new SpoolLedger(collector.port())) {
            // Given
            ledger.awaitAccepted(200);
            assertThat(ledger.spooled()).isZero();

            // When
            for (int outage = 0; outage < 2; outage++) {
                broker.close();
                ledger.awaitSpooled(300);
                assertThat(collector.intake().ready()).isTrue();
                assertThat(standing()).isGreaterThanOrEqualTo(300);
                broker = start(port(log));
                SpoolLedger.await(() -> standing() == 0, "the spool is drained");
                int before = ledger.spooled();
                SpoolLedger.await(
                        () -> {
                            int spooled = ledger.spooled();
                            ledger.awaitAccepted(50);
                            return ledger.spooled() == spooled;
                        },
                        "events go to the log again");
                assertThat(ledger.spooled()).isGreaterThanOrEqualTo(before);
            }
            ledger.stop();

            // Then
            assertThat(ledger.statuses()).containsExactly(202);
            ledger.check(log, NAMES, folder.resolve("enricher"));
        } finally {
            broker.close();
        }
    }

    @Test
    @Timeout(value = 4, unit = TimeUnit.MINUTES)
    void losesDoublesAndReordersNothingWhenTheCollectorIsKilledAtAnyStep() throws Exception {
        EmbeddedKafka broker = startWithTopics();
        LogConnection log = new LogConnection(broker.bootstrapServers());
        try (SpoolLedger ledger = new SpoolLedger(0)) {
            // Given a spool that was being filled when its collector was killed
            try (CollectorChild child = child(log, ledger, "none")) {
                ledger.awaitAccepted(100);
                broker.close();
                ledger.awaitSpooled(100);
                child.process().destroyForcibly().waitFor();
            }

            // When
            runUntilKilled(log, ledger, "spool.before-write:5");
            runUntilKilled(log, ledger, "spool.before-fsync:5");
            runUntilKilled(log, ledger, "spool.after-fsync:5");
            int standing = standing();
            assertThat(standing).isGreaterThanOrEqualTo(100);
            broker = start(port(log));
            runUntilKilled(log, ledger, "spool.mid-send:60");
            assertThat(standing()).isGreaterThanOrEqualTo(standing);
            runUntilKilled(log, ledger, "spool.before-mark:1");
            assertThat(standing()).isGreaterThanOrEqualTo(standing);
            runUntilKilled(log, ledger, "spool.after-mark:1");
            assertThat(standing()).isLessThan(standing);
            broker.close();
            try (CollectorChild child = child(log, ledger, "none")) {
                ledger.awaitSpooled(50);
                child.process().destroyForcibly().waitFor();
            }
            broker = start(port(log));
            runUntilKilled(log, ledger, "spool.after-delete:1");
            try (CollectorChild child = child(log, ledger, "none")) {
                ledger.awaitAccepted(100);
                ledger.stop();
                SpoolLedger.await(() -> standing() == 0, "the spool is drained");
                child.end();
                assertThat(child.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
            }

            // Then
            ledger.check(log, NAMES, folder.resolve("enricher"));
        } finally {
            broker.close();
        }
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void saysSoWhenItIsFullAndNoLogIsThere() throws Exception {
        SpoolingSettings small =
                new SpoolingSettings(
                        true,
                        folder.resolve("spool").toString(),
                        DataSize.mebibytes(32),
                        Duration.ofSeconds(1));
        try (CollectorFixture collector =
                        CollectorFixture.open(
                                new LogConnection("127.0.0.1:1"),
                                NAMES,
                                CollectorFixture.settings().withSpool(small));
                RawClient client = new RawClient(collector.port())) {
            // Given
            byte[] large =
                    RawClient.post(
                            "/v1/events/" + CollectorFixture.CARS.nameAndMajor(),
                            "{\"car\":{\"id\":\"c\"},\"p\":\"%s\"}"
                                    .formatted("x".repeat(1_000_000)));

            // When
            int accepted = 0;
            RawClient.Response answer = client.send(large).read();
            while (answer.status() == 202) {
                assertThat(answer.body()).contains("\"accepted\":1").contains("\"spooled\":1");
                accepted++;
                answer = client.send(large).read();
            }

            // Then
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.headers()).containsKey("retry-after");
            assertThat(answer.body()).contains("spool is full", "collector.spool.size");
            assertThat(accepted).isEqualTo(33);
            assertThat(standing()).isEqualTo(accepted);
        }
    }

    private CollectorChild child(LogConnection log, SpoolLedger ledger, String failPoint)
            throws IOException {
        CollectorChild child =
                CollectorChild.start(
                        log.bootstrapServers(), NAMES, folder.resolve("spool"), failPoint);
        ledger.moveTo(child.port());
        return child;
    }

    private void runUntilKilled(LogConnection log, SpoolLedger ledger, String failPoint)
            throws IOException, InterruptedException {
        try (CollectorChild child =
                CollectorChild.start(
                        log.bootstrapServers(), NAMES, folder.resolve("spool"), failPoint)) {
            ledger.moveTo(child.port());
            assertThat(child.process().waitFor(60, TimeUnit.SECONDS))
                    .as("reached %s", failPoint)
                    .isTrue();
            assertThat(child.process().exitValue()).as(failPoint).isEqualTo(FailPoint.EXIT_CODE);
        } catch (ChildJvm.EndedEarly e) {
            // The spool is drained before the door opens.
            assertThat(e.exitCode()).as(failPoint).isEqualTo(FailPoint.EXIT_CODE);
        }
    }

    private int standing() {
        AtomicInteger events = new AtomicInteger();
        StandingEvents.visit(folder.resolve("spool"), (_, _) -> events.incrementAndGet());
        return events.get();
    }

    private EmbeddedKafka startWithTopics() {
        EmbeddedKafka broker = start(0);
        try (Admin admin = new LogConnection(broker.bootstrapServers()).admin()) {
            Topics topics = new Topics(admin, 1);
            topics.apply(topics.plan(CollectorFixture.topics(NAMES)));
        }
        return broker;
    }

    private EmbeddedKafka start(int port) {
        return EmbeddedKafka.start(new EmbeddedKafka.Settings(folder.resolve("kafka"), port));
    }

    private static int port(LogConnection log) {
        String address = log.bootstrapServers();
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }
}

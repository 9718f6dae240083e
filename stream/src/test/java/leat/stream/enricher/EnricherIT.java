package leat.stream.enricher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import leat.core.event.Names;
import leat.core.failpoint.FailPoint;
import leat.stream.log.StageHealth;
import leat.stream.testing.ChildJvm;
import leat.stream.testing.SharedKafka;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class EnricherIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final List<String> FAIL_POINTS =
            List.of(
                    "enricher.after-process:2",
                    "enricher.after-begin:2",
                    "enricher.after-send:2",
                    "enricher.after-offsets:2",
                    "enricher.after-commit:2",
                    "enricher.after-merge:2",
                    "enricher.before-journal",
                    "enricher.after-journal");

    @TempDir private Path folder;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void losesAndDoublesNothingWhenKilledAtAnyStep() throws Exception {
        Names names = SharedKafka.freshNames();
        try (EnricherLedger ledger = new EnricherLedger(names)) {
            for (String failPoint : FAIL_POINTS) {
                // Given
                ledger.send(8_000);

                // When
                Process child = child(names, failPoint);
                boolean died = child.waitFor(60, TimeUnit.SECONDS);
                child.destroyForcibly();

                // Then
                assertThat(died).as("reached %s", failPoint).isTrue();
                assertThat(child.exitValue()).as(failPoint).isEqualTo(FailPoint.EXIT_CODE);
            }
            Process last = child(names, "none");
            try {
                ledger.send(1_000);
                ledger.check(PATIENCE);
            } finally {
                last.getOutputStream().close();
                last.waitFor(20, TimeUnit.SECONDS);
                last.destroyForcibly();
            }
        }
    }

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void sharesThePartitionsAmongInstancesThatComeAndGo() throws Exception {
        Names names = SharedKafka.freshNames();
        try (EnricherLedger ledger = new EnricherLedger(names)) {
            // Given
            Enricher first = enricher(names, "one");
            ledger.send(3_000);

            // When
            Enricher second = enricher(names, "two");
            ledger.send(3_000);
            first.close();
            ledger.send(3_000);
            first = enricher(names, "one");
            ledger.send(3_000);
            second.close();
            ledger.send(3_000);

            // Then
            ledger.check(PATIENCE);
            first.close();
        }
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void sendsPoisonAndOversizedOutputsToTheDeadLettersAndGoesOn() throws Exception {
        Names names = SharedKafka.freshNames();
        try (EnricherLedger ledger = new EnricherLedger(names);
                Enricher enricher = enricher(names, "one")) {
            // Given
            ledger.send(500);
            ledger.send('X');
            ledger.send(500);
            ledger.send('L');

            // When
            ledger.send(500);

            // Then
            ledger.check(PATIENCE);
            assertThat(enricher.health().ready()).isTrue();
        }
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void stopsWhenAnotherProcessHasTheSameInstanceId() throws Exception {
        Names names = SharedKafka.freshNames();
        try (EnricherLedger ledger = new EnricherLedger(names);
                Enricher one = enricher(names, "same");
                Enricher two = enricher(names, "same", folder.resolve("elsewhere"))) {
            // When
            while (!(one.health() instanceof StageHealth.Stopped)
                    && !(two.health() instanceof StageHealth.Stopped)) {
                ledger.send(100);
            }

            // Then
            StageHealth stopped =
                    one.health() instanceof StageHealth.Stopped ? one.health() : two.health();
            assertThat(stopped)
                    .isInstanceOfSatisfying(
                            StageHealth.Stopped.class,
                            health ->
                                    assertThat(health.why())
                                            .contains("'same' of role enricher")
                                            .contains("two processes share it"));
            ledger.check(PATIENCE);
        }
    }

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void enrichesAHundredThousandEvents() throws Exception {
        Names names = SharedKafka.freshNames();
        try (EnricherLedger ledger = new EnricherLedger(names)) {
            // Given
            ledger.send(100_000);

            // When
            long begun = System.nanoTime();
            try (Enricher _ = enricher(names, "one")) {
                // Then
                ledger.check(PATIENCE);
            }
            System.out.printf(
                    "100,000 events to %d outputs in %d ms%n",
                    ledger.outputs(), (System.nanoTime() - begun) / 1_000_000);
        }
    }

    private Enricher enricher(Names names, String instance) {
        return enricher(names, instance, folder);
    }

    private static Enricher enricher(Names names, String instance, Path folder) {
        return Enricher.start(
                SharedKafka.connection(),
                new Enricher.Instance(names, instance, folder),
                EnricherSettings.DEFAULT,
                List.of(EnricherChild.flow(names)));
    }

    private Process child(Names names, String failPoint) throws IOException {
        return ChildJvm.start(
                EnricherChild.class,
                failPoint,
                Redirect.to(folder.resolve("child.log").toFile()),
                SharedKafka.bootstrapServers(),
                names.prefix(),
                "killed",
                folder.toString());
    }
}

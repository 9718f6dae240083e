package leat.stream.collector;

import static leat.stream.collector.CollectorFixture.CARS_NEXT;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import leat.core.event.Names;
import leat.core.failpoint.FailPoint;
import leat.stream.log.LogConnection;
import leat.stream.log.TopicSpec;
import leat.stream.testing.SharedKafka;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class CollectorKilledIT {

    private static final int CLIENTS = 4;
    private static final List<String> FAIL_POINTS =
            List.of(
                    "collector.before-send:30",
                    "collector.mid-batch:100",
                    "collector.mid-ack:100",
                    "collector.after-ack:30",
                    "collector.after-dead:10",
                    "collector.before-answer:60",
                    "collector.after-answer:60");

    @Test
    @Timeout(value = 4, unit = TimeUnit.MINUTES)
    void keepsEveryPromiseWhenKilledAtAnyStep() throws Exception {
        Names names = SharedKafka.freshNames();
        SharedKafka.create(TopicSpec.of(names, CARS_NEXT));
        CollectorLedger ledger = new CollectorLedger();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            // Given
            List<Future<?>> sending = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                String name = "c" + client;
                sending.add(clients.submit(() -> ledger.send(name)));
            }

            // When
            try {
                for (String failPoint : FAIL_POINTS) {
                    runUntilKilled(names, failPoint, ledger);
                }
                runToTheEnd(names, ledger, sending);
            } finally {
                clients.shutdownNow();
            }
        }

        // Then
        LogConnection log = SharedKafka.connection();
        ledger.check(
                CollectorFixture.records(log, names.raw(CARS_NEXT)),
                CollectorFixture.records(log, names.dead(CARS_NEXT, Names.DeadStage.COLLECTOR)));
    }

    private static void runUntilKilled(Names names, String failPoint, CollectorLedger ledger)
            throws IOException, InterruptedException {
        try (CollectorChild child = CollectorChild.start(names, failPoint)) {
            ledger.moveTo(child.port());
            assertThat(child.process().waitFor(60, TimeUnit.SECONDS))
                    .as("reached %s", failPoint)
                    .isTrue();
            assertThat(child.process().exitValue()).as(failPoint).isEqualTo(FailPoint.EXIT_CODE);
        }
    }

    private static void runToTheEnd(Names names, CollectorLedger ledger, List<Future<?>> sending)
            throws Exception {
        try (CollectorChild child = CollectorChild.start(names, "none")) {
            int enough = ledger.answers() + 100;
            ledger.moveTo(child.port());
            while (ledger.answers() < enough && sending.stream().noneMatch(Future::isDone)) {
                LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
            }
            ledger.stop();
            for (Future<?> one : sending) {
                one.get(20, TimeUnit.SECONDS);
            }
            child.end();
            assertThat(child.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }
}

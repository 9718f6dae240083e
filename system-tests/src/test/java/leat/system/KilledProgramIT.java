package leat.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The promise of the whole: what was acknowledged is there once, however the program is killed.
/// The number of kills is `-Dleat.kills`, the seed `-Dleat.seed`.
final class KilledProgramIT {

    private static final Duration READY_LIMIT = Duration.ofMinutes(2);
    private static final int KILLS = Integer.getInteger("leat.kills", 3);

    @TempDir private Path workspace;

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void losesAndDoublesNothingWhenTheWholeProgramIsKilledUnderLoad() throws IOException {
        // Given
        long seed = Long.getLong("leat.seed", System.nanoTime());
        System.out.println("seed " + seed + ", -Dleat.seed repeats it");
        Random random = new Random(seed);
        Workspaces.copyExample(workspace);
        int offset = LeatProcess.freePortOffset(random);
        Ledger ledger = new Ledger(CarLoad.CONTRACT);
        Recoveries recoveries =
                new Recoveries("The whole program, kill -9 to ready to take events");

        // When
        LeatProcess program = LeatProcess.start(workspace, offset, List.of(), "up");
        program.awaitReady(READY_LIMIT);
        try (CarLoad load = new CarLoad(program.collector(), ledger, seed)) {
            for (int kill = 0; kill < KILLS; kill++) {
                awaitMore(ledger, 500 + random.nextInt(3_000), program, load);
                program.kill();
                program = LeatProcess.start(workspace, offset, List.of(), "up");
                recoveries.add("program", program.awaitReady(READY_LIMIT));
            }
            awaitMore(ledger, 1_000, program, load);
        }

        // Then
        recoveries.writeAs("program");
        try (LeatProcess running = program) {
            SettledAudit.assertClean(workspace, offset, ledger, running::output);
            assertThat(ledger.size()).isGreaterThan(KILLS * 500);
            assertThat(running.stop()).isEqualTo(143);
        }
    }

    private static void awaitMore(Ledger ledger, int events, LeatProcess program, CarLoad load) {
        int wanted = ledger.size() + events;
        long limit = System.nanoTime() + READY_LIMIT.toNanos();
        while (ledger.size() < wanted) {
            if (!program.isAlive() || !load.isSending() || System.nanoTime() > limit) {
                throw new IllegalStateException("no progress:\n" + program.output());
            }
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }
}

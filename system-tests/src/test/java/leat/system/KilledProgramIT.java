package leat.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The promise of the whole: what was acknowledged is there once, however the program is killed.
/// The number of kills is `-Dleat.kills`, the seed `-Dleat.seed`.
final class KilledProgramIT {

    private static final Duration READY_LIMIT = Duration.ofMinutes(2);
    private static final int KILLS = Integer.getInteger("leat.kills", 3);

    @TempDir private Path workspace;

    private @Nullable LeatProcess program;

    @AfterEach
    void end() {
        if (program != null) {
            program.close();
        }
    }

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
        LeatProcess running = up(offset);
        running.awaitReady(READY_LIMIT);
        try (CarLoad load = new CarLoad(running.collector(), ledger, seed)) {
            for (int kill = 0; kill < KILLS; kill++) {
                load.awaitMore(500 + random.nextInt(3_000), running::isAlive, running::output);
                running.kill();
                running = up(offset);
                recoveries.add("program", running.awaitReady(READY_LIMIT));
            }
            load.awaitMore(1_000, running::isAlive, running::output);
        }

        // Then
        recoveries.writeAs("program");
        SettledAudit.assertClean(workspace, offset, ledger, running::output);
        assertThat(ledger.size()).isGreaterThan(KILLS * 500);
        assertThat(running.stop()).isEqualTo(143);
    }

    private LeatProcess up(int offset) {
        LeatProcess started = LeatProcess.start(workspace, offset, List.of(), "up");
        program = started;
        return started;
    }
}

package leat.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The promise of the whole: what was acknowledged is there once, however the program is killed.
/// The number of kills is `-Dleat.kills`, the seed `-Dleat.seed`.
final class KilledProgramIT {

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
        // Commits often enough to be hit by the kills.
        Files.writeString(
                workspace.resolve("leat.yaml"),
                "lake: {loader: {commit-interval: 1s}}\n",
                StandardOpenOption.APPEND);
        int offset = LeatProcess.freePortOffset(random);
        Ledger ledger = new Ledger(CarLoad.CONTRACT);
        Recoveries recoveries =
                new Recoveries("The whole program, kill -9 to ready to take events");

        // When
        try (Reborn program = Reborn.start(workspace, offset)) {
            try (CarLoad load = program.load(ledger, seed)) {
                for (int kill = 0; kill < KILLS; kill++) {
                    program.awaitMore(load, 500 + random.nextInt(3_000));
                    program.kill();
                    recoveries.add("program", program.restart());
                }
                program.awaitMore(load, 1_000);
            }

            // Then
            recoveries.writeAs("program");
            SettledAudit.assertClean(workspace, offset, ledger, program::output);
            assertThat(ledger.size()).isGreaterThan(KILLS * 500);
            assertThat(program.stop()).isEqualTo(143);
        }
    }
}

package leat.ml.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import leat.core.failpoint.FailPoint;

/// Scorers of [Risk] in processes of their own, which end with this.
final class ScorerProcesses implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String SCORER = "scorer.risk.v1";

    private final List<Process> processes = new CopyOnWriteArrayList<>();
    private final Path folder;

    /// @param folder that gets what they print
    ScorerProcesses(Path folder) {
        this.folder = folder;
    }

    /// Starts one that goes on.
    Process start(RiskLog log, String instance) throws IOException {
        return start("", log, instance);
    }

    private Process start(String failPoint, RiskLog log, String instance) throws IOException {
        Process process = ScoresUntilKilled.start(failPoint, log.names, instance, log.keys, folder);
        processes.add(process);
        return process;
    }

    /// Starts one that is killed at a point.
    ///
    /// @param point `.after-send`
    void dieAt(String point, RiskLog log) throws IOException, InterruptedException {
        Process process = start(SCORER + point, log, "1");
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(point).isTrue();
        assertThat(process.exitValue()).as(point).isEqualTo(FailPoint.EXIT_CODE);
    }

    /// Waits until something is so.
    static void await(BooleanSupplier condition, String what) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        processes.forEach(process -> process.onExit().join());
    }
}

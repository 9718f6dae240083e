package leat.system;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The whole program in one workspace, killed and started again: each time another process.
final class Reborn implements AutoCloseable {

    private static final Duration READY_LIMIT = Duration.ofMinutes(4);

    private final Path workspace;
    private final int portOffset;
    private LeatProcess process;

    private Reborn(Path workspace, int portOffset) {
        this.workspace = workspace;
        this.portOffset = portOffset;
        this.process = up();
    }

    /// Starts it; it takes events when this returns.
    static Reborn start(Path workspace, int portOffset) {
        Reborn program = new Reborn(workspace, portOffset);
        try {
            program.process.awaitReady(READY_LIMIT);
            return program;
        } catch (RuntimeException e) {
            program.close();
            throw e;
        }
    }

    private LeatProcess up() {
        return LeatProcess.start(workspace, portOffset, List.of(), "up");
    }

    /// SIGKILL; returns when it is gone.
    void kill() {
        process.kill();
    }

    /// Starts it once more; how long until it takes events.
    Duration restart() {
        process = up();
        return process.awaitReady(READY_LIMIT);
    }

    /// A client that loads it until it is closed.
    CarLoad load(Ledger ledger, long seed) {
        return new CarLoad(process.collector(), ledger, seed);
    }

    /// Returns when so many more events of `load` have been acknowledged.
    void awaitMore(CarLoad load, int events) {
        load.awaitMore(events, process::isAlive, process::output);
    }

    /// SIGTERM; the exit code.
    int stop() {
        return process.stop();
    }

    String output() {
        return process.output();
    }

    @Override
    public void close() {
        process.close();
    }
}

package leat.ml.scoring;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import leat.core.scoring.Tensor;

/// A run of a model on another thread, waited for.
final class AwaitedRun {

    private AwaitedRun() {}

    /// Its outputs, or what it threw. Whoever is interrupted waits on, and is interrupted behind
    /// it: the run ends in time by itself, and uses what its caller would close.
    static Map<String, Tensor> result(Future<Map<String, Tensor>> run) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return run.get();
                } catch (InterruptedException _) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    switch (e.getCause()) {
                        case RuntimeException failed -> throw failed;
                        case Error failed -> throw failed;
                        case null, default -> throw new IllegalStateException(e);
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

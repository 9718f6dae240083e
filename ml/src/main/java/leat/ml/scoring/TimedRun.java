package leat.ml.scoring;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import leat.core.scoring.ModelTooSlow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One run of a model, which is ended when it takes longer than it may, or a twentieth of a second
/// later: nearly all end long before, and a timer for each would wake a thread for each.
final class TimedRun implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TimedRun.class);

    private static final long LOOK_MILLIS = 50;
    private static final Set<TimedRun> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        ScheduledExecutorService clock =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("model-timeouts").factory());
        var _ =
                clock.scheduleWithFixedDelay(
                        TimedRun::endLate, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private final OrtSession.RunOptions options;
    private final Duration patience;
    private final long startNanos = System.nanoTime();
    private boolean over;
    private volatile boolean ended;

    private TimedRun(OrtSession.RunOptions options, Duration patience) {
        this.options = options;
        this.patience = patience;
    }

    static TimedRun within(Duration patience) throws OrtException {
        TimedRun run = new TimedRun(new OrtSession.RunOptions(), patience);
        RUNNING.add(run);
        return run;
    }

    /// @throws ModelTooSlow when it took too long
    OrtSession.Result run(OrtSession session, Map<String, OnnxTensor> inputs) throws OrtException {
        try {
            return session.run(inputs, options);
        } catch (OrtException e) {
            if (ended) {
                throw new ModelTooSlow(patience.toMillis());
            }
            throw e;
        }
    }

    private static void endLate() {
        long now = System.nanoTime();
        RUNNING.forEach(run -> run.endIfLate(now));
    }

    private synchronized void endIfLate(long now) {
        if (over || ended || now - startNanos < patience.toNanos()) {
            return;
        }
        try {
            ended = true;
            options.setTerminate(true);
        } catch (OrtException e) {
            LOG.atWarn().setCause(e).log("A model that takes too long cannot be ended");
        }
    }

    @Override
    public synchronized void close() {
        RUNNING.remove(this);
        over = true;
        options.close();
    }
}

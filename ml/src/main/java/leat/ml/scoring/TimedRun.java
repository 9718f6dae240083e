package leat.ml.scoring;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import leat.core.scoring.ModelTooSlow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One run of a model, which is ended when it takes longer than it may.
final class TimedRun implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TimedRun.class);

    private static final ScheduledThreadPoolExecutor CLOCK = clock();

    private final OrtSession.RunOptions options;
    private final Future<?> end;
    private final Duration patience;
    private boolean over;
    private volatile boolean ended;

    private TimedRun(OrtSession.RunOptions options, Duration patience) {
        this.options = options;
        this.patience = patience;
        this.end = CLOCK.schedule(this::terminate, patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static ScheduledThreadPoolExecutor clock() {
        ScheduledThreadPoolExecutor clock =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("model-timeouts").factory());
        // Nearly all are cancelled long before their time.
        clock.setRemoveOnCancelPolicy(true);
        return clock;
    }

    static TimedRun within(Duration patience) throws OrtException {
        return new TimedRun(new OrtSession.RunOptions(), patience);
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

    private synchronized void terminate() {
        if (over) {
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
        over = true;
        end.cancel(false);
        options.close();
    }
}

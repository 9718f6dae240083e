package leat.ml.scoring;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import leat.core.scoring.ModelFailed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One run of a model, which is ended when it takes longer than it may.
final class TimedRun implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TimedRun.class);

    private static final ScheduledExecutorService CLOCK =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("model-timeouts").factory());

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

    static TimedRun within(Duration patience) throws OrtException {
        return new TimedRun(new OrtSession.RunOptions(), patience);
    }

    /// @throws ModelFailed when it took too long
    OrtSession.Result run(OrtSession session, Map<String, OnnxTensor> inputs) throws OrtException {
        try {
            return session.run(inputs, options);
        } catch (OrtException e) {
            if (ended) {
                throw new ModelFailed("the model took longer than " + patience.toMillis() + " ms");
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

package leat.ml.scoring;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import leat.core.model.ModelVersion;
import leat.core.scoring.ModelFailed;
import leat.core.tracking.TrackingRefused;
import leat.ml.registry.ArtifactDamaged;
import leat.ml.registry.Models;
import leat.stream.log.LogUnavailable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The version that a reference means, kept open, and exchanged while others use it: the next is
/// open before it takes over, and one that cannot be opened does not. For many threads.
final class ServedModel implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServedModel.class);

    /// How old what the registry said may be.
    private static final Duration LOOK = Duration.ofMillis(250);

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(10);

    private final Models models;
    private final Wanted wanted;
    private final ReentrantLock looking = new ReentrantLock();
    private volatile long nextLookNanos = System.nanoTime();
    private volatile @Nullable OpenModel current;

    /// Of a kind without a stack: many threads throw it.
    private volatile RuntimeException absence = new ModelUnready("it was not looked for yet");

    private volatile boolean closed;
    private String failedVersion = "";
    private long retryNanos;

    ServedModel(Models models, Wanted wanted) {
        this.models = models;
        this.wanted = wanted;
    }

    /// Which version is meant.
    ///
    /// @param reference of it, for people; the same reference means the same
    /// @param resolve says what it means at the moment, or is refused
    record Wanted(String reference, Supplier<ModelVersion> resolve) {}

    /// The version to use now, entered: whoever gets it leaves it. Null when this was closed.
    ///
    /// @throws TrackingRefused when there is none
    /// @throws ModelUnready when it cannot be opened
    /// @throws LogUnavailable when none was known yet and Kafka does not answer
    @Nullable OpenModel enter() {
        while (true) {
            look();
            OpenModel now = current;
            if (now == null) {
                if (closed) {
                    return null;
                }
                throw absence;
            }
            if (now.enter()) {
                return now;
            }
        }
    }

    /// Looks into the registry when it is time. One thread looks; others go on with what there is,
    /// or wait where there is nothing.
    private void look() {
        if (System.nanoTime() - nextLookNanos < 0) {
            return;
        }
        if (current == null) {
            looking.lock();
        } else if (!looking.tryLock()) {
            return;
        }
        try {
            if (!closed && System.nanoTime() - nextLookNanos >= 0) {
                lookNow();
                nextLookNanos = System.nanoTime() + LOOK.toNanos();
            }
        } finally {
            looking.unlock();
        }
    }

    private void lookNow() {
        try {
            ModelVersion version = wanted.resolve().get();
            OpenModel now = current;
            if (now == null || !now.version().equals(version.reference())) {
                exchange(version);
            }
        } catch (TrackingRefused e) {
            set(null);
            absence = e;
        } catch (LogUnavailable e) {
            if (current == null) {
                throw e;
            }
            LOG.atDebug().setCause(e).log("The registry of models cannot be read");
        }
    }

    private void exchange(ModelVersion next) {
        String version = next.reference();
        if (version.equals(failedVersion) && System.nanoTime() - retryNanos < 0) {
            return;
        }
        try {
            set(new OpenModel(version, new ModelFiles(models, next).open()));
            failedVersion = "";
            LOG.atInfo()
                    .addKeyValue("model", wanted.reference())
                    .addKeyValue("version", version)
                    .log("Predicting with a version of a model");
        } catch (ModelFailed | TrackingRefused | ArtifactDamaged | UncheckedIOException e) {
            failedVersion = version;
            retryNanos = System.nanoTime() + PAUSE_AFTER_FAILURE.toNanos();
            LOG.atError()
                    .addKeyValue("model", wanted.reference())
                    .addKeyValue("version", version)
                    .addKeyValue("reason", e.getMessage())
                    .log("A version of a model cannot be opened; the one before goes on");
            if (current == null) {
                absence = new ModelUnready(version + ": " + e.getMessage());
            }
        }
    }

    private void set(@Nullable OpenModel next) {
        OpenModel before = current;
        current = next;
        if (before != null) {
            before.retire();
        }
    }

    @Override
    public void close() {
        looking.lock();
        try {
            closed = true;
            set(null);
        } finally {
            looking.unlock();
        }
    }
}

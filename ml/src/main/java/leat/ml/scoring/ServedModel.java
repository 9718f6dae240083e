package leat.ml.scoring;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import leat.core.model.ModelVersion;
import leat.core.scoring.ModelFailed;
import leat.core.tracking.TrackingRefused;
import leat.ml.fold.RecordUnreadable;
import leat.ml.registry.Models;
import leat.stream.log.LogUnavailable;
import leat.stream.log.OncePerMinute;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The version that a reference means, kept open, and exchanged while others use it. A thread of
/// its own looks into the registry, when somebody asks and the last look is a while ago, and opens
/// what is new there; who asks meanwhile goes on with what there is. A version that cannot be
/// opened does not take over. For many threads.
final class ServedModel implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServedModel.class);

    /// How old what the registry said may be.
    private static final Duration LOOK = Duration.ofMillis(250);

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(10);

    private final Models models;
    private final Wanted wanted;
    private final Semaphore asked = new Semaphore(0);
    private final AtomicBoolean looking = new AtomicBoolean();
    private final CountDownLatch looked = new CountDownLatch(1);
    private final OncePerMinute unreadable = new OncePerMinute();
    private volatile long nextLookNanos = System.nanoTime();
    private volatile @Nullable OpenModel current;
    private volatile boolean closed;

    /// Of a kind without a stack: many threads throw it.
    private volatile RuntimeException absence = new ModelUnready("it was not looked for yet");

    /// Known to the looking thread alone.
    private String failedId = "";

    private long retryNanos;

    /// Which version is meant.
    ///
    /// @param reference of it, for people; the same reference means the same
    /// @param resolve says what it means at the moment, or is refused
    record Wanted(String reference, Supplier<ModelVersion> resolve) {}

    ServedModel(Models models, Wanted wanted) {
        this.models = models;
        this.wanted = wanted;
        Thread.ofVirtual().name("model-" + wanted.reference()).start(this::run);
    }

    /// The version to use now, entered: whoever gets it leaves it. Null when this was closed.
    ///
    /// @param patience for the first look alone
    /// @throws TrackingRefused when there is none
    /// @throws ModelUnready when it cannot be opened, or the registry was not read in time
    @Nullable OpenModel enter(Duration patience) throws InterruptedException {
        if (System.nanoTime() - nextLookNanos >= 0 && looking.compareAndSet(false, true)) {
            asked.release();
        }
        boolean known = looked.await(patience.toNanos(), TimeUnit.NANOSECONDS);
        while (true) {
            OpenModel now = current;
            if (now != null && now.enter()) {
                return now;
            }
            if (now == null && closed) {
                return null;
            }
            if (now == null) {
                throw known ? absence : new ModelUnready(String.valueOf(absence.getMessage()));
            }
        }
    }

    private void run() {
        while (!closed) {
            asked.acquireUninterruptibly();
            try {
                if (!closed) {
                    look();
                }
            } finally {
                nextLookNanos = System.nanoTime() + LOOK.toNanos();
                looking.set(false);
            }
        }
    }

    private void look() {
        ModelVersion version;
        try {
            version = wanted.resolve().get();
        } catch (TrackingRefused e) {
            absence = e;
            install(null);
            looked.countDown();
            return;
        } catch (LogUnavailable | RecordUnreadable e) {
            unread(e);
            return;
        }
        OpenModel now = current;
        if (now == null || !now.id().equals(OpenModel.id(version))) {
            exchange(version);
        } else {
            now.describe(version);
        }
        looked.countDown();
    }

    /// What is open stays so; who waits for the first look waits on.
    private void unread(RuntimeException why) {
        if (unreadable.isDue()) {
            LOG.atWarn()
                    .addKeyValue("model", wanted.reference())
                    .addKeyValue("reason", why.getMessage())
                    .log("The registry of models cannot be read");
        }
        if (looked.getCount() > 0) {
            absence = new ModelUnready(String.valueOf(why.getMessage()));
            LockSupport.parkNanos(LOOK.toNanos());
            // Whoever waits for the first look does not ask again.
            asked.release();
        }
    }

    private void exchange(ModelVersion next) {
        if (OpenModel.id(next).equals(failedId) && System.nanoTime() - retryNanos < 0) {
            return;
        }
        try {
            install(OpenModel.of(models, next));
            failedId = "";
            LOG.atInfo()
                    .addKeyValue("model", wanted.reference())
                    .addKeyValue("version", next.reference())
                    .log("Predicting with a version of a model");
        } catch (ModelFailed | TrackingRefused e) {
            // To open the same once more is of no use.
            failed(next, e, Duration.ofDays(1));
        } catch (RuntimeException | LinkageError e) {
            failed(next, e, PAUSE_AFTER_FAILURE);
        }
    }

    private void failed(ModelVersion version, Throwable why, Duration pause) {
        failedId = OpenModel.id(version);
        retryNanos = System.nanoTime() + pause.toNanos();
        LOG.atError()
                .addKeyValue("model", wanted.reference())
                .addKeyValue("version", version.reference())
                .addKeyValue("reason", why.getMessage())
                .log("A version of a model cannot be opened; the one before goes on");
        absence = new ModelUnready(version.reference() + ": " + why.getMessage());
    }

    private void install(@Nullable OpenModel next) {
        OpenModel left;
        synchronized (this) {
            if (closed && next != null) {
                left = next;
            } else {
                left = current;
                current = next;
            }
        }
        if (left != null) {
            left.retire();
        }
    }

    /// Does not wait for a version that is being opened; it is closed when it is.
    @Override
    public void close() {
        closed = true;
        install(null);
        looked.countDown();
        asked.release();
    }
}

package leat.ml.featurestore.online;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;
import leat.stream.log.Backoff;
import leat.stream.log.LoaderThread;
import leat.stream.log.LogUnavailable;
import leat.stream.log.StageHealth;
import leat.stream.log.WaitReport;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// Follows the `latest` topic of a view for as long as the process runs, through sessions that may
/// fail.
///
/// @param <T> what the store has of the topic
final class TopicFollower<T> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TopicFollower.class);

    private final OnlineView view;
    private final Supplier<FollowerSession<T>> sessions;
    private final LoaderThread thread;
    private final WaitReport waits = new WaitReport();
    private volatile StageHealth health = new StageHealth.Starting();
    private volatile @Nullable T served;
    private volatile boolean replaced;
    private volatile boolean left;

    /// @param sessions begins one, where the one before it ended
    TopicFollower(OnlineView view, Supplier<FollowerSession<T>> sessions) {
        this.view = view;
        this.sessions = sessions;
        this.thread = new LoaderThread("features-online-" + view.nameAndVersion(), this::run);
    }

    void start() {
        thread.start();
    }

    /// `NAME.vN` of the view.
    String view() {
        return view.nameAndVersion();
    }

    StageHealth health() {
        return health;
    }

    /// Whether anything can be read.
    boolean isServed() {
        return served != null;
    }

    /// What can be read: it has once held all that stood in the topic.
    ///
    /// @throws OnlineUnavailable until then
    T served() {
        T content = served;
        if (content == null && left) {
            throw new OnlineUnavailable(
                    view.nameAndVersion() + " is not kept any more: another version serves",
                    "ask for " + view.name());
        }
        if (content == null) {
            throw new OnlineUnavailable(
                    "the vectors of "
                            + view.nameAndVersion()
                            + " are still being read from the log",
                    "try again; /health/ready tells when they are");
        }
        return content;
    }

    /// Another version serves in its place: it ends once there is nothing to serve of the view,
    /// since the topic was dropped.
    void replaced() {
        replaced = true;
    }

    /// Whether it has ended for that.
    boolean hasLeft() {
        return left;
    }

    /// Asks it to end; returns at once.
    void stop() {
        thread.closing().countDown();
    }

    @Override
    public void close() {
        thread.close();
    }

    private void run() {
        Backoff backoff = new Backoff();
        try {
            while (thread.isGoingOn() && !left) {
                runSession(backoff);
            }
            health = new StageHealth.Stopped("");
        } catch (RuntimeException e) {
            health = new StageHealth.Stopped("a fault of the program: " + e);
            said(LOG.atError().setCause(e)).log("Online store stopped following a view");
        }
    }

    private void runSession(Backoff backoff) {
        try (FollowerSession<T> session = sessions.get()) {
            T content = session.content();
            if (!content.equals(served)) {
                served = null;
                session.readToEnd(
                        thread.closing(), trouble -> answered(trouble, new StageHealth.Starting()));
                if (!thread.isGoingOn()) {
                    return;
                }
                served = content;
                said(LOG.atInfo()).log("Online store is in step with a view");
            }
            backoff.reset();
            become(new StageHealth.Running(Map.of()));
            session.keepUp(
                    thread.closing(),
                    trouble -> answered(trouble, new StageHealth.Running(Map.of())));
        } catch (FollowerSession.TopicChanged e) {
            served = null;
            String why = String.valueOf(e.getMessage());
            if (isToLeave(why)) {
                return;
            }
            said(LOG.atWarn())
                    .addKeyValue("reason", why)
                    .log("Online store reads a view from its start");
            become(new StageHealth.Retrying(Instant.now(), why));
            pause(backoff.next());
        } catch (LogUnavailable | KafkaException | StoreFailed e) {
            String why = String.valueOf(e.getMessage());
            if (isToLeave(why)) {
                return;
            }
            become(new StageHealth.Retrying(Instant.now(), why));
            pause(backoff.next());
        }
    }

    private boolean isToLeave(String why) {
        if (!replaced || served != null) {
            return false;
        }
        left = true;
        said(LOG.atInfo())
                .addKeyValue("reason", why)
                .log("Online store leaves a version that another one has replaced");
        return true;
    }

    private void answered(String trouble, StageHealth otherwise) {
        become(trouble.isEmpty() ? otherwise : new StageHealth.Retrying(Instant.now(), trouble));
    }

    /// Takes a state, and says so where it is news.
    private void become(StageHealth next) {
        long now = System.nanoTime();
        Duration waited = waits.waited(now);
        if (next instanceof StageHealth.Retrying(Instant _, String why)) {
            switch (waits.waits(now)) {
                case BEGINS ->
                        said(LOG.atInfo()).addKeyValue("reason", why).log("Online store waits");
                case LASTS ->
                        said(LOG.atWarn())
                                .addKeyValue("waited", waited)
                                .addKeyValue("reason", why)
                                .log("Online store still waits");
                case NONE -> {}
            }
        } else if (next instanceof StageHealth.Running && waits.goesOn()) {
            said(LOG.atInfo()).addKeyValue("waited", waited).log("Online store goes on");
        }
        health = next;
    }

    private LoggingEventBuilder said(LoggingEventBuilder line) {
        return line.addKeyValue("view", view.nameAndVersion());
    }

    private void pause(Duration delay) {
        try {
            thread.pause(delay);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("its thread was interrupted", e);
        }
    }
}

package leat.ml.featurestore;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import leat.core.event.Names;
import leat.stream.log.Backoff;
import leat.stream.log.LoaderThread;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at the registry again and again, on a thread of its own, until nobody has anything left to
/// look for.
final class RegistryWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RegistryWatch.class);

    private final LogConnection log;
    private final Names names;
    private final Duration interval;
    private final List<Look> left;
    private final LoaderThread thread;
    private final Backoff backoff = new Backoff();
    private boolean waits;

    /// What one does that looks.
    @FunctionalInterface
    interface Look {

        /// Whether that was the last time.
        boolean isLast(RegisteredViews registered, Admin admin);
    }

    /// @param name the thread's
    RegistryWatch(
            String name,
            LogConnection log,
            Names names,
            Duration interval,
            Collection<? extends Look> looks) {
        this.log = log;
        this.names = names;
        this.interval = interval;
        this.left = new ArrayList<>(looks);
        this.thread = new LoaderThread(name, this::work);
    }

    void start() {
        thread.start();
    }

    @Override
    public void close() {
        thread.close();
    }

    /// Whoever has looked for the last time is left out at once, whatever becomes of the others.
    private void look(RegisteredViews registered, Admin admin) {
        Iterator<Look> looks = left.iterator();
        while (looks.hasNext() && thread.isGoingOn()) {
            if (looks.next().isLast(registered, admin)) {
                looks.remove();
            }
        }
    }

    private boolean goesOn() {
        return thread.isGoingOn() && !left.isEmpty();
    }

    private void work() {
        try {
            while (goesOn()) {
                attempt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void attempt() throws InterruptedException {
        try (Admin admin = log.admin();
                RegistryReader registry = new RegistryReader(log, names)) {
            while (goesOn()) {
                RegisteredViews registered = registry.read();
                look(registered, admin);
                waits = false;
                backoff.reset();
                thread.pause(interval);
            }
        } catch (LogUnavailable | KafkaException | ViewRefused e) {
            if (!waits) {
                LOG.atWarn()
                        .addKeyValue("cause", e.getMessage())
                        .log("Which version of a view serves cannot be seen now");
            }
            waits = true;
            thread.pause(backoff.next());
        }
    }
}

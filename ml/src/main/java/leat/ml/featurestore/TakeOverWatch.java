package leat.ml.featurestore;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import leat.stream.log.Backoff;
import leat.stream.log.LoaderThread;
import leat.stream.log.LogUnavailable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks once a second which version of each view serves, and whether another may take over.
final class TakeOverWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TakeOverWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final FeatureStore.Place place;
    private final List<ViewVersions> views;
    private final LoaderThread thread;
    private final Backoff backoff = new Backoff();
    private boolean waits;

    TakeOverWatch(FeatureStore.Place place, Collection<ViewVersions> views) {
        this.place = place;
        this.views = List.copyOf(views);
        this.thread = new LoaderThread("features-take-over", this::work);
    }

    void start() {
        thread.start();
    }

    @Override
    public void close() {
        thread.close();
    }

    private void work() {
        try {
            while (thread.isGoingOn()) {
                attempt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void attempt() throws InterruptedException {
        try (Admin admin = place.log().admin();
                RegistryReader registry = new RegistryReader(place.log(), place.names())) {
            while (thread.isGoingOn()) {
                look(registry, admin);
                thread.pause(INTERVAL);
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

    private void look(RegistryReader registry, Admin admin) {
        RegisteredViews registered = registry.read();
        for (ViewVersions view : views) {
            if (thread.isGoingOn()) {
                view.look(registered, admin);
            }
        }
        waits = false;
        backoff.reset();
    }
}

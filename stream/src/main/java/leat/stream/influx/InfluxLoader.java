package leat.stream.influx;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import leat.core.config.Secrets;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.stream.log.Backoff;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import leat.stream.log.StageHealth;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a database of InfluxDB up to the log of data points. Several loaders, in one process or
/// many, share its partitions.
///
/// Delivery is effectively once: a point is known by its measurement, tags and time, so a repeated
/// load changes nothing, and positions are committed after InfluxDB has answered. While it is away
/// the loader waits and stays in its group. What InfluxDB will never take is counted.
public final class InfluxLoader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(InfluxLoader.class);

    private final Parts parts;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private volatile StageHealth health = new StageHealth.Starting();

    /// What a loader works with.
    ///
    /// @param contract of the data points
    /// @param settings with a `url`
    /// @param credentials `user:password`; empty for none
    public record Parts(
            LogConnection log,
            Names names,
            Contract contract,
            InfluxSettings settings,
            Optional<String> credentials,
            InfluxMetrics metrics) {

        /// With the secrets of the settings as they are now.
        ///
        /// @throws Secrets.Missing when one is not in its place
        public static Parts of(
                LogConnection log,
                Names names,
                Contract contract,
                InfluxSettings settings,
                Secrets secrets) {
            return new Parts(
                    log,
                    names,
                    contract,
                    settings,
                    settings.credentials(secrets),
                    new InfluxMetrics(PrometheusRegistry.defaultRegistry));
        }
    }

    private InfluxLoader(Parts parts) {
        this.parts = parts;
        this.thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("influx-" + parts.contract().nameAndMajor())
                        .unstarted(this::run);
    }

    /// Starts loading and returns at once; neither InfluxDB nor the log has to be there yet.
    public static InfluxLoader start(Parts parts) {
        InfluxLoader loader = new InfluxLoader(parts);
        loader.thread.start();
        return loader;
    }

    public StageHealth health() {
        return health;
    }

    /// Ends the loader after the request it is in; what was not committed is loaded again later.
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        Backoff backoff = new Backoff();
        try {
            while (closing.getCount() > 0) {
                runSession(backoff);
            }
            health = new StageHealth.Stopped("");
        } catch (RuntimeException e) {
            health = new StageHealth.Stopped("a fault of the program, nothing was skipped: " + e);
            LOG.atError().setCause(e).log("Loader of metrics stopped");
        }
    }

    private void runSession(Backoff backoff) {
        try (InfluxSession session = InfluxSession.open(parts, this::become)) {
            session.run(closing, backoff);
        } catch (InfluxUnavailable | LogUnavailable | KafkaException e) {
            become(new StageHealth.Retrying(Instant.now(), String.valueOf(e.getMessage())));
            pause(backoff.next());
        }
    }

    /// Says once that it waits, and that it goes on.
    private void become(StageHealth next) {
        boolean waited = health instanceof StageHealth.Retrying;
        if (next instanceof StageHealth.Retrying(Instant _, String why) && !waited) {
            LOG.atWarn().addKeyValue("reason", why).log("Loader of metrics waits");
        } else if (next instanceof StageHealth.Running && waited) {
            LOG.atInfo().log("Loader of metrics goes on");
        }
        health = next;
    }

    private void pause(Duration delay) {
        try {
            if (closing.await(delay.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.atDebug().log("Closed while waiting");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

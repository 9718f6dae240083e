package leat.stream.influx;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.stream.log.Backoff;
import leat.stream.log.LoaderThread;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import leat.stream.log.StageHealth;
import leat.stream.log.WaitReport;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// Keeps a database of InfluxDB up to the log of data points. Several loaders, in one process or
/// many, share its partitions.
///
/// Delivery is effectively once: a point is known by its measurement, tags and time, so a repeated
/// load changes nothing, and positions are committed after InfluxDB has answered. While it is away
/// the loader waits and stays in its group. What InfluxDB will never take is counted.
public final class InfluxLoader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(InfluxLoader.class);

    private final Parts parts;
    private final LoaderThread thread;
    private final WaitReport waits = new WaitReport();
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
            InfluxMetrics metrics) {}

    private InfluxLoader(Parts parts) {
        this.parts = parts;
        this.thread = new LoaderThread("influx-" + parts.contract().nameAndMajor(), this::run);
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
        thread.close();
    }

    private void run() {
        Backoff backoff = new Backoff();
        try {
            while (thread.isGoingOn()) {
                runSession(backoff);
            }
            health = new StageHealth.Stopped("");
        } catch (RuntimeException e) {
            health = new StageHealth.Stopped("a fault of the program, nothing was skipped: " + e);
            said(LOG.atError().setCause(e)).log("Loader of metrics stopped");
        }
    }

    private void runSession(Backoff backoff) {
        try (InfluxSession session = InfluxSession.open(parts, this::become)) {
            session.run(thread.closing(), backoff);
        } catch (InfluxUnavailable | LogUnavailable | KafkaException e) {
            become(new StageHealth.Retrying(Instant.now(), String.valueOf(e.getMessage())));
            pause(backoff.next());
        }
    }

    /// Takes a state, and says so where it is news.
    private void become(StageHealth next) {
        long now = System.nanoTime();
        Duration waited = waits.waited(now);
        if (next instanceof StageHealth.Retrying(Instant _, String why)) {
            switch (waits.waits(now)) {
                case BEGINS ->
                        said(LOG.atInfo())
                                .addKeyValue("reason", why)
                                .log("Loader of metrics waits");
                case LASTS ->
                        said(LOG.atWarn())
                                .addKeyValue("waited", waited)
                                .addKeyValue("reason", why)
                                .log("Loader of metrics still waits");
                case NONE -> {}
            }
        } else if (next instanceof StageHealth.Running && waits.goesOn()) {
            said(LOG.atInfo()).addKeyValue("waited", waited).log("Loader of metrics goes on");
        }
        health = next;
    }

    private LoggingEventBuilder said(LoggingEventBuilder line) {
        return line.addKeyValue("contract", parts.contract().name().value());
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

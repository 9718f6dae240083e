package leat.stream.search;

import java.time.Duration;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.stream.log.Backoff;
import leat.stream.log.LoaderThread;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import leat.stream.log.WaitReport;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// Keeps the two indices of one contract up to its log: enriched events, and the dead letters of
/// every stage. Several loaders of a contract, in one process or many, share its partitions.
///
/// Delivery is effectively once: a document's id is the event's identity and its version the
/// offset, so a repeated load changes nothing. Offsets are committed after the engine and the
/// dead-letter topic have answered. While the engine is away the loader waits and stays in its
/// group; where going on could make the index wrong it stops, and says what to do.
public final class SearchLoader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SearchLoader.class);

    private final Parts parts;
    private final LoaderThread thread;
    private final WaitReport waits = new WaitReport();
    private volatile LoaderState state = new LoaderState.Starting();

    /// What a loader works with.
    ///
    /// @param log where the topics are
    /// @param engine where the indices are; shared, and closed by its owner
    /// @param names how both are called
    /// @param feed what of the contract is loaded
    /// @param metrics shared by all loaders
    public record Parts(
            LogConnection log,
            SearchEngine engine,
            Names names,
            Contract contract,
            SearchFeed feed,
            SearchSettings settings,
            SearchMetrics metrics) {

        /// Of a contract's events.
        public Parts(
                LogConnection log,
                SearchEngine engine,
                Names names,
                Contract contract,
                SearchSettings settings,
                SearchMetrics metrics) {
            this(log, engine, names, contract, SearchFeed.EVENTS, settings, metrics);
        }
    }

    private SearchLoader(Parts parts) {
        this.parts = parts;
        this.thread = new LoaderThread("search-" + parts.contract().nameAndMajor(), this::run);
    }

    /// Starts loading and returns at once; neither the engine nor the log has to be there yet.
    public static SearchLoader start(Parts parts) {
        SearchLoader loader = new SearchLoader(parts);
        loader.thread.start();
        return loader;
    }

    public LoaderState state() {
        return state;
    }

    /// Asks it to end; returns at once.
    void stop() {
        thread.closing().countDown();
    }

    /// Ends the loader after the request it is in; what was not committed is loaded again later.
    @Override
    public void close() {
        thread.close();
    }

    private void run() {
        Backoff backoff = new Backoff();
        parts.metrics().stopped.labelValues(contract()).set(0);
        try {
            while (thread.isGoingOn()) {
                runSession(backoff);
            }
            state = new LoaderState.Closed();
        } catch (LoaderStopped e) {
            stopped(String.valueOf(e.getMessage()), e);
        } catch (RuntimeException e) {
            stopped("a fault of the program, nothing was skipped: " + e, e);
        }
    }

    private void stopped(String reason, RuntimeException cause) {
        state = new LoaderState.Stopped(reason);
        parts.metrics().stopped.labelValues(contract()).set(1);
        LOG.atError()
                .setCause(cause)
                .addKeyValue("contract", contract())
                .addKeyValue("reason", reason)
                .log("Search loader stopped");
    }

    private void runSession(Backoff backoff) {
        try (LoadSession session = LoadSession.open(parts, this::become)) {
            session.run(thread.closing(), backoff);
        } catch (IndexGone e) {
            LOG.atWarn()
                    .addKeyValue("contract", contract())
                    .addKeyValue("reason", e.getMessage())
                    .log("Index is gone, loading it again from the start");
            pause(backoff.next(), String.valueOf(e.getMessage()));
        } catch (EngineUnavailable | LogUnavailable | KafkaException e) {
            pause(backoff.next(), String.valueOf(e.getMessage()));
        }
    }

    /// Takes a state that the loader has by its own doing, and says so.
    private void become(LoaderState next) {
        long now = System.nanoTime();
        Duration waited = waits.waited(now);
        switch (next) {
            case LoaderState.Waiting(String reason) -> {
                switch (waits.waits(now)) {
                    case BEGINS -> say(LOG.atInfo(), waited, reason).log("Search loader waits");
                    case LASTS ->
                            say(LOG.atWarn(), waited, reason).log("Search loader still waits");
                    case NONE -> {}
                }
            }
            case LoaderState.Running _ -> {
                if (waits.goesOn()) {
                    say(LOG.atInfo(), waited, "").log("Search loader goes on");
                }
            }
            case LoaderState.Starting _, LoaderState.Stopped _, LoaderState.Closed _ -> {}
        }
        state = next;
    }

    private LoggingEventBuilder say(LoggingEventBuilder line, Duration waited, String reason) {
        LoggingEventBuilder told = line.addKeyValue("contract", contract());
        if (!waited.isZero()) {
            told = told.addKeyValue("waited", waited);
        }
        return reason.isEmpty() ? told : told.addKeyValue("reason", reason);
    }

    private void pause(Duration delay, String reason) {
        become(new LoaderState.Waiting(reason));
        try {
            thread.pause(delay);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoaderStopped("its thread was interrupted");
        }
    }

    private String contract() {
        return parts.contract().name().value();
    }
}

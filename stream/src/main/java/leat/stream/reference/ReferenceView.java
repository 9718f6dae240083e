package leat.stream.reference;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import leat.core.config.DataSize;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.stream.log.Backoff;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import leat.stream.log.StageHealth;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The rows of a reference contract, or the newest vectors of a feature view, held in memory and
/// kept up with the log by a thread of its own. Any number of threads may ask it.
///
/// While Kafka is away it answers from what it has, and says in [Seen] how far that is. It stops,
/// and then answers nothing any more, when the rows outgrow their memory or the topic was made
/// again.
public final class ReferenceView implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReferenceView.class);

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Source source;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch settled = new CountDownLatch(1);
    private volatile @Nullable ReferenceRows rows;
    private volatile StageHealth health = new StageHealth.Starting();
    private volatile @Nullable Instant topicLost;

    /// What is viewed, and how.
    ///
    /// @param memory about the most memory for the rows
    /// @param followed whether others are to answer in its place, so that its topic may go
    record Source(
            LogConnection log, Names names, Contract contract, DataSize memory, boolean followed) {
        String topic() {
            return names.latest(contract);
        }

        String client() {
            return names.group("reference." + contract.nameAndMajor());
        }
    }

    private ReferenceView(Source source) {
        this.source = source;
        this.thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("reference-" + source.contract().nameAndMajor())
                        .unstarted(this::run);
    }

    /// Starts to read a reference contract's rows, and goes on until [#close].
    ///
    /// @param memory about the most memory for the rows; the view stops when they need more
    public static ReferenceView open(
            LogConnection log, Names names, Contract contract, DataSize memory) {
        if (contract.reference().isEmpty()) {
            throw new IllegalArgumentException(contract.nameAndMajor() + " is no reference data");
        }
        return start(new Source(log, names, contract, memory, false));
    }

    /// Starts to read the newest vectors of a version of a feature view, and goes on until
    /// [#close].
    ///
    /// @param vectors the contract of the vectors; its key is the entity
    /// @param memory about the most memory for the vectors; the view stops when they need more
    /// @param followed whether another version is to take over: then it is no fault that this one
    ///   is dropped
    public static ReferenceView ofVectors(
            LogConnection log, Names names, Contract vectors, DataSize memory, boolean followed) {
        return start(new Source(log, names, vectors, memory, followed));
    }

    private static ReferenceView start(Source source) {
        ReferenceView view = new ReferenceView(source);
        view.thread.start();
        return view;
    }

    /// The contract whose rows these are.
    public Contract contract() {
        return source.contract();
    }

    /// Whether everything has been read that stood in the log when the view was opened, and [#find]
    /// answers.
    public boolean isReady() {
        return rows != null && !(health instanceof StageHealth.Stopped);
    }

    /// Waits until the view is ready, has stopped, or the time is over; says whether it is ready.
    public boolean awaitReady(Duration patience) throws InterruptedException {
        return settled.await(patience.toNanos(), TimeUnit.NANOSECONDS) && isReady();
    }

    /// What is known of a key.
    ///
    /// @throws ReferenceUnavailable when the view is not ready
    public Found find(String key) {
        ReferenceRows current = rows;
        StageHealth now = health;
        if (now instanceof StageHealth.Stopped(String why)) {
            throw new ReferenceUnavailable(
                    "the rows of " + contract().nameAndMajor() + " are not kept any more: " + why);
        }
        if (current == null) {
            throw new ReferenceUnavailable(
                    "the rows of " + contract().nameAndMajor() + " are still being read");
        }
        return current.find(key);
    }

    /// Whether all is there that stands in the topic before these offsets, by partition.
    public boolean holds(Map<Integer, Long> offsets) {
        ReferenceRows current = rows;
        return current != null
                && offsets.entrySet().stream()
                        .allMatch(offset -> current.position(offset.getKey()) >= offset.getValue());
    }

    /// How the view is doing; `Starting` until it is ready.
    public StageHealth health() {
        return health;
    }

    /// Since when it has stopped because its topic was deleted or made again; empty where it was
    /// not.
    public Optional<Instant> topicLost() {
        return health instanceof StageHealth.Stopped
                ? Optional.ofNullable(topicLost)
                : Optional.empty();
    }

    /// How many keys are held; 0 until the view is ready.
    public int keys() {
        ReferenceRows current = rows;
        return current == null ? 0 : current.keys();
    }

    /// About how much memory the rows take.
    public long bytes() {
        ReferenceRows current = rows;
        return current == null ? 0 : current.bytes();
    }

    /// Asks it to end; returns at once.
    public void stop() {
        closing.countDown();
    }

    @Override
    public void close() {
        stop();
        try {
            if (!thread.join(PATIENCE)) {
                thread.interrupt(); // it waits for a Kafka that is away
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            follow();
            stopped("");
        } catch (ReferenceReading.TopicChanged e) {
            topicLost = Instant.now();
            lost(String.valueOf(e.getMessage()));
        } catch (ReferenceTooLarge e) {
            stopped(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.atError()
                    .addKeyValue("contract", contract().nameAndMajor())
                    .setCause(e)
                    .log("Reference view ended by a fault");
            stopped("a fault of Leat: " + e);
        }
    }

    private void follow() {
        Backoff backoff = new Backoff();
        ReferenceReading.Place place = ReferenceReading.Place.NOWHERE;
        while (closing.getCount() > 0) {
            try (ReferenceReading reading = ReferenceReading.open(source, place)) {
                place = reading.place();
                reading.readToEnd(closing);
                if (closing.getCount() > 0) {
                    ready(reading.rows());
                    backoff.reset();
                    reading.keepUp(closing, this::report);
                }
            } catch (LogUnavailable | KafkaException e) {
                report(String.valueOf(e.getMessage()));
                pause(backoff.next());
            }
        }
    }

    private void ready(ReferenceRows complete) {
        if (rows == null) {
            LOG.atInfo()
                    .addKeyValue("contract", contract().nameAndMajor())
                    .addKeyValue("keys", complete.keys())
                    .addKeyValue("bytes", complete.bytes())
                    .log("Reference data read");
        }
        rows = complete;
        health = new StageHealth.Running(Map.of());
        settled.countDown();
    }

    /// @param trouble what keeps the view from reading; empty when nothing does
    private void report(String trouble) {
        if (trouble.isEmpty()) {
            health = new StageHealth.Running(Map.of());
        } else if (closing.getCount() > 0 && !(health instanceof StageHealth.Retrying)) {
            health = new StageHealth.Retrying(Instant.now(), trouble);
            LOG.atWarn()
                    .addKeyValue("contract", contract().nameAndMajor())
                    .addKeyValue("reason", trouble)
                    .log("Reference view waits for Kafka");
        }
    }

    private void lost(String why) {
        if (!source.followed()) {
            stopped(why);
            return;
        }
        ended(why);
        LOG.atInfo()
                .addKeyValue("contract", contract().nameAndMajor())
                .addKeyValue("reason", why)
                .log("Reference view ended: another version of the view takes over");
    }

    private void stopped(String why) {
        ended(why);
        if (!why.isEmpty()) {
            LOG.atError()
                    .addKeyValue("contract", contract().nameAndMajor())
                    .addKeyValue("reason", why)
                    .log("Reference view stopped");
        }
    }

    private void ended(String why) {
        health = new StageHealth.Stopped(why);
        rows = null;
        settled.countDown();
    }

    private void pause(Duration delay) {
        try {
            boolean _ = closing.await(delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closing.countDown();
        }
    }
}

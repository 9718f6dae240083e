package leat.ml.tracking;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import leat.core.event.Names;
import leat.core.tracking.Metric;
import leat.core.tracking.NewestMetric;
import leat.core.tracking.Run;
import leat.core.tracking.TrackingCommand;
import leat.core.tracking.TrackingFold;
import leat.core.tracking.TrackingRefused;
import leat.core.tracking.search.Page;
import leat.core.tracking.search.PageRequest;
import leat.stream.log.Backoff;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import leat.stream.log.SmallTopic;
import leat.stream.log.TopicSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tracking in the log. Each question reads what was written since the one before; a command is
/// decided on the state that it changes, since whoever writes has fenced all others. Processes take
/// the right to write from each other as they need it.
public final class TrackingLog implements Tracking, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TrackingLog.class);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /// Who waits longer than that for those before is told that Kafka does not answer.
    private static final Duration QUEUE_PATIENCE = Duration.ofSeconds(20);

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(3);

    private final LogConnection log;
    private final TrackingTopics topics;
    private final InstantSource clock;
    private final StateRecords records;
    private final MetricHistory history;
    private final ReentrantLock lock = new ReentrantLock();
    private TrackingFold fold = new TrackingFold();
    private @Nullable SmallTopic reader;
    private @Nullable TrackingWriter writer;
    private volatile boolean closed;

    /// The topics have to be there when it is asked for the first time.
    ///
    /// @param clock says when experiments were made and changed
    public TrackingLog(LogConnection log, Names names, InstantSource clock) {
        this.log = log;
        this.topics = new TrackingTopics(names);
        this.clock = clock;
        this.records = new StateRecords(topics.state());
        this.history = new MetricHistory(log, topics);
    }

    /// The topics that it needs.
    public static List<TopicSpec> topics(Names names) {
        return new TrackingTopics(names).specs();
    }

    @Override
    public <T> T read(Function<TrackingFold, T> question) {
        takeTurn();
        try {
            readOn();
            return question.apply(fold);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void write(TrackingCommand command) {
        takeTurn();
        try {
            Backoff backoff = new Backoff();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            for (int attempt = 1; !written(command, deadline); attempt++) {
                // Whom another process has just fenced can go on at once.
                if (attempt > 1) {
                    LockSupport.parkNanos(backoff.next().toNanos());
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void takeTurn() {
        if (!lockedWithin(QUEUE_PATIENCE)) {
            throw new LogUnavailable(
                    "those before have waited for Kafka for "
                            + QUEUE_PATIENCE.toSeconds()
                            + " s already",
                    null);
        }
    }

    private boolean lockedWithin(Duration patience) {
        try {
            return lock.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// @return false when nobody can say whether it was: then the next attempt ends what is open,
    ///   reads what there is, and decides again
    private boolean written(TrackingCommand command, long deadline) {
        try {
            TrackingWriter now = writing();
            readOn();
            TrackingCommand.Decision decision = command.decide(fold, clock.millis());
            if (!decision.isEmpty()) {
                readThrough(now.write(decision, fold));
            }
            return true;
        } catch (KafkaException | IllegalStateException e) {
            closeWriter();
            if (System.nanoTime() > deadline) {
                throw new LogUnavailable("cannot write " + topics.state(), e);
            }
            LOG.atDebug().setCause(e).log("Trying once more to write what is tracked");
            return false;
        }
    }

    private TrackingWriter writing() {
        refuseWhenClosed();
        TrackingWriter now = writer;
        if (now == null) {
            now = TrackingWriter.open(log, topics);
            writer = now;
        }
        return now;
    }

    @Override
    public Page<Metric> history(String runId, String metric, PageRequest page) {
        Run run =
                read(state -> state.run(runId))
                        .orElseThrow(() ->
                                TrackingRefused.absent("Run with id=" + runId + " not found"));
        return Optional.<NewestMetric>ofNullable(run.metrics().get(metric))
                .map(newest -> history.read(runId, newest, page))
                .orElseGet(() -> new Page<>(List.of(), ""));
    }

    private void readOn() {
        reading().readOn(this::apply);
    }

    /// Reads up to what was just written: Kafka tells the writer so before readers may see it.
    private void readThrough(long offset) {
        reading().readThrough(offset, this::apply);
    }

    private void apply(Iterable<ConsumerRecord<byte[], byte[]>> batch) {
        try {
            batch.forEach(record -> fold.apply(records.read(record)));
        } catch (TrackingUnreadable e) {
            startOver();
            throw e;
        }
    }

    /// Else what is behind a record that cannot be read would be asked for without it.
    private void startOver() {
        closeReader();
        fold = new TrackingFold();
    }

    private SmallTopic reading() {
        refuseWhenClosed();
        SmallTopic now = reader;
        if (now == null) {
            now = SmallTopic.open(log, "leat-tracking", topics.state());
            reader = now;
        }
        return now;
    }

    private void refuseWhenClosed() {
        if (closed) {
            throw new LogUnavailable("tracking has ended with its process", null);
        }
    }

    private void closeReader() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }

    private void closeWriter() {
        if (writer != null) {
            writer.close();
            writer = null;
        }
    }

    /// Whoever waits for Kafka at the moment is not waited for long.
    @Override
    public void close() {
        closed = true;
        if (!lockedWithin(CLOSE_PATIENCE)) {
            LOG.atInfo().log("Tracking ends while a call still waits for Kafka");
            return;
        }
        try {
            closeWriter();
            closeReader();
        } finally {
            lock.unlock();
        }
    }
}

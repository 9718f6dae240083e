package leat.ml.fold;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import leat.core.event.Names;
import leat.stream.log.Backoff;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import leat.stream.log.SmallTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The state that a compacted topic of one partition folds to. Each question reads what was written
/// since the one before; a change is decided on the state that it changes, since whoever writes has
/// fenced all others. Processes take the right to write from each other as they need it. For many
/// threads, of which some may read while one writes.
public final class FoldedTopic<S> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FoldedTopic.class);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /// Who waits longer than that for those before is told that Kafka does not answer.
    private static final Duration QUEUE_PATIENCE = Duration.ofSeconds(20);

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(3);

    private final LogConnection log;
    private final Place place;
    private final Folding<S> folding;
    private final ReentrantLock writing = new ReentrantLock();

    /// Whoever has both has taken [#writing] first.
    private final ReentrantLock reading = new ReentrantLock();

    private S state;
    private @Nullable SmallTopic reader;
    private @Nullable FencedWriter writer;
    private volatile boolean closed;

    /// Which topic it is, and who writes to it.
    ///
    /// @param name of the topic behind the prefix, of the writer, and of its fail points
    /// @param transactionTimeout after which the broker ends the transaction of a writer that is
    ///   gone, where no other one does
    public record Place(Names names, String name, Duration transactionTimeout) {

        public String topic() {
            return names.shared(name);
        }

        String clientId() {
            return "leat-" + name;
        }
    }

    /// The topic has to be there when it is asked for the first time.
    public FoldedTopic(LogConnection log, Place place, Folding<S> folding) {
        this.log = log;
        this.place = place;
        this.folding = folding;
        this.state = folding.empty();
    }

    /// Asks the state with everything that was written before the call, by whomever.
    ///
    /// @param question is asked while nothing changes; it has to be short
    /// @throws LogUnavailable when Kafka does not answer
    public <T> T read(Function<S, T> question) {
        takeTurn(reading, QUEUE_PATIENCE);
        try {
            reader().readOn(this::apply);
            return question.apply(state);
        } finally {
            reading.unlock();
        }
    }

    /// Does a change. When it returns, everybody can read what it wrote.
    ///
    /// @throws LogUnavailable when Kafka does not do it, or does not say whether it did
    public void write(Change<S> change) {
        takeTurn(writing, QUEUE_PATIENCE);
        try {
            Backoff backoff = new Backoff();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            for (int attempt = 1; !written(change, deadline); attempt++) {
                // Whom another process has just fenced can go on at once.
                if (attempt > 1) {
                    LockSupport.parkNanos(backoff.next().toNanos());
                }
            }
        } finally {
            writing.unlock();
        }
    }

    /// @return false when nobody can say whether it was: then the next attempt ends what is open,
    ///   reads what there is, and decides again
    private boolean written(Change<S> change, long deadline) {
        try {
            FencedWriter now = writer();
            Optional<Change.Sending> sending = read(change::decide);
            if (sending.isPresent()) {
                readThrough(now.write(sending.get()));
            }
            return true;
        } catch (KafkaException | IllegalStateException e) {
            closeWriter();
            if (System.nanoTime() > deadline) {
                throw new LogUnavailable("cannot write " + place.topic(), e);
            }
            LOG.atDebug()
                    .setCause(e)
                    .addKeyValue("topic", place.topic())
                    .log("Trying once more to write to a folded topic");
            return false;
        }
    }

    /// Reads up to what was just written: Kafka tells the writer so before readers may see it.
    private void readThrough(long offset) {
        takeTurn(reading, QUEUE_PATIENCE);
        try {
            reader().readThrough(offset, this::apply);
        } finally {
            reading.unlock();
        }
    }

    private void takeTurn(ReentrantLock lock, Duration patience) {
        if (!lockedWithin(lock, patience)) {
            throw new LogUnavailable(
                    "those before have waited for Kafka for " + patience.toSeconds() + " s already",
                    null);
        }
    }

    private static boolean lockedWithin(ReentrantLock lock, Duration patience) {
        try {
            return lock.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void apply(Iterable<ConsumerRecord<byte[], byte[]>> batch) {
        try {
            batch.forEach(record -> folding.apply(state, record));
        } catch (RecordUnreadable e) {
            startOver();
            throw e;
        }
    }

    /// Else what is behind a record that cannot be read would be asked for without it.
    private void startOver() {
        closeReader();
        state = folding.empty();
    }

    private SmallTopic reader() {
        refuseWhenClosed();
        SmallTopic now = reader;
        if (now == null) {
            now = SmallTopic.open(log, place.clientId(), place.topic());
            reader = now;
        }
        return now;
    }

    private FencedWriter writer() {
        refuseWhenClosed();
        FencedWriter now = writer;
        if (now == null) {
            now = FencedWriter.open(log, place);
            writer = now;
        }
        return now;
    }

    private void refuseWhenClosed() {
        if (closed) {
            throw new LogUnavailable(
                    place.topic() + " is not read any more, as its process ends", null);
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
        close(writing, this::closeWriter);
        close(reading, this::closeReader);
    }

    private void close(ReentrantLock lock, Runnable closing) {
        if (!lockedWithin(lock, CLOSE_PATIENCE)) {
            LOG.atInfo()
                    .addKeyValue("topic", place.topic())
                    .log("A folded topic ends while a call still waits for Kafka");
            return;
        }
        try {
            closing.run();
        } finally {
            lock.unlock();
        }
    }
}

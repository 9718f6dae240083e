package leat.stream.collector;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import leat.core.failpoint.FailPoint;
import leat.stream.spool.Spool;
import leat.stream.spool.SpoolDamaged;
import leat.stream.spool.SpoolUnusable;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings what stands in a spool to the log, in its order, whenever the log is there: a chunk at a
/// time, the next when all of the one before is acknowledged and marked as drained. When little is
/// left, new events are held until that is sent too, and then go to the log themselves.
///
/// It is never interrupted, which would close the spool's files: it is told to end.
final class SpoolDrain implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SpoolDrain.class);
    private static final long CHUNK_BYTES = 1 << 20;
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration TOPICS_TIMEOUT = Duration.ofSeconds(2);
    private static final int DELIVERY_MILLIS = 60_000;
    private static final int REQUEST_MILLIS = 15_000;

    private final LogWriter.Source source;
    private final Spool spool;
    private final Outlet outlet;
    private final Thread thread;
    private final AtomicReference<@Nullable Producer<byte[], byte[]>> sending =
            new AtomicReference<>();

    /// Will write what follows, once it knows the topics; of the drain's thread alone.
    private @Nullable LogWriter next;

    private boolean told;

    /// What the drain is a part of.
    interface Outlet {
        /// Waits until events go to the spool; `false` when all is to end.
        boolean awaitSpooling() throws InterruptedException;

        /// Waits; `false` when all is to end.
        boolean pause(Duration time) throws InterruptedException;

        boolean closing();

        void drained(int events);

        /// Lets new events wait, for a moment.
        void hold();

        /// Lets new events, and those that wait, go to the spool.
        void letGo();

        /// Lets those that wait, and then new ones, go to the log.
        void goLive(LogWriter writer);
    }

    SpoolDrain(LogWriter.Source source, Spool spool, Outlet outlet) {
        this.source = source;
        this.spool = spool;
        this.outlet = outlet;
        this.thread = Thread.ofPlatform().name("spool-drain").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (outlet.awaitSpooling()) {
                if (!drainOnce() && !outlet.pause(PAUSE)) {
                    return;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            closeNext();
        }
    }

    /// Whether everything is in the log, and what follows goes there.
    private boolean drainOnce() throws InterruptedException {
        try {
            LogWriter writer = next == null ? new LogWriter(source) : next;
            next = writer;
            if (!writer.awaitTopics(TOPICS_TIMEOUT)) {
                return false;
            }
            drainAll();
            next = null;
            outlet.goLive(writer);
            return true;
        } catch (KafkaException | IllegalStateException | SpoolDamaged | SpoolUnusable e) {
            failed(e);
            closeNext();
            return false;
        }
    }

    private void closeNext() {
        if (next != null) {
            next.close(Duration.ZERO);
            next = null;
        }
    }

    private void failed(RuntimeException e) {
        if (!told && !outlet.closing()) {
            told = true;
            LOG.atWarn().setCause(e).log("What stands in the spool cannot be sent, trying again");
        }
    }

    /// Returns with new events held and all others in the log.
    private void drainAll() throws InterruptedException {
        Producer<byte[], byte[]> producer = source.log().producer("leat-collector-spool", config());
        sending.set(producer);
        try {
            drainMost(producer);
            drainTheRest(producer);
        } finally {
            sending.set(null);
            producer.close(Duration.ZERO);
        }
    }

    private void drainMost(Producer<byte[], byte[]> producer) {
        while (true) {
            if (outlet.closing()) {
                throw new IllegalStateException("the collector ends");
            }
            Spool.Chunk chunk = spool.oldest(CHUNK_BYTES);
            if (chunk.records().isEmpty() || chunk.records().size() >= spool.events()) {
                return;
            }
            drain(producer, chunk);
        }
    }

    /// Sends the last chunk or so, while new events are held.
    private void drainTheRest(Producer<byte[], byte[]> producer) throws InterruptedException {
        boolean done = false;
        outlet.hold();
        try {
            spool.awaitWritten();
            while (!spool.isEmpty()) {
                drain(producer, spool.oldest(CHUNK_BYTES));
            }
            done = true;
        } finally {
            if (!done) {
                outlet.letGo();
            }
        }
    }

    private void drain(Producer<byte[], byte[]> producer, Spool.Chunk chunk) {
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        for (ProducerRecord<byte[], byte[]> record : chunk.records()) {
            send(producer, record, failure);
            FailPoint.reach("spool.mid-send");
        }
        producer.flush();
        Exception cause = failure.get();
        if (cause != null) {
            throw new KafkaException(cause.getMessage(), cause);
        }
        FailPoint.reach("spool.before-mark");
        spool.drained(chunk);
        outlet.drained(chunk.records().size());
        told = false;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the failure is kept
    private static void send(
            Producer<byte[], byte[]> producer,
            ProducerRecord<byte[], byte[]> record,
            AtomicReference<@Nullable Exception> failure) {
        producer.send(
                record,
                (@Nullable RecordMetadata _, @Nullable Exception exception) -> {
                    if (exception != null && failure.compareAndSet(null, exception)) {
                        // Nothing behind it may go to the log before it.
                        producer.close(Duration.ZERO);
                    }
                });
    }

    /// Of several requests under way whose answers are lost, a broker that was restarted knows the
    /// last one only, and refuses to hear the others again; so there is one at a time.
    private static Map<String, Object> config() {
        return Map.of(
                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                1,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                DELIVERY_MILLIS,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                REQUEST_MILLIS,
                ProducerConfig.LINGER_MS_CONFIG,
                5,
                ProducerConfig.BATCH_SIZE_CONFIG,
                128 << 10,
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                10_000L);
    }

    /// Ends; what is not drained stays.
    @Override
    public void close() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            Producer<byte[], byte[]> producer = sending.get();
            if (producer != null) {
                producer.close(Duration.ZERO);
            }
            try {
                thread.join(Duration.ofMillis(50));
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

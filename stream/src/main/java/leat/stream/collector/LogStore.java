package leat.stream.collector;

import java.time.Duration;
import java.util.List;
import leat.core.failpoint.FailPoint;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log alone: what it does not acknowledge in time has failed.
final class LogStore implements Store {

    private static final Logger LOG = LoggerFactory.getLogger(LogStore.class);
    private static final Duration START_TIMEOUT = Duration.ofSeconds(10);
    private static final long FAILURE_MEMORY_NANOS = Duration.ofSeconds(5).toNanos();

    private final LogWriter writer;
    private final Duration patience;
    private volatile boolean failing;
    private volatile long lastFailureNanos;

    private LogStore(LogWriter writer, Duration patience) {
        this.writer = writer;
        this.patience = patience;
    }

    /// Returns when the topics are known, or after 10 s without them.
    static LogStore open(LogWriter.Source source) {
        LogWriter writer = new LogWriter(source);
        if (!writer.awaitTopics(START_TIMEOUT)) {
            LOG.atWarn().log("Kafka does not know the topics yet, starting without them");
        }
        return new LogStore(writer, source.patience());
    }

    @Override
    public void write(
            List<ProducerRecord<byte[], byte[]>> records, Acknowledgement acknowledgement) {
        Callback callback = (_, exception) -> completed(exception, acknowledgement);
        for (ProducerRecord<byte[], byte[]> record : records) {
            writer.send(record, callback);
            FailPoint.reach("collector.mid-batch");
        }
    }

    private void completed(@Nullable Exception exception, Acknowledgement acknowledgement) {
        if (exception == null) {
            succeeded();
            acknowledgement.stored(false);
        } else {
            failed(exception);
            acknowledgement.failed(exception);
        }
    }

    /// Its topics are known, and nothing failed in the last five seconds that was not followed by a
    /// success.
    @Override
    public boolean ready() {
        boolean failedLately =
                failing && System.nanoTime() - lastFailureNanos < FAILURE_MEMORY_NANOS;
        return !failedLately && writer.topicsKnown();
    }

    private void failed(Exception cause) {
        if (!failing) {
            LOG.atWarn().addKeyValue("cause", cause.getMessage()).log("Kafka takes no events");
        }
        failing = true;
        lastFailureNanos = System.nanoTime();
    }

    private void succeeded() {
        if (failing) {
            failing = false;
            LOG.atInfo().log("Kafka takes events again");
        }
    }

    @Override
    public void close() {
        writer.close(patience);
    }
}

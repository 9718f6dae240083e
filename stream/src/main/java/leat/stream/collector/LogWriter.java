package leat.stream.collector;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A producer of the collector's topics that never lets its callers wait: what Kafka cannot take at
/// once fails.
final class LogWriter {

    private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);
    private static final long POLL_NANOS = Duration.ofMillis(10).toNanos();
    private static final long PRODUCER_HEADROOM_BYTES = 32L << 20;
    private static final int LINGER_MILLIS = 1;
    private static final int BATCH_BYTES = 128 << 10;

    private final Producer<byte[], byte[]> producer;
    private final List<String> topics;

    /// What such producers are made of.
    ///
    /// @param inFlightBytes what callers hand over at most before it is acknowledged
    /// @param patience how long Kafka may take to acknowledge a record
    record Source(LogConnection log, List<String> topics, long inFlightBytes, Duration patience) {
        Source {
            topics = List.copyOf(topics);
        }
    }

    LogWriter(Source source) {
        this.producer = source.log().producer("leat-collector", config(source));
        this.topics = source.topics();
    }

    private static Map<String, Object> config(Source source) {
        int deliveryMillis = Math.toIntExact(source.patience().toMillis());
        Map<String, Object> config = new HashMap<>();
        // Event loops call send: it must fail rather than wait.
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0L);
        // A topic that nobody wrote to for a while must still be known without a wait.
        config.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, Duration.ofDays(365).toMillis());
        config.put(
                ProducerConfig.BUFFER_MEMORY_CONFIG,
                source.inFlightBytes() + PRODUCER_HEADROOM_BYTES);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, deliveryMillis);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, deliveryMillis - LINGER_MILLIS);
        config.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
        config.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        config.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 20L);
        config.put(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 200L);
        return config;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback is told
    void send(ProducerRecord<byte[], byte[]> record, Callback callback) {
        try {
            producer.send(record, callback);
        } catch (KafkaException | IllegalStateException e) {
            // Thrown instead of reported when the producer is closed or in a fatal state.
            callback.onCompletion(null, e);
        }
    }

    /// Waits until the topics are known; `false` when they are not in time.
    boolean awaitTopics(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!topicsKnown()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }

    boolean topicsKnown() {
        try {
            topics.forEach(producer::partitionsFor);
            return true;
        } catch (TimeoutException _) {
            return false;
        } catch (KafkaException | IllegalStateException e) {
            LOG.atWarn().setCause(e).log("Kafka refuses to describe the topics");
            return false;
        }
    }

    /// Waits for what was handed over for as long as `patience`; then, or at once for zero, what is
    /// open fails.
    void close(Duration patience) {
        producer.close(patience);
    }
}

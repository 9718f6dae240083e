package leat.ml.fold;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import leat.core.failpoint.FailPoint;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;

/// Writes decisions, each in one transaction. Whoever opens one last is the only one that can
/// write: those before are fenced and find out at their next commit. For one thread.
final class FencedWriter implements AutoCloseable {

    /// Somebody waits for each write, and others behind it.
    private static final Map<String, Object> IMPATIENT =
            Map.of(
                    ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000,
                    ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000,
                    ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);

    private final FoldedTopic.Place place;
    private final Producer<byte[], byte[]> producer;

    /// Fences all others.
    ///
    /// @throws KafkaException when Kafka does not do it
    static FencedWriter open(LogConnection log, FoldedTopic.Place place) {
        Map<String, Object> config = new HashMap<>(IMPATIENT);
        config.put(
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                Math.toIntExact(place.transactionTimeout().toMillis()));
        Producer<byte[], byte[]> producer =
                log.transactionalProducer(
                        place.clientId(), place.names().transactionalId(place.name(), "1"), config);
        try {
            producer.initTransactions();
            return new FencedWriter(place, producer);
        } catch (KafkaException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    private FencedWriter(FoldedTopic.Place place, Producer<byte[], byte[]> producer) {
        this.place = place;
        this.producer = producer;
    }

    /// Writes what was decided.
    ///
    /// @return the offset of the last record in the topic of the state
    /// @throws KafkaException when it was not written, or nobody can say whether it was; the writer
    ///   is of no use any more then
    long write(Change.Sending sending) {
        producer.beginTransaction();
        Outbox outbox = new Outbox(producer, place.topic());
        long last;
        try {
            sending.send(outbox);
            last = outbox.lastOffset();
        } catch (KafkaException | IllegalStateException e) {
            throw e;
        } catch (RuntimeException e) {
            producer.abortTransaction();
            throw e;
        }
        FailPoint.reach(place.name() + ".after-send");
        producer.commitTransaction();
        FailPoint.reach(place.name() + ".after-commit");
        return last;
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}

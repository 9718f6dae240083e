package leat.bench;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/// The limit of any way into the log: an idempotent producer that waits for all replicas, sending
/// records that were made beforehand, with nothing around it.
final class BareProducer {

    /// What a Kafka user would try: hardly any batching, and two that batch more.
    static final Map<String, Map<String, Object>> SETTINGS =
            Map.of(
                    "producer with linger 0", Map.of(ProducerConfig.LINGER_MS_CONFIG, 0),
                    "producer with linger 5 ms and 64 KiB batches",
                            Map.of(
                                    ProducerConfig.LINGER_MS_CONFIG,
                                    5,
                                    ProducerConfig.BATCH_SIZE_CONFIG,
                                    64 << 10),
                    "producer with linger 20 ms and 256 KiB batches",
                            Map.of(
                                    ProducerConfig.LINGER_MS_CONFIG,
                                    20,
                                    ProducerConfig.BATCH_SIZE_CONFIG,
                                    256 << 10));

    private BareProducer() {}

    /// Sends `total` records, taken from `records` in turn, and returns when all are acknowledged;
    /// how many there were.
    ///
    /// @throws IllegalStateException when one was not
    static long send(
            Producer<byte[], byte[]> producer,
            List<ProducerRecord<byte[], byte[]>> records,
            long total) {
        AtomicReference<Exception> failure = new AtomicReference<>();
        for (long i = 0; i < total; i++) {
            Future<RecordMetadata> _ =
                    producer.send(
                            records.get((int) (i % records.size())),
                            (_, exception) -> {
                                if (exception != null) {
                                    failure.set(exception);
                                }
                            });
        }
        producer.flush();
        if (failure.get() != null) {
            throw new IllegalStateException("a record was not acknowledged", failure.get());
        }
        return total;
    }
}

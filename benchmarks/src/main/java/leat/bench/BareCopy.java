package leat.bench;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/// The limit of any exactly-once stage: poll, send each record as it is to another topic, commit
/// outputs and offsets in one transaction a polled batch; nothing is looked at.
final class BareCopy implements AutoCloseable {

    /// What a Kafka user would try: batches of different sizes.
    static final Map<String, Integer> SETTINGS = settings();

    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> consumer;
    private final Producer<byte[], byte[]> producer;
    private final String to;
    private final Thread thread;
    private volatile boolean stopping;

    private BareCopy(
            Consumer<byte[], byte[]> consumer, Producer<byte[], byte[]> producer, String to) {
        this.consumer = consumer;
        this.producer = producer;
        this.to = to;
        this.thread = Thread.ofPlatform().name("bench-copy").unstarted(this::run);
    }

    /// Starts copying `from` from its first record to `to`, under a group of its own.
    ///
    /// @param batch the most records of one transaction
    static BareCopy start(LogConnection log, String from, String to, String group, int batch) {
        Consumer<byte[], byte[]> consumer =
                log.groupConsumer(
                        group,
                        group,
                        Map.of(
                                ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                                16 << 20,
                                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                                batch));
        Producer<byte[], byte[]> producer =
                log.transactionalProducer(
                        group,
                        group + ".1",
                        Map.of(
                                ProducerConfig.BATCH_SIZE_CONFIG,
                                256 << 10,
                                ProducerConfig.BUFFER_MEMORY_CONFIG,
                                64L << 20));
        producer.initTransactions();
        consumer.subscribe(List.of(from));
        BareCopy copy = new BareCopy(consumer, producer, to);
        copy.thread.start();
        return copy;
    }

    private void run() {
        try (consumer;
                producer) {
            while (!stopping) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                if (!records.isEmpty()) {
                    copy(records);
                }
            }
        }
    }

    private void copy(ConsumerRecords<byte[], byte[]> records) {
        producer.beginTransaction();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Future<RecordMetadata> _ =
                    producer.send(
                            new ProducerRecord<>(
                                    to,
                                    record.partition(),
                                    record.timestamp(),
                                    record.key(),
                                    record.value(),
                                    record.headers()));
        }
        producer.sendOffsetsToTransaction(
                new HashMap<>(records.nextOffsets()), consumer.groupMetadata());
        producer.commitTransaction();
    }

    private static Map<String, Integer> settings() {
        Map<String, Integer> settings = new LinkedHashMap<>();
        settings.put("copy of 500 records a transaction", 500);
        settings.put("copy of 2,000 records a transaction", 2_000);
        settings.put("copy of 5,000 records a transaction", 5_000);
        return settings;
    }

    @Override
    public void close() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

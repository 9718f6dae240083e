package leat.bench;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/// The limit of any exactly-once stage: poll, send each record as it is to another topic, commit
/// outputs and offsets in one transaction a polled batch; nothing is looked at.
final class BareCopy {

    /// What a Kafka user would try: batches of different sizes on both sides.
    static final Map<String, Map<String, Object>> SETTINGS =
            Map.of(
                    "copy of 500 records a transaction", Map.of("max.poll.records", 500),
                    "copy of 2,000 records a transaction", Map.of("max.poll.records", 2_000),
                    "copy of 5,000 records a transaction", Map.of("max.poll.records", 5_000));

    private static final Duration POLL = Duration.ofMillis(200);

    private final LogConnection log;
    private final Map<String, Object> consumerSetting;

    BareCopy(LogConnection log, Map<String, Object> consumerSetting) {
        this.log = log;
        this.consumerSetting = Map.copyOf(consumerSetting);
    }

    /// Copies `total` records from the start of `from` to `to`, under a group of its own.
    long copy(String from, String to, String group, long total) {
        Map<String, Object> fetch = new HashMap<>(consumerSetting);
        fetch.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 16 << 20);
        Map<String, Object> batch = Map.of(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
        try (Consumer<byte[], byte[]> consumer = log.groupConsumer(group, group, fetch);
                Producer<byte[], byte[]> producer =
                        log.transactionalProducer(group, group + ".1", batch)) {
            producer.initTransactions();
            consumer.subscribe(List.of(from));
            long copied = 0;
            while (copied < total) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                if (records.isEmpty()) {
                    continue;
                }
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
                producer.sendOffsetsToTransaction(ends(records), consumer.groupMetadata());
                producer.commitTransaction();
                copied += records.count();
            }
            return copied;
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> ends(
            ConsumerRecords<byte[], byte[]> records) {
        return new HashMap<>(records.nextOffsets());
    }
}

package leat.stream.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import leat.stream.testing.SharedKafka;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

final class KafkaLogReaderIT {

    private final String group = SharedKafka.freshNames().prefix() + ".group";
    private final TopicPartition partition = new TopicPartition(group + ".topic", 0);

    @Test
    void aPartitionWithoutPositionStartsAtItsFirstRecord() {
        // Given
        makeTopic();

        // When
        try (KafkaLogReader reader = new KafkaLogReader(SharedKafka.connection(), group)) {
            AssignedPartition assigned = reader.assigned(partition);

            // Then
            assertThat(assigned.offset()).isZero();
        }
    }

    @Test
    void aPositionInAnOpenTransactionIsNotTakenForNone() throws Exception {
        // Given
        makeTopic();
        try (Producer<byte[], byte[]> killed = transactional();
                KafkaLogReader reader = new KafkaLogReader(SharedKafka.connection(), group)) {
            killed.initTransactions();
            move(killed, 1);
            killed.commitTransaction();
            move(killed, 2);

            // When, Then
            assertThatThrownBy(() -> reader.assigned(partition))
                    .isInstanceOf(LogUnavailable.class)
                    .hasMessageContaining("has not ended yet");
            killed.abortTransaction();
            assertThat(settled(reader).offset()).isEqualTo(1);
        }
    }

    /// Abortion is answered before its markers are written.
    private AssignedPartition settled(KafkaLogReader reader) {
        while (true) {
            try {
                return reader.assigned(partition);
            } catch (LogUnavailable e) {
                LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
            }
        }
    }

    private void move(Producer<byte[], byte[]> producer, long position)
            throws ExecutionException, InterruptedException {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(partition.topic(), 0, null, new byte[] {1})).get();
        try (Consumer<byte[], byte[]> consumer =
                SharedKafka.connection().groupConsumer(group, group, Map.of())) {
            producer.sendOffsetsToTransaction(
                    Map.of(partition, new OffsetAndMetadata(position)), consumer.groupMetadata());
        }
    }

    private Producer<byte[], byte[]> transactional() {
        return SharedKafka.connection().transactionalProducer(group, group, Map.of());
    }

    private void makeTopic() {
        try (Admin admin = SharedKafka.connection().admin()) {
            Topics topics = new Topics(admin, 1);
            topics.apply(topics.plan(List.of(new TopicSpec(partition.topic(), 1, Map.of()))));
        }
    }
}

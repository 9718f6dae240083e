package leat.stream.log;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// Records of one partition in the order of their offsets; none where only markers and aborted
/// records were passed.
///
/// @param end the position after the batch; markers and compacted records may lie between the last
///   record and it
public record PartitionBatch(
        TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records, long end) {

    /// What its values take.
    long bytes() {
        return bytes(records);
    }

    /// What the values of records take.
    static long bytes(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream()
                .mapToLong(record -> Math.max(0, record.serializedValueSize()))
                .sum();
    }

    /// The batch cut in two before `index`.
    List<PartitionBatch> split(int index) {
        return List.of(
                new PartitionBatch(
                        partition, records.subList(0, index), records.get(index).offset()),
                new PartitionBatch(partition, records.subList(index, records.size()), end));
    }
}

package leat.ml.featurestore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// What stands in topics of vectors, on the partitions of [Driving].
record VectorLog(Admin admin) {

    /// How much stands in a topic, committed or not.
    long written(String topic) throws ExecutionException, InterruptedException {
        return ends(topic).values().stream().mapToLong(Long::longValue).sum();
    }

    /// The committed records of a topic, a partition after the other.
    List<ConsumerRecord<byte[], byte[]>> committed(String topic)
            throws ExecutionException, InterruptedException {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (Map.Entry<TopicPartition, Long> end : ends(topic).entrySet()) {
            try (CommittedRecords partition =
                    new CommittedRecords(FeatureKafka.connection(), end.getKey(), end.getValue())) {
                partition.forEachRemaining(records::add);
            }
        }
        return records;
    }

    /// Behind the last record of each partition of a topic.
    Map<TopicPartition, Long> ends(String topic) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
        for (int partition = 0; partition < Driving.PARTITIONS; partition++) {
            partitions.put(new TopicPartition(topic, partition), OffsetSpec.latest());
        }
        Map<TopicPartition, Long> ends = new HashMap<>();
        admin.listOffsets(partitions)
                .all()
                .get()
                .forEach((partition, at) -> ends.put(partition, at.offset()));
        return ends;
    }
}

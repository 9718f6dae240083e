package leat.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import leat.stream.log.LogConnection;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// The committed records of a topic, from its first one on.
final class TopicRecords {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private TopicRecords() {}

    static boolean hasTopic(LogConnection log, String topic) {
        try (Admin admin = log.admin()) {
            return new Topics(admin, 1).ids(List.of(topic)).containsKey(topic);
        }
    }

    /// Waits until there are so many, each partition's in its order.
    ///
    /// @return as many, or more that came with them
    static List<ConsumerRecord<byte[], byte[]>> await(LogConnection log, String topic, int count) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (Consumer<byte[], byte[]> reader = log.reader("test", Map.of())) {
            List<TopicPartition> partitions =
                    reader.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            while (found.size() < count) {
                assertThat(System.nanoTime())
                        .as("time, with %d of %s", found.size(), topic)
                        .isLessThan(deadline);
                reader.poll(Duration.ofMillis(100)).forEach(found::add);
            }
        }
        return found;
    }
}

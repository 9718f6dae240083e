package leat.ml.monitor;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// The newest predictions of each version of a window. Which ones they are does not depend on the
/// order in which partitions are read.
final class NewestPredictions {

    private static final Comparator<ConsumerRecord<byte[], byte[]>> OLDEST_FIRST =
            Comparator.comparingLong(ConsumerRecord<byte[], byte[]>::timestamp)
                    .thenComparing(ConsumerRecord::topic)
                    .thenComparingInt(ConsumerRecord::partition)
                    .thenComparingLong(ConsumerRecord::offset);

    private final int most;
    private final Map<String, PriorityQueue<ConsumerRecord<byte[], byte[]>>> byVersion =
            new HashMap<>();

    /// @param most of a version; none where it is 0
    NewestPredictions(int most) {
        this.most = most;
    }

    void add(String version, ConsumerRecord<byte[], byte[]> prediction) {
        if (most == 0) {
            return;
        }
        PriorityQueue<ConsumerRecord<byte[], byte[]>> kept =
                byVersion.computeIfAbsent(version, _ -> new PriorityQueue<>(OLDEST_FIRST));
        kept.add(prediction);
        if (kept.size() > most) {
            kept.remove();
        }
    }

    List<ConsumerRecord<byte[], byte[]>> all() {
        return byVersion.values().stream()
                .flatMap(PriorityQueue::stream)
                .sorted(OLDEST_FIRST)
                .toList();
    }
}

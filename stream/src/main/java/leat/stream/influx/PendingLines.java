package leat.stream.influx;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/// Lines that were read and are not known to be written, by partition, and where reading goes on
/// behind them.
final class PendingLines {

    private final Map<TopicPartition, Lines> partitions = new LinkedHashMap<>();

    private static final class Lines {
        final List<String> texts = new ArrayList<>();
        long next;
    }

    void add(TopicPartition partition, String line) {
        of(partition).texts.add(line);
    }

    /// What is below `next` is among the lines, or needs none.
    void reached(TopicPartition partition, long next) {
        of(partition).next = next;
    }

    private Lines of(TopicPartition partition) {
        return partitions.computeIfAbsent(partition, _ -> new Lines());
    }

    /// Others have these partitions now.
    void drop(Collection<TopicPartition> gone) {
        gone.forEach(partitions::remove);
    }

    boolean isEmpty() {
        return partitions.isEmpty();
    }

    List<String> lines() {
        List<String> all = new ArrayList<>();
        partitions.values().forEach(lines -> all.addAll(lines.texts));
        return all;
    }

    /// The positions behind the lines.
    Map<TopicPartition, Long> next() {
        Map<TopicPartition, Long> next = new LinkedHashMap<>();
        partitions.forEach((partition, lines) -> next.put(partition, lines.next));
        return next;
    }

    void clear() {
        partitions.clear();
    }
}

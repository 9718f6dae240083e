package leat.ml.scorer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.stream.log.LogReader;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// Some records of topics: the newest, or those at positions near each other.
record NewestRecords(LogReader log, Admin admin) {

    /// How far back records are looked for in a partition.
    private static final long MOST_OFFSETS = 50_000;

    /// The newest records by the times of the log, the newest last; none where there is no such
    /// topic.
    List<ConsumerRecord<byte[], byte[]>> of(String topic, int count) {
        int partitions = partitions(topic);
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            all.addAll(newest(new TopicPartition(topic, partition), count));
        }
        all.sort(Comparator.comparingLong(ConsumerRecord::timestamp));
        return all.subList(Math.max(0, all.size() - count), all.size());
    }

    private int partitions(String topic) {
        return new Topics(admin, 1).partitionCounts(List.of(topic)).getOrDefault(topic, 0);
    }

    /// Looks further and further back, since markers of transactions have offsets too.
    private Deque<ConsumerRecord<byte[], byte[]>> newest(TopicPartition partition, int count) {
        long end = log.end(partition);
        Deque<ConsumerRecord<byte[], byte[]>> found = new ArrayDeque<>();
        for (long back = 2L * count; ; back *= 5) {
            found.clear();
            log.read(
                    partition,
                    Math.max(0, end - back),
                    end,
                    record -> {
                        if (record.value() != null) {
                            found.addLast(record);
                            if (found.size() > count) {
                                found.removeFirst();
                            }
                        }
                    });
            if (found.size() == count || back >= end || back >= MOST_OFFSETS) {
                return found;
            }
        }
    }

    /// The records at positions of a topic; those that are not there, or are far from the newest of
    /// them, are left out.
    Map<Position, ConsumerRecord<byte[], byte[]>> at(
            String topic, TopicId id, List<Position> positions) {
        int partitions = partitions(topic);
        Map<Integer, List<Long>> offsets = new HashMap<>();
        positions.stream()
                .filter(position -> position.topic().equals(id))
                .filter(position -> position.partition() >= 0 && position.partition() < partitions)
                .forEach(position ->
                        offsets.computeIfAbsent(position.partition(), _ -> new ArrayList<>())
                                .add(position.offset()));
        Map<Position, ConsumerRecord<byte[], byte[]>> found = new HashMap<>();
        Set<Position> asked = new HashSet<>(positions);
        offsets.forEach((partition, wanted) ->
                read(
                        new TopicPartition(topic, partition),
                        wanted,
                        record -> {
                            Position position = new Position(id, partition, record.offset());
                            if (asked.contains(position)) {
                                found.put(position, record);
                            }
                        }));
        return found;
    }

    /// Reads from the first to the last of some offsets. Anybody can write an offset down that is
    /// behind the end of the log, and whoever reads up to there waits for ever.
    private void read(
            TopicPartition partition,
            List<Long> offsets,
            Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        long end = log.end(partition);
        LongSummaryStatistics there =
                offsets.stream()
                        .mapToLong(offset -> offset)
                        .filter(offset -> offset >= 0 && offset < end)
                        .summaryStatistics();
        if (there.getCount() > 0) {
            long last = there.getMax();
            log.read(partition, Math.max(there.getMin(), last - MOST_OFFSETS), last + 1, sink);
        }
    }
}

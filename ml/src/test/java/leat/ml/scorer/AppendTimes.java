package leat.ml.scorer;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// When the records of a topic were appended, in milliseconds, by partition and in their order
/// there.
final class AppendTimes {

    private final List<List<Long>> partitions = new ArrayList<>();
    private int size;

    AppendTimes(int partitions) {
        for (int partition = 0; partition < partitions; partition++) {
            this.partitions.add(new ArrayList<>());
        }
    }

    /// Adds the next record of its partition.
    void add(ConsumerRecord<byte[], byte[]> record) {
        partitions.get(record.partition()).add(record.timestamp());
        size++;
    }

    int size() {
        return size;
    }

    /// The longest time in which nothing was appended to a partition, around one of its records and
    /// before a time.
    ///
    /// @param index of the record
    /// @param reach how many records before it and behind it are looked at
    long longestGapBefore(long millis, int partition, int index, int reach) {
        List<Long> own = partitions.get(partition);
        int last = Math.max(index, Math.min(firstSince(own, millis) - 1, index + reach));
        return longestGap(own.subList(Math.max(0, index - reach), last + 1));
    }

    /// The same from the last record before a time on.
    long longestGapSince(int partition, long millis) {
        List<Long> own = partitions.get(partition);
        return longestGap(own.subList(Math.max(0, firstSince(own, millis) - 1), own.size()));
    }

    private static int firstSince(List<Long> times, long millis) {
        int first = 0;
        while (first < times.size() && times.get(first) < millis) {
            first++;
        }
        return first;
    }

    private static long longestGap(List<Long> times) {
        long longest = 0;
        for (int i = 1; i < times.size(); i++) {
            longest = Math.max(longest, times.get(i) - times.get(i - 1));
        }
        return longest;
    }
}

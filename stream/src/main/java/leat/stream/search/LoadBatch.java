package leat.stream.search;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import leat.core.outcome.Reason;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// What one poll brought, on its way into the index: entries still open, records refused, and the
/// offsets that may be committed once nothing is open.
final class LoadBatch {

    private final Deque<Entry> open = new ArrayDeque<>();
    private final List<Refusal> refusals = new ArrayList<>();
    private final Map<TopicPartition, OffsetAndMetadata> nextOffsets;

    /// A record and the document it becomes.
    record Entry(ConsumerRecord<byte[], byte[]> record, BulkItem item) {
        TopicPartition partition() {
            return new TopicPartition(record.topic(), record.partition());
        }
    }

    /// A record that search does not take.
    record Refusal(ConsumerRecord<byte[], byte[]> record, Reason reason) {
        TopicPartition partition() {
            return new TopicPartition(record.topic(), record.partition());
        }
    }

    LoadBatch(Map<TopicPartition, OffsetAndMetadata> nextOffsets) {
        this.nextOffsets = new HashMap<>(nextOffsets);
    }

    void add(ConsumerRecord<byte[], byte[]> record, Document document) {
        switch (document) {
            case Document.Ready ready -> open.addLast(new Entry(record, ready.item()));
            case Document.Impossible impossible ->
                    refusals.add(new Refusal(record, impossible.reason()));
        }
    }

    boolean settled() {
        return open.isEmpty();
    }

    /// Takes the next open entries, at most so many and so large, but at least one.
    List<Entry> take(int maxRecords, long maxBytes) {
        List<Entry> chunk = new ArrayList<>();
        long bytes = 0;
        while (!open.isEmpty() && chunk.size() < maxRecords) {
            bytes += open.getFirst().item().sizeBytes();
            if (bytes > maxBytes && !chunk.isEmpty()) {
                break;
            }
            chunk.add(open.removeFirst());
        }
        return chunk;
    }

    /// Gives entries back that have to be sent again.
    void putBack(List<Entry> entries) {
        for (Entry entry : entries.reversed()) {
            open.addFirst(entry);
        }
    }

    void refuse(Entry entry, Reason reason) {
        refusals.add(new Refusal(entry.record(), reason));
    }

    List<Refusal> refusals() {
        return List.copyOf(refusals);
    }

    Map<TopicPartition, OffsetAndMetadata> nextOffsets() {
        return Map.copyOf(nextOffsets);
    }

    /// Forgets what now belongs to another member of the group, which loads it again.
    void drop(Collection<TopicPartition> partitions) {
        Set<TopicPartition> gone = Set.copyOf(partitions);
        open.removeIf(entry -> gone.contains(entry.partition()));
        refusals.removeIf(refusal -> gone.contains(refusal.partition()));
        nextOffsets.keySet().removeAll(gone);
    }
}

package leat.stream.log;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import leat.core.event.TopicId;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// A log in memory: partitions, one consumer group and atomic transactions. Everything that Kafka
/// would promise, and nothing else.
final class SimulatedCluster implements LogReader {

    static final TopicId TOPIC_ID = new TopicId("AAAAAAAAAAAAAAAAAAAAAA");

    private final Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> raw = new HashMap<>();
    private final Map<TopicPartition, StagePosition> committed = new HashMap<>();
    private final List<ProducerRecord<byte[], byte[]>> written = new ArrayList<>();
    private final Map<String, Integer> epochs = new HashMap<>();

    /// Who is to have a partition, and who has it still.
    private final Map<TopicPartition, String> wanted = new HashMap<>();

    private final Map<TopicPartition, String> held =
            new TreeMap<>(java.util.Comparator.comparing(TopicPartition::toString));

    SimulatedCluster(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> raw.put(partition, new ArrayList<>()));
    }

    Collection<TopicPartition> partitions() {
        return raw.keySet();
    }

    List<ConsumerRecord<byte[], byte[]>> records(TopicPartition partition) {
        return raw.getOrDefault(partition, List.of());
    }

    List<ProducerRecord<byte[], byte[]>> written() {
        return written;
    }

    @Override
    public LogCursor cursor(TopicPartition partition) {
        throw new UnsupportedOperationException("no stage under test reads on beside its batches");
    }

    @Override
    public long start(TopicPartition partition) {
        List<ConsumerRecord<byte[], byte[]>> records = records(partition);
        return records.isEmpty() ? 0 : records.getFirst().offset();
    }

    @Override
    public long end(TopicPartition partition) {
        List<ConsumerRecord<byte[], byte[]>> records = records(partition);
        return records.isEmpty() ? 0 : records.getLast().offset() + 1;
    }

    void append(ConsumerRecord<byte[], byte[]> record) {
        raw.computeIfAbsent(
                        new TopicPartition(record.topic(), record.partition()),
                        _ -> new ArrayList<>())
                .add(record);
    }

    boolean done() {
        return raw.keySet().stream()
                .allMatch(partition -> committed(partition).offset() >= end(partition));
    }

    /// The group's position, at the start where there is none.
    StagePosition committed(TopicPartition partition) {
        return committed.getOrDefault(partition, new StagePosition(0, Counts.NONE));
    }

    // The group.

    void want(TopicPartition partition, String member) {
        wanted.put(partition, member);
    }

    void kick(String member) {
        held.values().removeIf(member::equals);
    }

    /// What `member` has to give up, then what it may take.
    Set<TopicPartition> toRevoke(String member) {
        Set<TopicPartition> partitions = new HashSet<>();
        held.forEach((partition, holder) -> {
            if (holder.equals(member) && !member.equals(wanted.get(partition))) {
                partitions.add(partition);
            }
        });
        return partitions;
    }

    void revoked(Set<TopicPartition> partitions) {
        partitions.forEach(held::remove);
    }

    Set<TopicPartition> assign(String member) {
        Set<TopicPartition> partitions = new HashSet<>();
        wanted.forEach((partition, wants) -> {
            if (wants.equals(member) && !held.containsKey(partition)) {
                partitions.add(partition);
            }
        });
        partitions.forEach(partition -> held.put(partition, member));
        return partitions;
    }

    // Transactions.

    int fence(String member) {
        return epochs.merge(member, 1, Integer::sum);
    }

    boolean current(String member, int epoch) {
        return epochs.getOrDefault(member, 0) == epoch;
    }

    boolean holds(String member, Collection<TopicPartition> partitions) {
        return partitions.stream().allMatch(partition -> member.equals(held.get(partition)));
    }

    void apply(
            List<ProducerRecord<byte[], byte[]>> records,
            Map<TopicPartition, StagePosition> positions) {
        written.addAll(records);
        records.forEach(this::feedBack);
        committed.putAll(positions);
    }

    /// What was written to a partition of this log can be read from it.
    private void feedBack(ProducerRecord<byte[], byte[]> record) {
        int number = java.util.Objects.requireNonNullElse(record.partition(), 0);
        TopicPartition partition = new TopicPartition(record.topic(), number);
        if (raw.containsKey(partition)) {
            append(
                    new ConsumerRecord<>(
                            record.topic(), number, end(partition), record.key(), record.value()));
        }
    }

    // Reading again.

    @Override
    public AssignedPartition assigned(TopicPartition partition) {
        StagePosition position = committed(partition);
        return new AssignedPartition(partition, TOPIC_ID, position.offset(), position.counts());
    }

    @Override
    public void read(
            TopicPartition partition,
            long from,
            long to,
            Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        for (ConsumerRecord<byte[], byte[]> record : records(partition)) {
            if (record.offset() >= from && record.offset() < to) {
                sink.accept(record);
            }
        }
    }

    @Override
    public OptionalLong firstOffsetSince(TopicPartition partition, long timestampMillis) {
        return records(partition).stream()
                .filter(record -> record.timestamp() >= timestampMillis)
                .mapToLong(ConsumerRecord::offset)
                .findFirst();
    }

    @Override
    public OptionalLong timestampBelow(TopicPartition partition, long offset) {
        @Nullable ConsumerRecord<byte[], byte[]> last = null;
        for (ConsumerRecord<byte[], byte[]> record : records(partition)) {
            if (record.offset() < offset) {
                last = record;
            }
        }
        return last == null ? OptionalLong.empty() : OptionalLong.of(last.timestamp());
    }
}

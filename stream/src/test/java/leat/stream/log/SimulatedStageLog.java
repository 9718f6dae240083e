package leat.stream.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import leat.stream.log.StageLogFailed.Duty;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/// One member's view of a [SimulatedCluster], in which every step can fail or be the last.
final class SimulatedStageLog implements StageLog {

    /// The process dies here.
    static final class Crash extends Error {
        private static final long serialVersionUID = 1;
    }

    /// The largest value that the log takes.
    static final int MAX_VALUE_BYTES = 40;

    private final SimulatedCluster cluster;
    private final String member;
    private final Random random;
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private final Set<TopicPartition> paused = new HashSet<>();
    private @Nullable Rebalance rebalance;
    private int epoch;
    private double faultRate;
    private int maxValueBytes = MAX_VALUE_BYTES;
    private int maxPollRecords = 12;

    SimulatedStageLog(SimulatedCluster cluster, String member, Random random, double faultRate) {
        this.cluster = cluster;
        this.member = member;
        this.random = random;
        this.faultRate = faultRate;
    }

    /// Takes values as large as Kafka does.
    SimulatedStageLog roomy() {
        maxValueBytes = LogConnection.MAX_RECORD_BYTES;
        return this;
    }

    SimulatedStageLog pollingAtMost(int records) {
        maxPollRecords = records;
        return this;
    }

    void heal() {
        faultRate = 0;
    }

    @Override
    public void open(Rebalance rebalance) {
        mayFail(Duty.REOPEN);
        this.rebalance = rebalance;
        epoch = cluster.fence(member);
    }

    @Override
    public List<PartitionBatch> poll(Duration timeout) {
        mayFail(Duty.RETRY);
        rebalance();
        List<PartitionBatch> batches = new ArrayList<>();
        for (Map.Entry<TopicPartition, Long> position : positions.entrySet()) {
            if (!paused.contains(position.getKey()) && random.nextInt(4) > 0) {
                List<ConsumerRecord<byte[], byte[]>> records =
                        cluster.records(position.getKey()).stream()
                                .filter(record -> record.offset() >= position.getValue())
                                .limit(1 + random.nextInt(maxPollRecords))
                                .toList();
                if (!records.isEmpty()) {
                    long end = records.getLast().offset() + 1;
                    batches.add(new PartitionBatch(position.getKey(), records, end));
                    position.setValue(end);
                }
            }
        }
        return batches;
    }

    private void rebalance() {
        Rebalance listener = Objects.requireNonNull(rebalance);
        Set<TopicPartition> lost = cluster.toRevoke(member);
        if (!lost.isEmpty()) {
            listener.revoked(lost);
            positions.keySet().removeAll(lost);
            cluster.revoked(lost);
        }
        Set<TopicPartition> won = cluster.assign(member);
        if (!won.isEmpty()) {
            paused.addAll(won);
            won.forEach(partition -> positions.put(partition, 0L));
            listener.assigned(won);
        }
    }

    @Override
    public void commit(
            List<ProducerRecord<byte[], byte[]>> records, Map<TopicPartition, StagePosition> ends) {
        mayFail(Duty.RETRY);
        if (!cluster.current(member, epoch)) {
            throw new StageLogFailed(Duty.FENCED, new IllegalStateException("fenced"));
        }
        for (ProducerRecord<byte[], byte[]> record : records) {
            byte[] value = record.value();
            if (value != null && value.length > maxValueBytes) {
                throw new StageLogFailed(Duty.BISECT, new RecordTooLargeException("too large"));
            }
        }
        if (!cluster.holds(member, ends.keySet())) {
            throw new StageLogFailed(Duty.RETRY, new IllegalStateException("not a member"));
        }
        mayFail(Duty.REOPEN);
        cluster.apply(records, ends);
        mayFail(Duty.REOPEN);
    }

    private void mayFail(Duty duty) {
        if (random.nextDouble() < faultRate) {
            throw new Crash();
        }
        if (random.nextDouble() < 2 * faultRate) {
            throw new StageLogFailed(duty, new IllegalStateException("simulated"));
        }
    }

    @Override
    public void seek(TopicPartition partition, long offset) {
        positions.replace(partition, offset);
    }

    @Override
    public void pause(Collection<TopicPartition> partitions) {
        paused.addAll(partitions);
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        paused.removeAll(partitions);
    }

    @Override
    public void wakeUp() {}

    @Override
    public void drop() {
        positions.clear();
        paused.clear();
        cluster.kick(member);
    }

    @Override
    public void close() {
        drop();
    }
}

package leat.stream.log;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/// The log as a [Stage] drives it: one consumer of a group and one transactional producer.
/// [KafkaStageLog] is the real one; tests have one in memory.
interface StageLog extends AutoCloseable {

    /// Told of rebalances, from within [#poll] and [#close] only.
    interface Rebalance {
        /// The partitions are paused until the stage resumes them.
        void assigned(Collection<TopicPartition> partitions);

        void revoked(Collection<TopicPartition> partitions);
    }

    /// A producer and a consumer under the stage's ids. Fences whoever has them and settles the
    /// transaction that it left open.
    ///
    /// @throws StageLogFailed when Kafka does not answer
    void open(Rebalance rebalance);

    /// What came within `timeout`, at most one batch a partition.
    ///
    /// @throws StageLogFailed with what the stage has to do
    List<PartitionBatch> poll(Duration timeout);

    /// Writes `records` and the group's new positions in one transaction.
    ///
    /// @throws StageLogFailed with what the stage has to do
    void commit(
            List<ProducerRecord<byte[], byte[]>> records,
            Map<TopicPartition, StagePosition> positions);

    /// Where [#poll] goes on, for a partition that the stage has.
    void seek(TopicPartition partition, long offset);

    void pause(Collection<TopicPartition> partitions);

    void resume(Collection<TopicPartition> partitions);

    /// Makes a running or the next [#poll] return; from any thread.
    void wakeUp();

    /// Drops both clients without leaving the group, so that [#open] gets the same partitions back.
    void drop();

    /// Leaves the group and closes both clients; revokes what is held.
    @Override
    void close();
}

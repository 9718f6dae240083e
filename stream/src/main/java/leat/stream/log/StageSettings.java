package leat.stream.log;

import java.time.Duration;
import java.util.List;
import leat.core.event.Names;

/// Who a stage is and how large its transactions may be.
///
/// @param role e.g. `enricher`; names the group and the fail points
/// @param instance tells the processes of a role apart, as its user named it; stable over restarts
/// @param thread tells the stages of an instance apart, from 1
/// @param topics what it reads
/// @param maxBatchRecords the most records of one transaction's input
/// @param maxBatchBytes about the most bytes of one transaction's input
/// @param commitInterval the least time between two transactions; where one takes longer, the time
///   until the next grows with it
public record StageSettings(
        Names names,
        String role,
        String instance,
        int thread,
        List<String> topics,
        int maxBatchRecords,
        int maxBatchBytes,
        Duration commitInterval) {

    /// More would seldom have partitions enough.
    private static final int MOST_UNASKED = 4;

    private static final long MOST_REST_NANOS = Duration.ofMillis(100).toNanos();

    public StageSettings {
        topics = List.copyOf(topics);
    }

    /// How many stages a process runs of a role, each on a thread: one works while the commit of
    /// another waits for the broker.
    ///
    /// @param wanted by the user; 0 is one a processor, at most 4
    public static int threads(int wanted) {
        return wanted > 0
                ? wanted
                : Math.min(MOST_UNASKED, Runtime.getRuntime().availableProcessors());
    }

    /// Whether a transaction takes no more.
    boolean isFull(int records, long bytes) {
        return records >= maxBatchRecords || bytes >= maxBatchBytes;
    }

    /// Whether the batches are all that a transaction takes.
    boolean isFull(List<PartitionBatch> batches) {
        return isFull(
                batches.stream().mapToInt(batch -> batch.records().size()).sum(),
                batches.stream().mapToLong(PartitionBatch::bytes).sum());
    }

    /// How long a stage rests after a transaction: what is left of the interval. Where the turn
    /// took longer than the interval, as long as it took longer, up to 100 ms, unless the stage is
    /// behind: where the processors are busy it would spend what others wait for on transactions of
    /// a few records.
    ///
    /// @param tookNanos the turn, from its first poll to its commit
    /// @param full whether more may be there already
    /// @return at most 0 where it does not
    long restNanos(long tookNanos, boolean full) {
        long left = commitInterval.toNanos() - tookNanos;
        return full ? left : Math.max(left, Math.min(-left, MOST_REST_NANOS));
    }

    public String group() {
        return names.group(role);
    }

    /// The stage's name among all of its role.
    public String member() {
        return instance + "." + thread;
    }

    public String transactionalId() {
        return names.transactionalId(role, member());
    }
}

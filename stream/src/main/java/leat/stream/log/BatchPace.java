package leat.stream.log;

import java.time.Duration;

/// How many records of a partition are worth one batch, where a batch waits for others: as many as
/// take about [#TARGET]. It begins small and doubles while batches are quick, so that a process
/// that a slow service keeps busy has committed something before it is stopped or killed, and a
/// quick service is asked for thousands at a time soon.
///
/// @param records the most of the next batch
record BatchPace(int records) {

    static final BatchPace FIRST = new BatchPace(100);

    /// How long a batch should take at most.
    static final Duration TARGET = Duration.ofSeconds(1);

    /// Few enough for any service, many enough for one question of a batched one.
    private static final int LEAST = 10;

    /// More than any transaction takes.
    private static final int MOST = 100_000;

    /// The pace after a batch of `size` records that took `nanos`.
    BatchPace after(int size, long nanos) {
        long target = TARGET.toNanos();
        if (nanos > target) {
            double fitting = (double) size * target / nanos;
            return new BatchPace((int) Math.clamp(fitting, LEAST, MOST));
        }
        // A batch that was not full says nothing of a full one.
        boolean full = size >= records;
        return full && nanos <= target / 2 ? new BatchPace(Math.min(2 * records, MOST)) : this;
    }

    /// What of a batch is worth being processed now; the rest has to be polled again.
    PartitionBatch head(PartitionBatch batch) {
        return batch.records().size() > records ? batch.split(records).getFirst() : batch;
    }
}

package leat.stream.log;

/// A stage's own logic: makes one [PartitionProcessor] for each partition that the stage is given.
@FunctionalInterface
public interface Processor {

    /// Restores the partition's state as of its offset. Runs on a thread of its own and may read
    /// the log for long; when the partition is taken away meanwhile, the thread is interrupted.
    ///
    /// @throws LogUnavailable when Kafka does not answer; the stage tries again
    PartitionProcessor open(AssignedPartition assigned, LogReader reader);
}

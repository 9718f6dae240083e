package leat.stream.sql;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How far a query's answer reaches in one table.
///
/// @param table the table's full name
/// @param snapshotId the Iceberg snapshot whose files were read, empty while there is none
/// @param shortfall why the log's tail was no part of the answer, which then is the lake's alone;
///   empty when it was
/// @param asOf the answer contains everything that was committed to the topics before this moment
///   (with the log) or before the snapshot's last commit (without)
/// @param partitions up to where each partition was read
public record Freshness(
        String table,
        Optional<Long> snapshotId,
        Optional<Shortfall> shortfall,
        Instant asOf,
        List<PartitionFreshness> partitions) {

    public Freshness {
        partitions = List.copyOf(partitions);
    }

    /// Whether the log's tail was part of the answer.
    public boolean logIncluded() {
        return shortfall.isEmpty();
    }

    /// Why it was not.
    public Optional<String> reason() {
        return shortfall.map(Shortfall::reason);
    }

    /// Offsets of one partition.
    ///
    /// @param lakeTo the first offset that the lake's files do not have
    /// @param readTo the first offset that the answer does not have; `lakeTo` without the log
    /// @param committedTo where the committed records ended when the query was asked
    public record PartitionFreshness(
            String topic, int partition, long lakeTo, long readTo, long committedTo) {}
}

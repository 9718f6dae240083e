package leat.stream.sql;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.event.TopicId;
import leat.stream.lake.Positions;

/// The files of one snapshot of an Iceberg table, and how far into the log they reach.
///
/// @param snapshotId empty while the table is missing or has no snapshot
/// @param whole local paths of Parquet files of which every row counts
/// @param pruned files of which some rows are deleted
/// @param pinned the topic ids that the table is made from, by topic name
record LakeFiles(
        Optional<Long> snapshotId,
        Instant committedAt,
        Positions positions,
        Map<String, TopicId> pinned,
        List<LakeColumn> columns,
        List<String> whole,
        List<PrunedFile> pruned) {

    static final LakeFiles NONE =
            new LakeFiles(
                    Optional.empty(),
                    Instant.EPOCH,
                    Positions.NONE,
                    Map.of(),
                    List.of(),
                    List.of(),
                    List.of());

    /// A column as files know it: by id, whatever it was called when they were written.
    record LakeColumn(int fieldId, SqlColumn column) {}

    /// A file without the rows at the numbers `deleted`.
    record PrunedFile(String path, List<Long> deleted) {
        PrunedFile {
            deleted = List.copyOf(deleted);
        }
    }
}

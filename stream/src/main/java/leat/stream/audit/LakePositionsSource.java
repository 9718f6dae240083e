package leat.stream.audit;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import leat.core.event.Hash128;
import leat.core.event.TopicId;

/// The lake as an audit reads it.
public interface LakePositionsSource {

    /// One snapshot of the table, so that its positions and rows fit together; empty when there is
    /// no such table.
    Optional<LakeSnapshot> newest(String table);

    /// What one snapshot of a table holds.
    interface LakeSnapshot {

        /// The loader's position in a topic: every record below it is in this snapshot, none at or
        /// above it.
        long position(TopicId topic, int partition);

        /// The id of a topic that the table is filled from; empty when the table does not say.
        Optional<TopicId> pinned(String topic);

        /// Every row whose raw position lies in one of the ranges by partition.
        void rows(Map<Integer, OffsetRange> ranges, RowConsumer consumer);

        /// Every row of a table of predictions whose vector's position lies in one of the ranges by
        /// partition.
        void predictions(Map<Integer, OffsetRange> ranges, PredictionConsumer consumer);

        /// The id of every row of a table of dead letters whose letter's timestamp lies in `range`.
        void deadRows(TimeRange range, Consumer<Hash128> ids);
    }

    /// Takes one prediction.
    @FunctionalInterface
    interface PredictionConsumer {
        /// A row, by the vector that it is of.
        ///
        /// @param id as in the prediction's header: the vector's position, of a shadow with
        ///   `/ALIAS` behind it
        void row(int partition, long offset, String id);
    }

    /// Takes one row.
    @FunctionalInterface
    interface RowConsumer {
        /// A row, by the raw record it came from.
        ///
        /// @param partition of the raw record
        /// @param offset of the raw record
        /// @param identity the hash of source and id
        void row(int partition, long offset, Hash128 identity);
    }
}

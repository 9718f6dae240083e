package leat.stream.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import leat.core.event.Hash128;
import leat.core.event.TopicId;
import leat.core.prediction.PredictionRole;
import leat.core.prediction.Scoring;
import leat.stream.lake.DeadColumns;
import leat.stream.lake.LakeCatalog;
import leat.stream.lake.LakeColumns;
import leat.stream.lake.LakePositions;
import leat.stream.lake.LakeTables;
import leat.stream.lake.Positions;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/// The lake's tables as an audit reads them: the columns that say where a row comes from, of one
/// snapshot, with deletes applied. Files outside of the ranges are skipped by their metrics.
public final class LakeTableRows implements LakePositionsSource {

    private static final String SHADOW = PredictionRole.SHADOW.word();

    private final LakeCatalog lake;

    /// @param lake stays the caller's
    public LakeTableRows(LakeCatalog lake) {
        this.lake = lake;
    }

    @Override
    public Optional<LakeSnapshot> newest(String table) {
        TableIdentifier name = TableIdentifier.of(lake.namespace(), table);
        return lake.catalog().tableExists(name)
                ? Optional.of(new TableSnapshot(lake.catalog().loadTable(name)))
                : Optional.empty();
    }

    private static final class TableSnapshot implements LakeSnapshot {
        private final Table table;
        private final Positions positions;
        private final Optional<Snapshot> snapshot;

        TableSnapshot(Table table) {
            this.table = table;
            this.positions = LakePositions.of(table);
            this.snapshot = Optional.ofNullable(table.currentSnapshot());
        }

        @Override
        public long position(TopicId topic, int partition) {
            return positions.of(topic, partition).orElse(0);
        }

        @Override
        public Optional<TopicId> pinned(String topic) {
            return LakeTables.pinnedTopic(table, topic);
        }

        @Override
        public void rows(Map<Integer, OffsetRange> ranges, RowConsumer consumer) {
            each(
                    within(ranges),
                    row ->
                            consumer.row(
                                    (Integer) row.getField(LakeColumns.PARTITION),
                                    (Long) row.getField(LakeColumns.OFFSET),
                                    Hash128.of(
                                            String.valueOf(row.getField(LakeColumns.SOURCE)),
                                            String.valueOf(row.getField(LakeColumns.ID)))),
                    LakeColumns.PARTITION,
                    LakeColumns.OFFSET,
                    LakeColumns.SOURCE,
                    LakeColumns.ID);
        }

        @Override
        public void predictions(Map<Integer, OffsetRange> ranges, PredictionConsumer consumer) {
            each(
                    within(ranges),
                    row -> {
                        boolean shadow = SHADOW.equals(row.getField(Scoring.ROLE));
                        consumer.row(
                                (Integer) row.getField(LakeColumns.PARTITION),
                                (Long) row.getField(LakeColumns.OFFSET),
                                row.getField(Scoring.VECTOR)
                                        + (shadow ? "/" + row.getField(Scoring.ALIAS) : ""));
                    },
                    LakeColumns.PARTITION,
                    LakeColumns.OFFSET,
                    Scoring.VECTOR,
                    Scoring.ROLE,
                    Scoring.ALIAS);
        }

        @Override
        public void deadRows(TimeRange range, Consumer<Hash128> ids) {
            each(
                    within(range),
                    row -> {
                        String id = String.valueOf(row.getField(DeadColumns.DEAD_ID));
                        ids.accept(HexIds.parse(id).orElseGet(() -> Hash128.of("foreign row", id)));
                    },
                    DeadColumns.DEAD_ID);
        }

        private void each(Expression wanted, Consumer<Record> consumer, String... columns) {
            if (snapshot.isEmpty() || wanted.op() == Expression.Operation.FALSE) {
                return;
            }
            try (CloseableIterable<Record> rows =
                    IcebergGenerics.read(table)
                            .useSnapshot(snapshot.get().snapshotId())
                            .select(columns)
                            .where(wanted)
                            .build()) {
                rows.forEach(consumer);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read the table " + table.name(), e);
            }
        }

        private static Expression within(TimeRange range) {
            return Expressions.and(
                    Expressions.greaterThanOrEqual(LakeColumns.APPENDED, micros(range.from())),
                    Expressions.lessThan(LakeColumns.APPENDED, micros(range.to())));
        }

        private static long micros(long millis) {
            return Math.multiplyExact(millis, 1000L);
        }

        private static Expression within(Map<Integer, OffsetRange> ranges) {
            Expression any = Expressions.alwaysFalse();
            for (Map.Entry<Integer, OffsetRange> range : ranges.entrySet()) {
                any =
                        Expressions.or(
                                any,
                                Expressions.and(
                                        Expressions.equal(LakeColumns.PARTITION, range.getKey()),
                                        Expressions.greaterThanOrEqual(
                                                LakeColumns.OFFSET, range.getValue().from()),
                                        Expressions.lessThan(
                                                LakeColumns.OFFSET, range.getValue().to())));
            }
            return any;
        }
    }
}

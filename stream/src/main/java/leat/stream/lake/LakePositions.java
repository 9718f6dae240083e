package leat.stream.lake;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotAncestryValidator;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;
import org.jspecify.annotations.Nullable;

/// The [Positions] that stand in an Iceberg table: read from its snapshots' summaries, and demanded
/// of them inside a commit.
public final class LakePositions {

    /// The summary property that holds a snapshot's [Advance]s.
    public static final String PROPERTY = "leat.positions";

    /// The tag that keeps the newest snapshot which carries all positions from being expired.
    public static final String TAG = "leat-positions";

    private LakePositions() {}

    /// The positions of the table's current snapshot. The table is not refreshed.
    public static Positions of(Table table) {
        return of(table, SnapshotUtil.currentAncestors(table));
    }

    /// The positions of an older snapshot, for reading the table as it was.
    public static Positions of(Table table, long snapshotId) {
        return of(table, SnapshotUtil.ancestorsOf(snapshotId, table::snapshot));
    }

    /// Refuses the commit unless the refreshed ancestors stand exactly where `advances` start.
    static SnapshotAncestryValidator demandMeeting(Table table, Collection<Advance> advances) {
        return new Demand(
                ancestors -> of(table, ancestors).meets(advances),
                "another loader has committed these partitions, or the table was rolled back");
    }

    /// Refuses the commit unless the refreshed ancestors stand exactly at `positions`.
    static SnapshotAncestryValidator demandEqual(Table table, Positions positions) {
        return new Demand(
                ancestors -> of(table, ancestors).equals(positions),
                "the table's positions have moved on");
    }

    /// Refuses the commit when the refreshed ancestors are behind `positions` anywhere.
    static SnapshotAncestryValidator demandCovering(Table table, Positions positions) {
        return new Demand(
                ancestors -> of(table, ancestors).covers(positions),
                "the table was rolled back behind the positions to carry forward");
    }

    private static Positions of(Table table, Iterable<Snapshot> ancestors) {
        List<List<Advance>> recorded = new ArrayList<>();
        Snapshot oldest = null;
        for (Snapshot ancestor : ancestors) {
            recorded.add(advances(ancestor));
            oldest = ancestor;
        }
        Snapshot tagged = table.snapshot(TAG);
        if (tagged != null && continues(oldest, tagged)) {
            recorded.add(advances(tagged));
        }
        return Positions.fold(recorded);
    }

    /// Whether the chain of ancestors was cut by an expiry and the tagged snapshot lies behind the
    /// cut. A tagged snapshot that is newer belongs to a future that was rolled back.
    private static boolean continues(@Nullable Snapshot oldest, Snapshot tagged) {
        return oldest != null
                && oldest.parentId() != null
                && tagged.sequenceNumber() < oldest.sequenceNumber();
    }

    private static List<Advance> advances(Snapshot snapshot) {
        String recorded = snapshot.summary().get(PROPERTY);
        return recorded == null ? List.of() : Advance.parse(recorded);
    }

    private record Demand(Check check, String errorMessage) implements SnapshotAncestryValidator {

        private interface Check {
            boolean holds(Iterable<Snapshot> ancestors);
        }

        @Override
        public boolean validate(Iterable<Snapshot> ancestors) {
            return check.holds(ancestors);
        }
    }
}

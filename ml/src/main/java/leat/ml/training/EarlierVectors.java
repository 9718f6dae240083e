package leat.ml.training;

import java.time.Duration;
import java.util.Optional;

/// What was known of an entity at the time of a row, which another event may have written. That is
/// the vector with the newest query time that is not after it, of several the last one of the log,
/// as the history of features has it; and nothing, when that is older than the view lets one be.
final class EarlierVectors implements OtherVectors {

    private final VectorReader reader;
    private final VectorTable table;
    private final long mostMicros;
    private final int[] begins;
    private final int[] rows;

    /// @param table of all vectors of the view
    /// @param reader that they were read with
    /// @param ttl for how long a vector is worth something; for ever when empty
    EarlierVectors(VectorTable table, VectorReader reader, Optional<Duration> ttl) {
        this.table = table;
        this.reader = reader;
        this.mostMicros = ttl.map(DatasetReader::micros).orElse(Long.MAX_VALUE);
        this.begins = begins(table);
        this.rows = byOwner(table, begins);
    }

    /// Where each entity's rows begin in [#rows]; one more, for the end.
    private static int[] begins(VectorTable table) {
        int[] begins = new int[table.entityCount() + 1];
        for (int row = 0; row < table.size(); row++) {
            begins[table.owner(row) + 1]++;
        }
        for (int owner = 0; owner < table.entityCount(); owner++) {
            begins[owner + 1] += begins[owner];
        }
        return begins;
    }

    /// The rows of each entity by their times; equal ones as the log has them.
    private static int[] byOwner(VectorTable table, int[] begins) {
        int[] next = begins.clone();
        int[] rows = new int[table.size()];
        for (int row : table.byTime()) {
            rows[next[table.owner(row)]++] = row;
        }
        return rows;
    }

    @Override
    public void put(VectorReader.Vector row, float[] values) {
        long timeMicros = row.timeMicros();
        int owner = table.number(row.entity());
        if (owner < 0) {
            return;
        }
        int low = begins[owner];
        int high = begins[owner + 1];
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (table.timeMicros(rows[middle]) <= timeMicros) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (low == begins[owner]) {
            return;
        }
        int newest = rows[low - 1];
        if (timeMicros - table.timeMicros(newest) > mostMicros) {
            return;
        }
        reader.place(table.copy(newest), values);
    }
}

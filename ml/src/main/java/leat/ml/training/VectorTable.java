package leat.ml.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import leat.core.training.Checks;

/// Vectors as columns, in the order of partitions and offsets, while they are read.
final class VectorTable {

    private static final int FIRST_ROWS = 1_024;

    private final List<String> features;
    private final Limit limit;
    private final long lastMicros;
    private final long[] missing;
    private final long[] infinite;
    private final double[] min;
    private final double[] max;
    private final Map<String, Integer> entities = new HashMap<>();
    private final List<String> names = new ArrayList<>();

    private float[][] columns;
    private long[] times = new long[FIRST_ROWS];
    private int[] owners = new int[FIRST_ROWS];
    private int[] eventPartitions = new int[FIRST_ROWS];
    private long[] eventOffsets = new long[FIRST_ROWS];
    private int size;
    private long newestMicros = Long.MIN_VALUE;
    private long looked;

    /// How many rows it may have.
    ///
    /// @param view whose vectors they are
    /// @param remedy when there are more
    record Limit(int rows, String view, String remedy) {}

    /// @param lastMicros how far before the newest vector another one may be
    VectorTable(List<String> features, Limit limit, long lastMicros) {
        this.features = List.copyOf(features);
        this.limit = limit;
        this.lastMicros = lastMicros;
        this.columns = new float[features.size()][FIRST_ROWS];
        this.missing = new long[features.size()];
        this.infinite = new long[features.size()];
        this.min = filled(Double.NaN);
        this.max = filled(Double.NaN);
    }

    private double[] filled(double value) {
        double[] values = new double[features.size()];
        Arrays.fill(values, value);
        return values;
    }

    /// Counts what a vector has, whether it becomes a row or not.
    ///
    /// @param row NaN where a feature is missing
    void look(float[] row) {
        looked++;
        for (int i = 0; i < row.length; i++) {
            if (Float.isNaN(row[i])) {
                missing[i]++;
            } else if (Float.isInfinite(row[i])) {
                infinite[i]++;
            } else {
                min[i] = Double.isNaN(min[i]) ? row[i] : Math.min(min[i], row[i]);
                max[i] = Double.isNaN(max[i]) ? row[i] : Math.max(max[i], row[i]);
            }
        }
    }

    /// Adds a row.
    ///
    /// @param eventPartition of the event that the vector was written with, with its offset
    /// @throws TrainingStopped when there are too many
    void add(float[] row, long timeMicros, String entity, int eventPartition, long eventOffset) {
        newestMicros = Math.max(newestMicros, timeMicros);
        if (isTooOld(timeMicros)) {
            return;
        }
        if (size == limit.rows()) {
            forgetTooOld();
        }
        if (size == limit.rows()) {
            throw new TrainingStopped(
                    String.format(
                            Locale.ROOT,
                            "there are more than %,d vectors of %s to learn from",
                            limit.rows(),
                            limit.view()),
                    limit.remedy());
        }
        grow();
        for (int i = 0; i < row.length; i++) {
            columns[i][size] = row[i];
        }
        times[size] = timeMicros;
        owners[size] = entities.computeIfAbsent(entity, this::named);
        eventPartitions[size] = eventPartition;
        eventOffsets[size] = eventOffset;
        size++;
    }

    private int named(String entity) {
        names.add(entity);
        return names.size() - 1;
    }

    private boolean isTooOld(long timeMicros) {
        return lastMicros != Long.MAX_VALUE && timeMicros < newestMicros - lastMicros;
    }

    /// Drops the rows before the last part of time, which ends with the newest vector.
    void forgetTooOld() {
        int kept = 0;
        for (int row = 0; row < size; row++) {
            if (isTooOld(times[row])) {
                continue;
            }
            for (float[] column : columns) {
                column[kept] = column[row];
            }
            times[kept] = times[row];
            owners[kept] = owners[row];
            eventPartitions[kept] = eventPartitions[row];
            eventOffsets[kept] = eventOffsets[row];
            kept++;
        }
        size = kept;
    }

    private void grow() {
        if (size < times.length) {
            return;
        }
        int rows = (int) Math.min(limit.rows(), size + size / 2L + 1);
        for (int i = 0; i < columns.length; i++) {
            columns[i] = Arrays.copyOf(columns[i], rows);
        }
        times = Arrays.copyOf(times, rows);
        owners = Arrays.copyOf(owners, rows);
        eventPartitions = Arrays.copyOf(eventPartitions, rows);
        eventOffsets = Arrays.copyOf(eventOffsets, rows);
    }

    List<String> features() {
        return features;
    }

    int size() {
        return size;
    }

    long timeMicros(int row) {
        return times[row];
    }

    int owner(int row) {
        return owners[row];
    }

    String entity(int row) {
        return names.get(owners[row]);
    }

    int eventPartition(int row) {
        return eventPartitions[row];
    }

    long eventOffset(int row) {
        return eventOffsets[row];
    }

    /// The number of an entity, as [#owner] gives it; -1 where no row is of it.
    int number(String entity) {
        return entities.getOrDefault(entity, -1);
    }

    int entityCount() {
        return entities.size();
    }

    /// The rows by their times; equal ones by partition and offset.
    int[] byTime() {
        return StableOrder.of(times, size);
    }

    /// A row's features.
    float[] copy(int row) {
        float[] features = new float[columns.length];
        copy(row, features);
        return features;
    }

    /// Writes a row's features into an array.
    void copy(int row, float[] into) {
        for (int i = 0; i < columns.length; i++) {
            into[i] = columns[i][row];
        }
    }

    /// What all vectors have that were looked at.
    SortedMap<String, Checks.Seen> seen() {
        SortedMap<String, Checks.Seen> seen = new TreeMap<>();
        for (int i = 0; i < columns.length; i++) {
            seen.put(
                    features.get(i),
                    new Checks.Seen(looked, missing[i], infinite[i], min[i], max[i]));
        }
        return seen;
    }
}

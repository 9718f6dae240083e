package leat.ml.training.algorithm;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Rows of features in the order of their time, the earliest first: what is learned from, and what
/// is scored. Each has a float for each feature, NaN where it is missing, and perhaps a label, a
/// weight, a time and an entity. They lie row by row in one array, of which a [#part] is a view.
public final class Rows {

    /// The most features of a row.
    public static final int MOST_FEATURES = 1_000;

    /// The most floats of all rows together: 1 GiB.
    public static final int MOST_VALUES = 1 << 28;

    private final List<String> features;
    private final int from;
    private final int size;
    private final float[] values;
    private final float @Nullable [] labels;
    private final float @Nullable [] weights;
    private final @Nullable Origins origins;

    private Rows(
            List<String> features,
            int from,
            int size,
            float[] values,
            float @Nullable [] labels,
            float @Nullable [] weights,
            @Nullable Origins origins) {
        this.features = features;
        this.from = from;
        this.size = size;
        this.values = values;
        this.labels = labels;
        this.weights = weights;
        this.origins = origins;
    }

    /// Rows that only have features.
    public static Builder of(List<String> features) {
        return new Builder(features, false, false);
    }

    /// Rows that have labels.
    public static Builder labelled(List<String> features) {
        return new Builder(features, true, false);
    }

    /// Rows that have labels and weights.
    public static Builder weighted(List<String> features) {
        return new Builder(features, true, true);
    }

    public List<String> features() {
        return features;
    }

    /// How many features each row has.
    public int width() {
        return features.size();
    }

    /// How many rows there are.
    public int size() {
        return size;
    }

    public boolean hasLabels() {
        return labels != null;
    }

    public float value(int row, int feature) {
        return values[place(row) * width() + feature];
    }

    /// The label of a row.
    ///
    /// @throws IllegalStateException when the rows have none
    public float label(int row) {
        if (labels == null) {
            throw new IllegalStateException("rows without labels were asked for one");
        }
        return labels[place(row)];
    }

    /// How much a row counts, 1 where nothing else was said.
    public float weight(int row) {
        return weights == null ? 1 : weights[place(row)];
    }

    /// The rows from one to before another. The values are not copied.
    public Rows part(int fromRow, int toRow) {
        Objects.checkFromToIndex(fromRow, toRow, size);
        return new Rows(
                features, from + fromRow, toRow - fromRow, values, labels, weights, origins);
    }

    /// When the rows' vectors were asked for, and of whom they are.
    public static final class Origins {

        private final long[] micros;
        private final String[] entities;

        /// @param micros since 1970 in UTC, by row; more of them are of no account
        /// @param entities as `micros`
        public Origins(long[] micros, String[] entities) {
            this.micros = micros;
            this.entities = entities;
        }

        private int size() {
            return Math.min(micros.length, entities.length);
        }

        /// Those of some rows, in this order.
        private Origins of(int[] rows) {
            return new Origins(
                    Arrays.stream(rows).mapToLong(row -> micros[row]).toArray(),
                    Arrays.stream(rows).mapToObj(row -> entities[row]).toArray(String[]::new));
        }
    }

    /// The same rows with where they come from. Neither values nor origins are copied.
    ///
    /// @throws IllegalArgumentException when they are too few, or these rows are a part of others
    public Rows from(Origins known) {
        if (from > 0 || known.size() < size) {
            throw new IllegalArgumentException(known.size() + " origins for " + size + " rows");
        }
        return new Rows(features, from, size, values, labels, weights, known);
    }

    /// The time of a row.
    ///
    /// @throws IllegalStateException when nobody said where the rows come from
    public Instant time(int row) {
        return Instant.EPOCH.plus(micros(row), ChronoUnit.MICROS);
    }

    /// The time of a row in milliseconds, what is below them cut off.
    ///
    /// @throws IllegalStateException when nobody said where the rows come from
    public long millis(int row) {
        return Math.floorDiv(micros(row), 1_000);
    }

    private long micros(int row) {
        return origins().micros[place(row)];
    }

    /// Of whom a row is.
    ///
    /// @throws IllegalStateException when nobody said where the rows come from
    public String entity(int row) {
        return origins().entities[place(row)];
    }

    public boolean hasOrigins() {
        return origins != null;
    }

    private Origins origins() {
        if (origins == null) {
            throw new IllegalStateException(
                    "rows were asked where they come from, and do not know");
        }
        return origins;
    }

    /// Some of the rows, in their order and without labels and weights.
    public Rows only(IntPredicate wanted) {
        int[] chosen = IntStream.range(0, size).filter(wanted).toArray();
        Builder some = of(features);
        float[] row = new float[width()];
        for (int one : chosen) {
            copy(one, row);
            some.add(row);
        }
        return some.build(origins, Arrays.stream(chosen).map(this::place).toArray());
    }

    /// The rows without labels and weights, each with one feature's value of another row.
    ///
    /// @param others by row, the one whose value it gets
    public Rows exchanged(int feature, int[] others) {
        Builder exchanged = of(features);
        float[] row = new float[width()];
        for (int i = 0; i < size; i++) {
            copy(i, row);
            row[feature] = value(others[i], feature);
            exchanged.add(row);
        }
        return exchanged.build(origins, IntStream.range(from, from + size).toArray());
    }

    /// The values of a row, in a new array.
    public float[] row(int row) {
        float[] into = new float[width()];
        copy(row, into);
        return into;
    }

    private void copy(int row, float[] into) {
        System.arraycopy(values, place(row) * width(), into, 0, into.length);
    }

    /// All values row by row, in a new array.
    public float[] values() {
        return Arrays.copyOfRange(values, from * width(), (from + size) * width());
    }

    private int place(int row) {
        return from + Objects.checkIndex(row, size);
    }

    /// Collects rows one after the other. Not for more than one thread.
    public static final class Builder {

        private final List<String> features;
        private final boolean labelled;
        private final boolean weighted;
        private final int most;
        private float[] values;
        private float[] labels;
        private float[] weights;
        private int size;

        private Builder(List<String> features, boolean labelled, boolean weighted) {
            this.features = List.copyOf(features);
            int width = features.size();
            if (width < 1 || width > MOST_FEATURES) {
                throw new TrainingRefused(
                        "rows must have 1 to " + MOST_FEATURES + " features, not " + width,
                        "choose other features");
            }
            if (new HashSet<>(features).size() < width) {
                throw new TrainingRefused(
                        "a feature is there twice: " + features, "name each feature once");
            }
            this.labelled = labelled;
            this.weighted = weighted;
            this.most = MOST_VALUES / width;
            this.values = new float[Math.min(most, 1_024) * width];
            this.labels = new float[labelled ? Math.min(most, 1_024) : 0];
            this.weights = new float[weighted ? Math.min(most, 1_024) : 0];
        }

        /// The most rows that can be added.
        public int most() {
            return most;
        }

        public int size() {
            return size;
        }

        /// Adds a row that is later than all before.
        ///
        /// @param row as many values as features; NaN where one is missing. They are copied.
        /// @param label of no account where rows have none
        /// @param weight of no account where rows have none
        /// @throws TrainingRefused when a value is infinite, the label is no finite number, the
        ///   weight is none or negative, or there are too many rows
        public Builder add(float[] row, float label, float weight) {
            int width = features.size();
            if (row.length != width) {
                throw new IllegalArgumentException(
                        row.length + " values for a row of " + width + " features");
            }
            check(row, label, weight);
            grow();
            System.arraycopy(row, 0, values, size * width, width);
            if (labelled) {
                labels[size] = label;
            }
            if (weighted) {
                // Without the sign of a negative zero.
                weights[size] = weight + 0f;
            }
            size++;
            return this;
        }

        /// Adds a row that counts as one.
        ///
        /// @see #add(float[], float, float)
        public Builder add(float[] row, float label) {
            return add(row, label, 1);
        }

        /// Adds a row without a label.
        ///
        /// @throws IllegalStateException when the rows have labels
        /// @see #add(float[], float, float)
        public Builder add(float... row) {
            if (labelled) {
                throw new IllegalStateException("a row without a label among those that have one");
            }
            return add(row, 0, 1);
        }

        private void check(float[] row, float label, float weight) {
            for (int i = 0; i < row.length; i++) {
                if (Float.isInfinite(row[i])) {
                    throw refused(features.get(i) + " is " + row[i], "leave the value out");
                }
            }
            if (labelled && !Float.isFinite(label)) {
                throw refused("the label is " + label, "leave the row out");
            }
            if (weighted && !(Float.isFinite(weight) && weight >= 0)) {
                throw refused("the weight is " + weight, "give 0 or more");
            }
            if (size == most) {
                throw refused(
                        "there are more than " + most + " rows of " + row.length + " features",
                        "take a shorter time or fewer features");
            }
        }

        private TrainingRefused refused(String what, String remedy) {
            return new TrainingRefused("row " + (size + 1) + ": " + what, remedy);
        }

        private void grow() {
            int width = features.size();
            if ((size + 1L) * width > values.length) {
                int rows = (int) Math.min(most, size + (size / 2) + 1L);
                values = Arrays.copyOf(values, rows * width);
                labels = labelled ? Arrays.copyOf(labels, rows) : labels;
                weights = weighted ? Arrays.copyOf(weights, rows) : weights;
            }
        }

        private Rows build(@Nullable Origins known, int[] places) {
            Rows rows = build();
            return known == null ? rows : rows.from(known.of(places));
        }

        /// The rows so far. The builder must not be used afterwards.
        public Rows build() {
            return new Rows(
                    features,
                    0,
                    size,
                    values,
                    labelled ? labels : null,
                    weighted ? weights : null,
                    null);
        }
    }
}

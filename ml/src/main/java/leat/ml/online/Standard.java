package leat.ml.online;

import java.util.Arrays;

/// Brings each feature to mean 0 and deviation 1, of rows that were seen before, and puts 0 where a
/// value is missing. What is further away than a bound comes to the bound, infinity too.
public final class Standard {

    private static final float BOUND = 1e4f;

    private final float[] means;
    private final float[] deviations;

    private Standard(float[] means, float[] deviations) {
        this.means = means;
        this.deviations = deviations;
    }

    /// By means and deviations, one of each a feature.
    ///
    /// @throws IllegalArgumentException when they are not as many, or a deviation is not above 0
    public static Standard of(float[] means, float[] deviations) {
        if (means.length != deviations.length) {
            throw new IllegalArgumentException("not as many means as deviations");
        }
        for (int j = 0; j < means.length; j++) {
            if (!Float.isFinite(means[j]) || !(deviations[j] > 0)) {
                throw new IllegalArgumentException(
                        "no scale: " + means[j] + " and " + deviations[j]);
            }
        }
        return new Standard(means.clone(), deviations.clone());
    }

    /// What leaves all as it is.
    public static Standard none(int width) {
        float[] deviations = new float[width];
        Arrays.fill(deviations, 1);
        return new Standard(new float[width], deviations);
    }

    int width() {
        return means.length;
    }

    float mean(int feature) {
        return means[feature];
    }

    float deviation(int feature) {
        return deviations[feature];
    }

    /// A row, scaled; a new array.
    public float[] row(float[] values) {
        float[] row = new float[values.length];
        for (int j = 0; j < row.length; j++) {
            row[j] = scaled(j, values[j]);
        }
        return row;
    }

    /// A feature's value, scaled.
    float scaled(int feature, float value) {
        float scaled = (value - means[feature]) / deviations[feature];
        return Float.isNaN(scaled) ? 0 : Math.clamp(scaled, -BOUND, BOUND);
    }
}

package leat.ml.training.algorithm;

import java.util.Arrays;

/// How well a network gives back the scaled features of a row: the mean square of what it is off,
/// over the features that are not missing, 0 where all are. Not for more than one thread.
final class Reconstruction {

    private final Network network;
    private final Scaling scaling;
    private final double[][] units;
    private final double[][] slopes;
    private final boolean[] known;

    Reconstruction(Network network, Scaling scaling) {
        this.network = network;
        this.scaling = scaling;
        this.units = network.room();
        this.slopes = network.room();
        this.known = new boolean[scaling.width()];
    }

    /// The error of a row.
    double error(double[] weights, Rows rows, int row) {
        scaling.row(rows, row, units[0]);
        network.forward(weights, units);
        double[] back = units[units.length - 1];
        double sum = 0;
        int count = 0;
        for (int j = 0; j < known.length; j++) {
            known[j] = !Float.isNaN(rows.value(row, j));
            if (known[j]) {
                double off = back[j] - units[0][j];
                sum += off * off;
                count++;
            }
        }
        return sum / Math.max(count, 1);
    }

    /// The error of a row, and its slopes by the weights, times a factor.
    ///
    /// @param gradient to which the slopes are added
    double add(double[] weights, Rows rows, int row, double factor, double[] gradient) {
        double error = error(weights, rows, row);
        double[] back = units[units.length - 1];
        double[] last = slopes[slopes.length - 1];
        int count = 0;
        for (boolean one : known) {
            count += one ? 1 : 0;
        }
        Arrays.fill(last, 0);
        for (int j = 0; j < known.length; j++) {
            if (known[j]) {
                last[j] = factor * 2 * (back[j] - units[0][j]) / count;
            }
        }
        network.backward(weights, units, slopes, gradient);
        return error;
    }
}

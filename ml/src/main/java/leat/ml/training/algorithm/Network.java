package leat.ml.training.algorithm;

import java.util.Arrays;
import java.util.Random;

/// A dense network: each layer is the tangens hyperbolicus of a weighted sum of the layer before,
/// the last the sum itself. All weights lie in one array, a layer after the other, in each the
/// weights of every unit and then the constants. Sums are always added up in the same order.
final class Network {

    private final int[] sizes;

    /// Where each layer's weights begin; the last entry is the number of all weights.
    private final int[] begins;

    /// A network of layers with some numbers of units, what goes in first.
    Network(int... sizes) {
        this.sizes = sizes.clone();
        this.begins = new int[sizes.length];
        for (int layer = 1; layer < sizes.length; layer++) {
            begins[layer] = begins[layer - 1] + (sizes[layer - 1] + 1) * sizes[layer];
        }
    }

    /// How many layers of weights there are.
    int layers() {
        return sizes.length - 1;
    }

    /// The units that a layer of weights leads to, those it starts from with the layer before.
    int units(int layer) {
        return sizes[layer + 1];
    }

    int inputs() {
        return sizes[0];
    }

    /// Where a layer's weights begin; its constants lie behind them.
    int begin(int layer) {
        return begins[layer];
    }

    int size() {
        return begins[begins.length - 1];
    }

    /// Weights to begin with, drawn evenly from a range by the numbers of units on both sides
    /// (Glorot and Bengio 2010); constants are 0.
    double[] draw(Random random) {
        double[] weights = new double[size()];
        for (int layer = 0; layer < layers(); layer++) {
            double range = Math.sqrt(6.0 / (sizes[layer] + sizes[layer + 1]));
            for (int i = 0; i < sizes[layer] * sizes[layer + 1]; i++) {
                weights[begins[layer] + i] = (2 * random.nextDouble() - 1) * range;
            }
        }
        return weights;
    }

    /// Room for what all units give, a layer after the other, what goes in first.
    double[][] room() {
        double[][] room = new double[sizes.length][];
        for (int layer = 0; layer < sizes.length; layer++) {
            room[layer] = new double[sizes[layer]];
        }
        return room;
    }

    /// Computes all layers from the first.
    void forward(double[] weights, double[][] units) {
        for (int layer = 0; layer < layers(); layer++) {
            double[] given = units[layer];
            double[] out = units[layer + 1];
            int constants = begins[layer] + given.length * out.length;
            for (int unit = 0; unit < out.length; unit++) {
                double sum = weights[constants + unit];
                int begin = begins[layer] + unit * given.length;
                for (int i = 0; i < given.length; i++) {
                    sum += weights[begin + i] * given[i];
                }
                out[unit] = layer == layers() - 1 ? sum : StrictMath.tanh(sum);
            }
        }
    }

    /// Adds the slopes of a loss by all weights.
    ///
    /// @param units as [#forward] left them
    /// @param slopes the loss's slopes by the units of the last layer, and room for those before
    void backward(double[] weights, double[][] units, double[][] slopes, double[] gradient) {
        for (int layer = layers() - 1; layer >= 0; layer--) {
            double[] given = units[layer];
            double[] below = slopes[layer];
            Arrays.fill(below, 0);
            int constants = begins[layer] + given.length * units[layer + 1].length;
            for (int unit = 0; unit < units[layer + 1].length; unit++) {
                double slope = slopes[layer + 1][unit];
                gradient[constants + unit] += slope;
                int begin = begins[layer] + unit * given.length;
                for (int i = 0; i < given.length; i++) {
                    gradient[begin + i] += slope * given[i];
                    below[i] += slope * weights[begin + i];
                }
            }
            for (int i = 0; i < given.length && layer > 0; i++) {
                below[i] *= 1 - given[i] * given[i];
            }
        }
    }
}

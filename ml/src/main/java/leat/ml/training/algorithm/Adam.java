package leat.ml.training.algorithm;

/// Steps down a loss by Adam (Kingma and Ba 2015), with the paper's constants.
final class Adam {

    private static final double FIRST = 0.9;
    private static final double SECOND = 0.999;
    private static final double SMALL = 1e-8;

    private final double rate;
    private final double[] means;
    private final double[] squares;
    private double firstLeft = 1;
    private double secondLeft = 1;

    Adam(int size, double rate) {
        this.rate = rate;
        this.means = new double[size];
        this.squares = new double[size];
    }

    /// Moves the weights a step.
    void step(double[] weights, double[] gradient) {
        firstLeft *= FIRST;
        secondLeft *= SECOND;
        for (int i = 0; i < weights.length; i++) {
            double slope = gradient[i];
            means[i] = FIRST * means[i] + (1 - FIRST) * slope;
            squares[i] = SECOND * squares[i] + (1 - SECOND) * slope * slope;
            double mean = means[i] / (1 - firstLeft);
            double square = squares[i] / (1 - secondLeft);
            weights[i] -= rate * mean / (Math.sqrt(square) + SMALL);
        }
    }
}

package leat.ml.training.algorithm;

/// What a logistic model's coefficients cost on rows: the sum of `weight · log(1 + e^(-m))` of the
/// rows, where m is the log-odds of the class that a row has, and half the squares of all
/// coefficients but the constant, times `l2`. The constant is the last coefficient.
final class LogisticLoss {

    private final Rows rows;
    private final Scaling scaling;
    private final double l2;
    private final double positiveWeight;

    LogisticLoss(Rows rows, Scaling scaling, double l2, double positiveWeight) {
        this.rows = rows;
        this.scaling = scaling;
        this.l2 = l2;
        this.positiveWeight = positiveWeight;
    }

    /// The loss with its slopes.
    ///
    /// @param curvature the lower triangle of the second derivatives, to which they are added, or
    ///   without rows when they are not wanted
    /// @param gradient to which the first derivatives are added
    double add(double[] coefficients, double[] gradient, double[][] curvature) {
        int width = scaling.width();
        double[] row = new double[width + 1];
        row[width] = 1;
        double loss = 0;
        for (int i = 0; i < rows.size(); i++) {
            double weight = weight(i);
            if (weight == 0) {
                continue;
            }
            scaling.row(rows, i, row);
            double margin = margin(coefficients, row);
            double probability = 1 / (1 + StrictMath.exp(-margin));
            double label = rows.label(i);
            loss += weight * softplus(label == 1 ? -margin : margin);
            addTo(gradient, row, weight * (probability - label));
            double slope = weight * probability * (1 - probability);
            for (int j = 0; j < curvature.length; j++) {
                addTo(curvature[j], row, slope * row[j]);
            }
        }
        return loss + penalty(coefficients, gradient, curvature);
    }

    private double penalty(double[] coefficients, double[] gradient, double[][] curvature) {
        double squares = 0;
        for (int j = 0; j < scaling.width(); j++) {
            squares += coefficients[j] * coefficients[j];
            gradient[j] += l2 * coefficients[j];
            if (curvature.length > 0) {
                curvature[j][j] += l2;
            }
        }
        return l2 / 2 * squares;
    }

    private static void addTo(double[] target, double[] row, double factor) {
        for (int j = 0; j < target.length; j++) {
            target[j] += factor * row[j];
        }
    }

    private double weight(int row) {
        return rows.weight(row) * (rows.label(row) == 1 ? positiveWeight : 1);
    }

    static double margin(double[] coefficients, double[] row) {
        double margin = 0;
        for (int j = 0; j < coefficients.length; j++) {
            margin += coefficients[j] * row[j];
        }
        return margin;
    }

    private static double softplus(double value) {
        return Math.max(value, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(value)));
    }
}

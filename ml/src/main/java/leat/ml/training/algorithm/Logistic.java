package leat.ml.training.algorithm;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import leat.ml.training.algorithm.Parameter.Range;

/// Logistic regression by Newton's method: one optimum, found to the last digits, whatever the
/// seed.
final class Logistic implements Algorithm {

    private static final String NAME = "logistic";
    private static final String L2 = "l2";
    private static final String POSITIVE_WEIGHT = "positive-weight";
    private static final int MOST_STEPS = 100;

    /// The most that a slope may still be, as a share of what the rows weigh.
    private static final double FLAT = 1e-9;

    static final AlgorithmKind KIND =
            new AlgorithmKind(
                    NAME,
                    "Logistic regression: a probability from a weighted sum of the features",
                    List.of(
                            new Parameter(
                                    L2,
                                    new Range.Decimal(1e-6, 1e6),
                                    "1",
                                    "How much large coefficients cost: half their squares times"
                                            + " this, beside the sum of the rows' losses"),
                            new Parameter(
                                    POSITIVE_WEIGHT,
                                    new Range.Decimal(0.001, 1e6, List.of("balanced")),
                                    "1",
                                    "How often a row of class 1 counts; `balanced` makes both"
                                            + " classes weigh the same")),
                    Logistic::new);

    private final Parameters parameters;

    private Logistic(Parameters parameters) {
        this.parameters = parameters;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Task task() {
        return Task.CLASSIFICATION;
    }

    @Override
    public Map<String, String> parameters() {
        return parameters.texts();
    }

    @Override
    public Fitted fit(Rows training, long seed) {
        Labels.Classes classes = Labels.classes(training, NAME);
        double positiveWeight =
                parameters.isWord(POSITIVE_WEIGHT)
                        ? classes.balance()
                        : parameters.decimal(POSITIVE_WEIGHT);
        Scaling scaling = Scaling.of(training, Scaling.NO_BOUND);
        LogisticLoss loss =
                new LogisticLoss(training, scaling, parameters.decimal(L2), positiveWeight);
        double weight = classes.zeros() + positiveWeight * classes.ones();
        double[] optimum = optimum(loss, scaling.width() + 1, FLAT * weight);
        float[] coefficients = new float[optimum.length];
        for (int j = 0; j < optimum.length; j++) {
            coefficients[j] = (float) optimum[j];
        }
        return new LogisticModel(training.features(), scaling, coefficients);
    }

    /// The coefficients of the least loss.
    ///
    /// @param flat the most that a slope may be there
    /// @throws TrainingRefused when it is not found
    static double[] optimum(LogisticLoss loss, int size, double flat) {
        double[] at = new double[size];
        for (int step = 0; step < MOST_STEPS; step++) {
            double[] gradient = new double[size];
            double[][] curvature = new double[size][];
            Arrays.setAll(curvature, j -> new double[j + 1]);
            double here = loss.add(at, gradient, curvature);
            if (steepest(gradient) <= flat) {
                return at;
            }
            double[] direction = gradient.clone();
            if (!Cholesky.solve(curvature, direction)) {
                break;
            }
            double[] next = downhill(loss, at, here, gradient, direction);
            if (Arrays.equals(next, at)) {
                // The doubles do not go further down; that is flat too, a little less so.
                if (steepest(gradient) <= 1_000 * flat) {
                    return at;
                }
                break;
            }
            at = next;
        }
        throw new TrainingRefused("no optimum was found", "set a higher l2");
    }

    private static double steepest(double[] gradient) {
        double steepest = 0;
        for (double slope : gradient) {
            steepest = Math.max(steepest, Math.abs(slope));
        }
        return steepest;
    }

    /// The point a full step away, or half, or a quarter and so on, the first where the loss has
    /// fallen enough; the same point when there is none.
    private static double[] downhill(
            LogisticLoss loss, double[] at, double here, double[] gradient, double[] direction) {
        double promised = LogisticLoss.margin(gradient, direction);
        for (double length = 1; length > 1e-10; length /= 2) {
            double[] next = new double[at.length];
            for (int j = 0; j < at.length; j++) {
                next[j] = at[j] - length * direction[j];
            }
            double there = loss.add(next, new double[at.length], new double[0][]);
            if (there <= here - 1e-4 * length * promised) {
                return next;
            }
        }
        return at;
    }
}

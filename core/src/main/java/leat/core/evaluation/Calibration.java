package leat.core.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How far scores can be taken for probabilities.
///
/// @param logLoss the mean of `-ln` of the probability that was given to what turned out true,
///   which is taken for at least 1e-15
/// @param brier the mean square of the distance between the probability and 1 (positive) or 0;
///   Brier 1950, <https://doi.org/10.1175/1520-0493(1950)078%3C0001:VOFEIT%3E2.0.CO;2>
/// @param error the mean distance between what bins say and what they hold, by their rows; Naeini,
///   Cooper and Hauskrecht 2015, <https://doi.org/10.1609/aaai.v29i1.9602>
/// @param bins of equal width, those that have rows
public record Calibration(double logLoss, double brier, double error, List<Bin> bins) {

    /// How many bins there can be.
    public static final int BINS = 10;

    private static final double LEAST = 1e-15;

    public Calibration {
        bins = List.copyOf(bins);
    }

    /// Rows with probabilities that are alike.
    ///
    /// @param from where the bin begins; it ends before `to`, the last one at 1
    /// @param said the mean probability
    /// @param held the share of positive rows
    public record Bin(double from, double to, long rows, double said, double held) {}

    /// The calibration of some rows; empty when there are none or a score is outside of 0 to 1.
    public static Optional<Calibration> of(ScoredRows rows) {
        if (rows.size() == 0 || !rows.probabilities()) {
            return Optional.empty();
        }
        double loss = 0;
        double squares = 0;
        for (int row = 0; row < rows.size(); row++) {
            double right = rows.positive(row) ? rows.score(row) : 1 - rows.score(row);
            loss -= Math.log(Math.max(LEAST, right));
            squares += (1 - right) * (1 - right);
        }
        List<Bin> bins = bins(rows);
        double error = 0;
        for (Bin bin : bins) {
            error += bin.rows() * Math.abs(bin.said() - bin.held());
        }
        int count = rows.size();
        return Optional.of(new Calibration(loss / count, squares / count, error / count, bins));
    }

    private static List<Bin> bins(ScoredRows rows) {
        long[] counts = new long[BINS];
        long[] positives = new long[BINS];
        double[] sums = new double[BINS];
        for (int row = 0; row < rows.size(); row++) {
            int bin = Math.min(BINS - 1, (int) (rows.score(row) * BINS));
            counts[bin]++;
            positives[bin] += rows.positive(row) ? 1 : 0;
            sums[bin] += rows.score(row);
        }
        List<Bin> bins = new ArrayList<>();
        for (int bin = 0; bin < BINS; bin++) {
            if (counts[bin] > 0) {
                bins.add(
                        new Bin(
                                (double) bin / BINS,
                                (double) (bin + 1) / BINS,
                                counts[bin],
                                sums[bin] / counts[bin],
                                (double) positives[bin] / counts[bin]));
            }
        }
        return bins;
    }
}

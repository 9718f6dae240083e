package leat.core.evaluation;

/// How well scores put positive rows before others, whatever the threshold. Rows with one score
/// count as one step: none of them is before the other.
public final class Ranking {

    private Ranking() {}

    /// One threshold, and what it brings.
    public record Threshold(double value, Confusion confusion) {}

    private interface Step {

        /// @param score of the rows last passed
        /// @param truePositives how many of the rows passed so far are positive
        void at(double score, long truePositives, long falsePositives);
    }

    /// The area under the curve of the true positive rate over the false positive rate: the chance
    /// that a positive row has a greater score than another, ties counting half. Fawcett 2006, "An
    /// introduction to ROC analysis", <https://doi.org/10.1016/j.patrec.2005.10.010>.
    ///
    /// @return NaN unless there are rows of both kinds
    public static double rocAuc(ScoredRows rows) {
        if (rows.positives() == 0 || rows.negatives() == 0) {
            return Double.NaN;
        }
        double[] area = new double[1];
        long[] before = new long[2];
        steps(
                rows,
                (score, truePositives, falsePositives) -> {
                    long wide = falsePositives - before[1];
                    area[0] += wide * (before[0] + truePositives) / 2.0;
                    before[0] = truePositives;
                    before[1] = falsePositives;
                });
        return area[0] / rows.positives() / rows.negatives();
    }

    /// The sum of precisions, each weighted by the growth of the recall: Σ (Rₙ - Rₙ₋₁) Pₙ, without
    /// interpolation, as
    /// <https://scikit-learn.org/stable/modules/generated/sklearn.metrics.average_precision_score.html>
    /// has it.
    ///
    /// @return NaN when no row is positive
    public static double averagePrecision(ScoredRows rows) {
        if (rows.positives() == 0) {
            return Double.NaN;
        }
        double[] sum = new double[1];
        long[] before = new long[1];
        steps(
                rows,
                (score, truePositives, falsePositives) -> {
                    double precision = (double) truePositives / (truePositives + falsePositives);
                    sum[0] += (truePositives - before[0]) * precision;
                    before[0] = truePositives;
                });
        return sum[0] / rows.positives();
    }

    /// The score that makes the best threshold for F1 on these rows; of equally good ones the
    /// highest, which raises the fewest alarms. Choose it on rows that the model is not judged by.
    ///
    /// @return a threshold of infinity, which raises no alarm, when no row is positive
    public static Threshold bestForF1(ScoredRows rows) {
        Threshold[] best = {
            new Threshold(
                    Double.POSITIVE_INFINITY,
                    new Confusion(0, 0, rows.negatives(), rows.positives()))
        };
        steps(
                rows,
                (score, truePositives, falsePositives) -> {
                    Confusion here =
                            new Confusion(
                                    truePositives,
                                    falsePositives,
                                    rows.negatives() - falsePositives,
                                    rows.positives() - truePositives);
                    if (rows.positives() > 0 && here.f1() > best[0].confusion().f1()) {
                        best[0] = new Threshold(score, here);
                    }
                });
        return best[0];
    }

    /// Goes through the different scores from the highest on.
    private static void steps(ScoredRows rows, Step step) {
        int[] falling = rows.falling();
        long truePositives = 0;
        for (int i = 0; i < falling.length; i++) {
            double score = rows.score(falling[i]);
            truePositives += rows.positive(falling[i]) ? 1 : 0;
            if (i + 1 == falling.length || rows.score(falling[i + 1]) != score) {
                step.at(score, truePositives, i + 1 - truePositives);
            }
        }
    }
}

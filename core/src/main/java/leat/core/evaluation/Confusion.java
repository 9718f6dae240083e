package leat.core.evaluation;

/// How often an alarm was right and how often silence was. A ratio of nothing is NaN: the precision
/// where there was no alarm, the recall where no row is positive.
public record Confusion(
        long truePositives, long falsePositives, long trueNegatives, long falseNegatives) {

    public static final Confusion NONE = new Confusion(0, 0, 0, 0);

    /// A row is an alarm when its score is the threshold or above.
    public static Confusion at(double threshold, ScoredRows rows) {
        long[] counts = new long[4];
        for (int row = 0; row < rows.size(); row++) {
            boolean alarm = rows.score(row) >= threshold;
            counts[(alarm ? 0 : 2) + (alarm == rows.positive(row) ? 0 : 1)]++;
        }
        return new Confusion(counts[0], counts[1], counts[2], counts[3]);
    }

    /// One row more.
    public Confusion plus(boolean alarm, boolean positive) {
        return plus(
                new Confusion(
                        alarm && positive ? 1 : 0,
                        alarm && !positive ? 1 : 0,
                        !alarm && !positive ? 1 : 0,
                        !alarm && positive ? 1 : 0));
    }

    public Confusion plus(Confusion more) {
        return new Confusion(
                truePositives + more.truePositives,
                falsePositives + more.falsePositives,
                trueNegatives + more.trueNegatives,
                falseNegatives + more.falseNegatives);
    }

    public long rows() {
        return truePositives + falsePositives + trueNegatives + falseNegatives;
    }

    /// The share of alarms that are right.
    public double precision() {
        return ratio(truePositives, truePositives + falsePositives);
    }

    /// The share of positive rows with an alarm.
    public double recall() {
        return ratio(truePositives, truePositives + falseNegatives);
    }

    /// The share of other rows with an alarm.
    public double falsePositiveRate() {
        return ratio(falsePositives, falsePositives + trueNegatives);
    }

    public double accuracy() {
        return ratio(truePositives + trueNegatives, rows());
    }

    /// The harmonic mean of precision and recall, `2 TP / (2 TP + FP + FN)`; NaN when there is
    /// neither an alarm nor a positive row.
    public double f1() {
        return ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives);
    }

    private static double ratio(long part, long whole) {
        return whole == 0 ? Double.NaN : (double) part / whole;
    }
}

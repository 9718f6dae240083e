package leat.core.evaluation;

import java.util.Arrays;
import java.util.stream.IntStream;

/// What a model said of rows, beside what they turned out to be.
public final class ScoredRows {

    private final double[] scores;
    private final boolean[] positive;
    private final int positives;

    private ScoredRows(double[] scores, boolean[] positive) {
        this.scores = scores;
        this.positive = positive;
        int count = 0;
        for (boolean one : positive) {
            count += one ? 1 : 0;
        }
        this.positives = count;
    }

    /// Takes copies.
    ///
    /// @param scores the higher, the more likely is the row positive
    /// @param positive whether the row is, by the same index
    /// @throws IllegalArgumentException when there is not one label a score, or a score is NaN
    public static ScoredRows of(double[] scores, boolean[] positive) {
        if (scores.length != positive.length) {
            throw new IllegalArgumentException(
                    scores.length + " scores have " + positive.length + " labels");
        }
        for (int row = 0; row < scores.length; row++) {
            if (Double.isNaN(scores[row])) {
                throw new IllegalArgumentException(
                        "the score of row " + row + " is NaN; leave out the rows without a score");
            }
        }
        return new ScoredRows(scores.clone(), positive.clone());
    }

    public int size() {
        return scores.length;
    }

    public double score(int row) {
        return scores[row];
    }

    public boolean positive(int row) {
        return positive[row];
    }

    /// How many rows are positive.
    public int positives() {
        return positives;
    }

    /// How many rows are not.
    public int negatives() {
        return scores.length - positives;
    }

    /// Some of the rows, in the order given.
    public ScoredRows at(int[] rows) {
        double[] someScores = new double[rows.length];
        boolean[] somePositive = new boolean[rows.length];
        for (int i = 0; i < rows.length; i++) {
            someScores[i] = scores[rows[i]];
            somePositive[i] = positive[rows[i]];
        }
        return new ScoredRows(someScores, somePositive);
    }

    /// Whether every score can be a probability.
    boolean probabilities() {
        return Arrays.stream(scores).allMatch(score -> score >= 0 && score <= 1);
    }

    /// The rows by falling score; equal ones in their order.
    int[] falling() {
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted((one, other) -> Double.compare(scores[other], scores[one]))
                .mapToInt(Integer::intValue)
                .toArray();
    }
}

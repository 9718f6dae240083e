package leat.ml.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.TreeSet;
import leat.core.evaluation.Evaluation;
import leat.core.evaluation.ScoredRows;
import leat.ml.training.algorithm.Rows;
import org.jspecify.annotations.Nullable;

/// What scores of rows are worth.
final class Judging {

    /// A feature with more values than that is sliced by quarters.
    private static final int MOST_VALUES = 10;

    private static final int QUARTERS = 4;

    private Judging() {}

    /// Scores beside labels.
    static ScoredRows scored(Rows rows, float[] scores) {
        double[] values = new double[scores.length];
        boolean[] positive = new boolean[scores.length];
        for (int row = 0; row < scores.length; row++) {
            values[row] = scores[row];
            positive[row] = rows.label(row) > 0.5;
        }
        return ScoredRows.of(values, positive);
    }

    /// The metrics of rows: with labels those of [Evaluation], else what the scores are like.
    static SequencedMap<String, Double> metrics(Rows rows, float[] scores, double threshold) {
        return rows.hasLabels()
                ? Evaluation.of(scored(rows, scores), threshold).metrics()
                : ofScores(scores);
    }

    private static SequencedMap<String, Double> ofScores(float[] scores) {
        float[] rising = scores.clone();
        Arrays.sort(rising);
        double sum = 0;
        for (float score : rising) {
            sum += score;
        }
        SequencedMap<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("rows", (double) rising.length);
        if (rising.length > 0) {
            metrics.put("score_mean", sum / rising.length);
            metrics.put("score_p95", (double) rising[(int) (0.95 * (rising.length - 1))]);
            metrics.put("score_p99", (double) rising[(int) (0.99 * (rising.length - 1))]);
        }
        return metrics;
    }

    /// The metrics of labelled rows by the values of features, `by_gear/3/f1`.
    static SequencedMap<String, Double> bySlice(
            Rows rows, float[] scores, double threshold, List<String> features) {
        SequencedMap<String, Double> metrics = new LinkedHashMap<>();
        ScoredRows scored = scored(rows, scores);
        for (String feature : features) {
            List<@Nullable String> column = column(rows, rows.features().indexOf(feature));
            Evaluation.bySlice(scored, column, threshold)
                    .forEach((slice, evaluation) ->
                            evaluation
                                    .metrics()
                                    .forEach((metric, value) ->
                                            metrics.put(
                                                    "by_" + feature + "/" + slice + "/" + metric,
                                                    value)));
        }
        metrics.keySet().removeIf(key -> key.endsWith("/threshold"));
        return metrics;
    }

    /// The slice of each row: its value, or the quarter that it is in where there are many.
    private static List<@Nullable String> column(Rows rows, int feature) {
        TreeSet<Float> values = new TreeSet<>();
        float[] rising = new float[rows.size()];
        int known = 0;
        for (int row = 0; row < rows.size(); row++) {
            float value = rows.value(row, feature);
            if (!Float.isNaN(value)) {
                rising[known++] = value;
                if (values.size() <= MOST_VALUES) {
                    values.add(value);
                }
            }
        }
        boolean single = values.size() <= MOST_VALUES;
        Arrays.sort(rising, 0, known);
        List<@Nullable String> column = new ArrayList<>(rows.size());
        for (int row = 0; row < rows.size(); row++) {
            float value = rows.value(row, feature);
            column.add(
                    Float.isNaN(value)
                            ? "none"
                            : single ? text(value) : quarter(rising, known, value));
        }
        return column;
    }

    /// Without the signs that the name of a metric cannot have.
    private static String text(float value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15f
                ? String.format(Locale.ROOT, "%.0f", value)
                : Float.toString(value);
    }

    private static String quarter(float[] rising, int known, float value) {
        int quarter = 1;
        while (quarter < QUARTERS && value >= rising[(int) ((long) quarter * known / QUARTERS)]) {
            quarter++;
        }
        return "quarter " + quarter;
    }
}

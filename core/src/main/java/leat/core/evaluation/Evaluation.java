package leat.core.evaluation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// How good a binary classifier is on some rows.
///
/// @param threshold from which score on a row is an alarm
/// @param confusion at the threshold
/// @param rocAuc NaN unless there are rows of both kinds
/// @param averagePrecision NaN when no row is positive
/// @param calibration empty when there are no rows, or scores that are no probabilities
public record Evaluation(
        double threshold,
        Confusion confusion,
        double rocAuc,
        double averagePrecision,
        Optional<Calibration> calibration) {

    /// The most slices that are told apart.
    public static final int MAX_SLICES = 100;

    /// The slice of rows that have no text.
    public static final String NO_TEXT = "(none)";

    /// The slice of the rows that belong to none of the largest [#MAX_SLICES].
    public static final String OTHERS = "(others)";

    public static Evaluation of(ScoredRows rows, double threshold) {
        return new Evaluation(
                threshold,
                Confusion.at(threshold, rows),
                Ranking.rocAuc(rows),
                Ranking.averagePrecision(rows),
                Calibration.of(rows));
    }

    /// The same for each text of a column, the slices with most rows first and equal ones by text.
    ///
    /// @param column a text a row, by the same index
    /// @throws IllegalArgumentException when there is not one text a row
    public static SequencedMap<String, Evaluation> bySlice(
            ScoredRows rows, List<? extends @Nullable String> column, double threshold) {
        if (column.size() != rows.size()) {
            throw new IllegalArgumentException(
                    rows.size() + " rows have " + column.size() + " texts to slice by");
        }
        Map<String, List<Integer>> slices = new HashMap<>();
        for (int row = 0; row < rows.size(); row++) {
            String text = column.get(row);
            slices.computeIfAbsent(text == null ? NO_TEXT : text, _ -> new ArrayList<>()).add(row);
        }
        List<Map.Entry<String, List<Integer>>> largest = new ArrayList<>(slices.entrySet());
        largest.sort(
                Comparator.comparingInt((Map.Entry<String, List<Integer>> slice) ->
                                -slice.getValue().size())
                        .thenComparing(Map.Entry::getKey));
        SequencedMap<String, Evaluation> evaluations = new LinkedHashMap<>();
        List<Integer> others = new ArrayList<>();
        for (Map.Entry<String, List<Integer>> slice : largest) {
            if (evaluations.size() < MAX_SLICES) {
                evaluations.put(slice.getKey(), of(some(rows, slice.getValue()), threshold));
            } else {
                others.addAll(slice.getValue());
            }
        }
        if (!others.isEmpty()) {
            evaluations.put(OTHERS, of(some(rows, others), threshold));
        }
        return Collections.unmodifiableSequencedMap(evaluations);
    }

    private static ScoredRows some(ScoredRows rows, List<Integer> places) {
        return rows.at(places.stream().mapToInt(Integer::intValue).toArray());
    }

    /// The numbers by the names under which runs log them; those that are not known are left out.
    public SequencedMap<String, Double> metrics() {
        SequencedMap<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("rows", (double) confusion.rows());
        metrics.put("positives", (double) confusion.truePositives() + confusion.falseNegatives());
        metrics.put("threshold", threshold);
        metrics.put("precision", confusion.precision());
        metrics.put("recall", confusion.recall());
        metrics.put("f1", confusion.f1());
        metrics.put("false_positive_rate", confusion.falsePositiveRate());
        metrics.put("accuracy", confusion.accuracy());
        metrics.put("roc_auc", rocAuc);
        metrics.put("average_precision", averagePrecision);
        calibration.ifPresent(found -> {
            metrics.put("log_loss", found.logLoss());
            metrics.put("brier", found.brier());
            metrics.put("calibration_error", found.error());
        });
        metrics.values().removeIf(value -> !Double.isFinite(value));
        return metrics;
    }
}

package leat.core.training;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What a metric of the test rows has to be like, so that a version may be used.
///
/// @param metric `f1`
public record Gate(String metric, Bound bound) {

    /// What can be asked for: what `Evaluation.metrics` has of rows with a label, and what is known
    /// of scores without one.
    static final Set<String> METRICS =
            Set.of(
                    "rows",
                    "positives",
                    "precision",
                    "recall",
                    "f1",
                    "false_positive_rate",
                    "accuracy",
                    "roc_auc",
                    "average_precision",
                    "log_loss",
                    "brier",
                    "calibration_error",
                    "score_mean",
                    "score_p95",
                    "score_p99");

    private static final Set<String> SMALLER_IS_BETTER =
            Set.of(
                    "false_positive_rate",
                    "log_loss",
                    "brier",
                    "calibration_error",
                    "score_mean",
                    "score_p95",
                    "score_p99");

    /// What the metric is compared with.
    public sealed interface Bound {

        record AtLeast(double value) implements Bound {}

        record AtMost(double value) implements Bound {}

        /// The same metric of the baseline; an equal one is not better.
        record BetterThanBaseline() implements Bound {}
    }

    /// What became of a gate.
    ///
    /// @param gate as people write it, `f1 at-least 0.85`
    /// @param value of the metric; NaN where there is none
    /// @param wanted what it was compared with; NaN where there is none
    /// @param missedBy how far the metric is from what is wanted; 0 where it passed
    public record Verdict(
            String gate, double value, double wanted, boolean passed, double missedBy) {

        @Override
        public String toString() {
            if (Double.isNaN(value)) {
                return gate + ": the metric has no value";
            }
            if (Double.isNaN(wanted)) {
                return String.format(Locale.ROOT, "%s: %.4f against no value", gate, value);
            }
            String text = String.format(Locale.ROOT, "%s: %.4f against %.4f", gate, value, wanted);
            return passed ? text : text + String.format(Locale.ROOT, ", missed by %.4f", missedBy);
        }
    }

    /// Judges; what cannot be compared does not pass.
    ///
    /// @param metrics of the model
    /// @param baseline metrics of the baseline; none where there is no baseline
    public Verdict judge(Map<String, Double> metrics, Map<String, Double> baseline) {
        double value = metrics.getOrDefault(metric, Double.NaN);
        return switch (bound) {
            case Bound.AtLeast(double wanted) ->
                    verdict("at-least " + wanted, value, wanted, value >= wanted);
            case Bound.AtMost(double wanted) ->
                    verdict("at-most " + wanted, value, wanted, value <= wanted);
            case Bound.BetterThanBaseline() -> {
                double wanted = baseline.getOrDefault(metric, Double.NaN);
                boolean better = isLoss(metric) ? value < wanted : value > wanted;
                yield verdict("better-than baseline", value, wanted, better);
            }
        };
    }

    /// Whether the metric is better the smaller it is.
    public static boolean isLoss(String metric) {
        return SMALLER_IS_BETTER.contains(metric);
    }

    private Verdict verdict(String bounds, double value, double wanted, boolean passed) {
        return new Verdict(
                metric + " " + bounds,
                value,
                wanted,
                passed,
                passed ? 0 : Math.abs(value - wanted));
    }
}

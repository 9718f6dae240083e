package leat.launcher.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import leat.core.training.Gate;
import leat.ml.training.TrainingReport;

/// What became of a training, as people read it.
record TrainingText(Output output) {

    private static final List<String> SHOWN =
            List.of("f1", "precision", "recall", "roc_auc", "average_precision", "log_loss");

    void print(TrainingReport report) {
        output.println(
                String.format(
                        Locale.ROOT,
                        "%s: %,d rows from %s to %s, %,d learned from, %,d to judge by"
                                + " (left out: %,d without a feature, %,d without a label,"
                                + " %,d that break their schema)",
                        report.training(),
                        report.trainingRows() + report.testRows(),
                        report.from(),
                        report.to(),
                        report.trainingRows(),
                        report.testRows(),
                        report.lacking(),
                        report.unlabelled(),
                        report.unreadable()));
        printMetrics("metrics", report.metrics());
        if (!report.baseline().isEmpty()) {
            printMetrics("baseline", report.baseline());
        }
        for (Gate.Verdict verdict : report.gates()) {
            output.println("  gate " + (verdict.passed() ? "passed" : "FAILED") + ": " + verdict);
        }
        output.println(
                String.format(
                        Locale.ROOT,
                        "%s is registered in %.1f s%s",
                        report.version(),
                        report.seconds(),
                        ending(report)));
        if (!report.pruned().isEmpty()) {
            output.println("  deleted by its retention: " + String.join(", ", report.pruned()));
        }
    }

    private static String ending(TrainingReport report) {
        if (!report.passed()) {
            return "; a gate failed, so no alias is set.";
        }
        return report.alias().map(alias -> ", and is " + alias + " now.").orElse(".");
    }

    /// Those that matter most, or all where none of them is there.
    private void printMetrics(String what, Map<String, Double> metrics) {
        StringBuilder text = new StringBuilder("  " + what + ":");
        boolean known = SHOWN.stream().anyMatch(metrics::containsKey);
        for (String metric : known ? SHOWN : metrics.keySet().stream().sorted().toList()) {
            Double value = metrics.get(metric);
            if (value != null) {
                text.append(String.format(Locale.ROOT, " %s %.4f", metric, value));
            }
        }
        output.println(text.toString());
    }
}

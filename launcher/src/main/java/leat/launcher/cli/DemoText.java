package leat.launcher.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import leat.launcher.demo.DemoReport;
import leat.launcher.demo.ModelOutcome;
import leat.launcher.demo.OfferedVersion;

/// What a demo says at its end to people.
final class DemoText {

    private DemoText() {}

    /// What was counted, then a line for each scoring and for each version that was offered.
    static List<String> lines(DemoReport report) {
        List<String> lines = new ArrayList<>(counts(report).lines().toList());
        report.models().forEach(one -> lines.add(line(one)));
        report.offered().forEach(one -> lines.add(line(one)));
        return lines;
    }

    private static String counts(DemoReport report) {
        return String.format(
                Locale.ROOT,
                """
                sent         %,d
                accepted     %,d
                enriched     %,d
                dead         %,d
                duplicates   %,d
                searchable   %,d
                in the lake  %,d
                accepted to enriched: p50 %d ms, p99 %d ms\
                """,
                report.sent(),
                report.accepted(),
                report.enriched(),
                report.dead(),
                report.duplicates(),
                report.searchable(),
                report.inLake(),
                report.p50Millis(),
                report.p99Millis());
    }

    private static String line(ModelOutcome one) {
        return String.format(
                Locale.ROOT,
                "%s by %s: %,d predictions; %s of %,d alarms right; %s of %,d foretold%s",
                one.scoring(),
                one.version().orElse("nobody"),
                one.predictions(),
                percent(one.precision()),
                one.alarms(),
                percent(one.recall()),
                one.events(),
                one.leadSeconds()
                        .map(seconds ->
                                String.format(
                                        Locale.ROOT,
                                        ", half of them %.0f s before or earlier",
                                        seconds))
                        .orElse(""));
    }

    private static String percent(Optional<Double> share) {
        return share.map(value -> String.format(Locale.ROOT, "%.0f%%", 100 * value)).orElse("none");
    }

    private static String line(OfferedVersion one) {
        return one.version()
                + " of "
                + one.training()
                + (one.passed()
                        ? " passed its gates"
                        : " was stopped by its gates: " + String.join("; ", one.failedGates()))
                + one.answers().map(version -> "; " + version + " answers").orElse("");
    }
}

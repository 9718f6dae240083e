package leat.launcher.cli;

import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import leat.core.tracking.TrackingRefused;
import leat.core.training.Gate;
import leat.core.training.Training;
import leat.core.yaml.NearestName;
import leat.launcher.UserError;
import leat.launcher.WorkspaceLog;
import leat.launcher.config.Workspace;
import leat.ml.training.Trainer;
import leat.ml.training.TrainingReport;
import leat.ml.training.TrainingStopped;
import leat.stream.log.LogConnection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `leat train`: a version of a model, from the log.
@Command(
        name = "train",
        description =
                "Train a model of models/NAME.yaml on what the log has: read vectors and labels,"
                        + " check them, fit, judge by the newest rows, register the version, and"
                        + " set its alias where all gates pass. Exit 1 where one does not.",
        mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {

    private static final List<String> SHOWN =
            List.of("f1", "precision", "recall", "roc_auc", "average_precision", "log_loss");

    @Mixin private WorkspaceOption workspace = new WorkspaceOption();
    @Mixin private PortOption ports = new PortOption();
    @Mixin private Output output = new Output();

    @Parameters(
            paramLabel = "NAME",
            description = "The training: the name of its file in models, without .yaml.")
    private String name = "";

    @Option(
            names = "--data-of",
            paramLabel = "RUN",
            description =
                    "Learn from the same positions of the log as an earlier run did, by its id."
                            + " Default: all that the log has now.")
    private @Nullable String dataOf;

    @Override
    public Integer call() {
        Workspace opened = workspace.open();
        Training training = training(opened);
        LogConnection log = WorkspaceLog.answering(opened, ports.offset());
        try (ProgressLine line = new ProgressLine(output.err());
                Trainer trainer =
                        new Trainer(
                                new Trainer.Place(
                                        log,
                                        opened.names(),
                                        opened.stateFolder().resolve("uploads"),
                                        InstantSource.system()))) {
            TrainingReport report =
                    trainer.train(
                            training, Optional.ofNullable(dataOf), new TrainingLine(line)::show);
            line.clear();
            print(report);
            return report.passed() ? ExitCode.DONE : ExitCode.FAILED;
        } catch (TrainingStopped e) {
            throw new UserError("training " + name + ": " + e.getMessage(), e.remedy());
        } catch (TrackingRefused e) {
            throw new UserError(
                    "training " + name + ": " + e.getMessage(), "correct it, and train again");
        }
    }

    private Training training(Workspace opened) {
        List<String> known = opened.trainings().stream().map(one -> one.name().value()).toList();
        return opened.trainings().stream()
                .filter(one -> one.name().value().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new UserError(
                                "there is no training '" + name + "'",
                                known.isEmpty()
                                        ? "write training into a file models/" + name + ".yaml"
                                        : NearestName.remedy(name, known)));
    }

    private void print(TrainingReport report) {
        if (output.json()) {
            output.printJson(report);
            return;
        }
        output.println(
                String.format(
                        Locale.ROOT,
                        "%s: %,d rows from %s to %s, %,d learned from, %,d to judge by"
                                + " (left out: %,d without a feature, %,d without a label)",
                        report.training(),
                        report.trainingRows() + report.testRows(),
                        report.from(),
                        report.to(),
                        report.trainingRows(),
                        report.testRows(),
                        report.lacking(),
                        report.unlabelled()));
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

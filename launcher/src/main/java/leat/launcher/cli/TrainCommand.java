package leat.launcher.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import leat.core.tracking.TrackingRefused;
import leat.core.training.Training;
import leat.core.yaml.NearestName;
import leat.launcher.GitCheckout;
import leat.launcher.UserError;
import leat.launcher.config.Workspace;
import leat.ml.training.Trainer;
import leat.ml.training.TrainingReport;
import leat.ml.training.TrainingStopped;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `leat train`: a version of a model, from the log.
@Command(
        name = "train",
        description =
                "Train a model of models/NAME.yaml on what the log has: read vectors and labels,"
                        + " check them, fit, judge by the newest rows, register the version, and"
                        + " set its alias where all gates pass. Exit 1 where one does not.",
        mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private WorkspaceOption workspace = new WorkspaceOption();
    @Mixin private PortOption ports = new PortOption();
    @Mixin private Output output = new Output();

    @Parameters(
            arity = "0..*",
            paramLabel = "NAME",
            description =
                    "The training: the name of its file in models, without .yaml. With --ci there"
                            + " may be several; without any, those that have changed are trained.")
    private List<String> names = List.of();

    @Option(
            names = "--data-of",
            paramLabel = "RUN",
            description =
                    "Learn from the same positions of the log as an earlier run did, by its id."
                            + " Default: all that the log has now.")
    private @Nullable String dataOf;

    @Option(
            names = "--ci",
            description =
                    "Train what a commit has changed, after it was merged: the workspace is the"
                            + " checkout of a Git repository. Run and version carry the commit's"
                            + " id. Exit 1 where a model does not pass; the others are trained.")
    private boolean ci;

    @Option(
            names = "--since",
            paramLabel = "COMMIT",
            description =
                    "With --ci: train the models whose files differ between that commit and the one"
                            + " checked out. Default: the commit of the newest version that has"
                            + " passed, for each model; all models where it has none.")
    private @Nullable String since;

    @Override
    public Integer call() {
        refuseWrongUse();
        Workspace opened = workspace.open();
        return ci ? merged(opened) : trained(opened, named(opened, names.getFirst()));
    }

    private void refuseWrongUse() {
        if (ci && dataOf != null) {
            throw wrong("--data-of is of one training by hand: leave out --ci");
        }
        if (!ci && since != null) {
            throw wrong("--since goes with --ci");
        }
        if (ci && since != null && !names.isEmpty()) {
            throw wrong("Give either names or --since: what is named is trained anyway");
        }
        if (!ci && names.size() != 1) {
            throw wrong(
                    names.isEmpty()
                            ? "Name the training, or add --ci"
                            : "Name one training; several go with --ci");
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message + ".");
    }

    private int merged(Workspace opened) {
        List<Training> trainings = new ArrayList<>();
        for (String name : names) {
            trainings.add(named(opened, name));
        }
        MergedTrainings merged =
                new MergedTrainings(
                        opened,
                        new GitCheckout(opened.folder()),
                        names.isEmpty() ? opened.trainings() : List.copyOf(trainings),
                        names.isEmpty() ? Optional.ofNullable(since) : Optional.of(""),
                        output);
        return merged.run(ports.offset()) ? ExitCode.DONE : ExitCode.FAILED;
    }

    private int trained(Workspace opened, Training training) {
        try (ProgressLine line = new ProgressLine(output.err())) {
            TrainingReport report =
                    TrainerAnswer.of(
                            opened, ports.offset(), trainer -> report(trainer, training, line));
            line.clear();
            if (output.json()) {
                output.printJson(report);
            } else {
                new TrainingText(output).print(report);
            }
            return report.passed() ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    private TrainingReport report(Trainer trainer, Training training, ProgressLine line) {
        try {
            return trainer.train(
                    training, Optional.ofNullable(dataOf), new TrainingLine(line)::show);
        } catch (TrainingStopped e) {
            throw new UserError(
                    "training " + training.name().value() + ": " + e.getMessage(), e.remedy());
        } catch (TrackingRefused e) {
            throw new UserError(
                    "training " + training.name().value() + ": " + e.getMessage(),
                    "correct it, and train again");
        }
    }

    private static Training named(Workspace opened, String name) {
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
}

package leat.launcher.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import leat.core.feature.CompiledView;
import leat.core.feature.NamedSets;
import leat.core.model.ModelVersion;
import leat.core.tracking.TrackingRefused;
import leat.core.training.Cause;
import leat.core.training.Label;
import leat.core.training.Training;
import leat.launcher.GitCheckout;
import leat.launcher.config.Workspace;
import leat.ml.training.Trainer;
import leat.ml.training.TrainingReport;
import leat.ml.training.TrainingStopped;
import org.jspecify.annotations.Nullable;

/// The trainings of a workspace after a commit was merged, for a machine that builds what is
/// merged.
///
/// @param trainings that may be trained
/// @param since the commit before; empty text where all are trained, whatever has changed; absent
///   where each model's newest version says it
record MergedTrainings(
        Workspace workspace,
        GitCheckout checkout,
        List<Training> trainings,
        Optional<String> since,
        Output output) {

    private static final int SHORT_ID = 12;

    /// What became of one of them.
    enum Outcome {
        /// Registered, and its alias set where it has one.
        PASSED,
        /// Registered, and a gate failed.
        FAILED,
        /// Nothing was registered: the data are not as they should be, and the like.
        STOPPED,
        /// Nothing that it is made of has changed.
        UNCHANGED,
        /// A newer commit was trained already.
        OUTDATED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// What became of a training, for programs.
    ///
    /// @param outcome the word of an [Outcome]
    /// @param why it was trained, or was not
    /// @param report null where it was not
    record One(String training, String outcome, String why, @Nullable TrainingReport report) {}

    /// What became of all.
    ///
    /// @param commit that is checked out
    record All(String commit, boolean passed, List<One> trainings) {}

    /// Whether to train, and why or why not.
    private record Choice(Optional<Outcome> instead, String why) {
        static Choice train(String why) {
            return new Choice(Optional.empty(), why);
        }
    }

    /// Trains what there is to train, one after the other, whatever becomes of those before.
    ///
    /// @return whether nothing was stopped and all gates passed
    boolean run(int portOffset) {
        String commit = checkout.commit();
        checkout.refuseUncommitted(
                List.of(
                        Workspace.CONTRACTS_FOLDER,
                        Workspace.FEATURES_FOLDER,
                        Workspace.MODELS_FOLDER));
        Optional<String> before =
                since.map(one -> GitCheckout.isNone(one) ? "" : checkout.resolve(one));
        say("commit " + commit);
        List<One> done = new ArrayList<>();
        TrainerAnswer.of(
                workspace,
                portOffset,
                trainer -> {
                    for (Training training : trainings) {
                        done.add(one(trainer, training, commit, before));
                    }
                    return done;
                });
        boolean passed =
                done.stream()
                        .noneMatch(one ->
                                one.outcome().equals(Outcome.FAILED.word())
                                        || one.outcome().equals(Outcome.STOPPED.word()));
        if (output.json()) {
            output.printJson(new All(commit, passed, List.copyOf(done)));
        } else {
            say(summary(done));
        }
        return passed;
    }

    private One one(Trainer trainer, Training training, String commit, Optional<String> before) {
        Choice choice =
                before.map(one -> since(training, one))
                        .orElseGet(() -> sinceNewest(trainer, training, commit));
        String name = training.name().value();
        say(name + ": " + choice.why());
        if (choice.instead().isPresent()) {
            return new One(name, choice.instead().get().word(), choice.why(), null);
        }
        try (ProgressLine line = new ProgressLine(output.err())) {
            TrainingReport report =
                    trainer.train(
                            training,
                            Optional.empty(),
                            Cause.merge(commit),
                            new TrainingLine(line)::show);
            line.clear();
            if (!output.json()) {
                new TrainingText(output).print(report);
            }
            Outcome outcome = report.passed() ? Outcome.PASSED : Outcome.FAILED;
            return new One(name, outcome.word(), choice.why(), report);
        } catch (TrainingStopped e) {
            return stopped(name, e.getMessage() + "; " + e.remedy());
        } catch (TrackingRefused e) {
            return stopped(name, String.valueOf(e.getMessage()));
        }
    }

    private One stopped(String name, String why) {
        say(name + ": STOPPED: " + why);
        return new One(name, Outcome.STOPPED.word(), why, null);
    }

    private Choice since(Training training, String before) {
        return before.isEmpty()
                ? Choice.train("is trained, whatever has changed")
                : changed(training, before, "");
    }

    private Choice sinceNewest(Trainer trainer, Training training, String commit) {
        Optional<ModelVersion> newest = trainer.newestOfACommit(training);
        if (newest.isEmpty()) {
            return Choice.train("no version of a commit has passed yet");
        }
        String reference = newest.get().reference();
        String before = newest.get().tags().getOrDefault(Cause.COMMIT_TAG, "");
        if (!checkout.has(before)) {
            return Choice.train(
                    "the repository does not have " + shortId(before) + " of " + reference);
        }
        if (checkout.isBehind(commit, before)) {
            return new Choice(
                    Optional.of(Outcome.OUTDATED),
                    reference + " is of " + shortId(before) + ", which is newer");
        }
        return changed(training, before, " (" + reference + ")");
    }

    private Choice changed(Training training, String before, String whose) {
        Set<Path> all = checkout.changedSince(before);
        Set<Path> files = files(training);
        files.retainAll(all);
        training.folder()
                .map(this::relative)
                .ifPresent(folder ->
                        all.stream().filter(file -> file.startsWith(folder)).forEach(files::add));
        String ending = " since " + shortId(before) + whose;
        return files.isEmpty()
                ? new Choice(Optional.of(Outcome.UNCHANGED), "nothing has changed" + ending)
                : Choice.train(
                        String.join(", ", files.stream().map(Path::toString).toList())
                                + (files.size() > 1 ? " have" : " has")
                                + " changed"
                                + ending);
    }

    /// The files that say what a model is made of, relative to the workspace.
    private Set<Path> files(Training training) {
        Set<Path> files = new TreeSet<>();
        add(files, training.file());
        for (CompiledView each : training.data().views()) {
            Optional<CompiledView> view = Optional.of(each);
            while (view.isPresent()) {
                add(files, view.get().view().file());
                view = view.get().sourceView();
            }
            add(files, each.origin().file());
        }
        training.data()
                .set()
                .flatMap(set -> new NamedSets(workspace.sets()).find(set.value()))
                .ifPresent(set -> add(files, set.file()));
        training.data().label().map(Label::contract).ifPresent(one -> add(files, one.file()));
        return files;
    }

    private void add(Set<Path> files, Path file) {
        files.add(relative(file));
    }

    private Path relative(Path file) {
        return workspace.folder().relativize(file.toAbsolutePath().normalize());
    }

    private static String shortId(String commit) {
        return commit.substring(0, Math.min(SHORT_ID, commit.length()));
    }

    private static String summary(List<One> done) {
        List<String> parts = new ArrayList<>();
        for (Outcome outcome : Outcome.values()) {
            long count = done.stream().filter(one -> one.outcome().equals(outcome.word())).count();
            if (count > 0) {
                parts.add(count + " " + outcome.word());
            }
        }
        return parts.isEmpty()
                ? "no file of models has training; nothing is trained."
                : String.join(", ", parts) + ".";
    }

    /// For people; programs have it in the result.
    private void say(String line) {
        if (!output.json()) {
            output.println(line);
        }
    }
}

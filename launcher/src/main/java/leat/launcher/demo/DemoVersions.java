package leat.launcher.demo;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import leat.core.prediction.Challenger;
import leat.core.prediction.Scoring;
import leat.core.training.Gate;
import leat.core.training.Training;
import leat.launcher.UserError;
import leat.launcher.config.Workspace;
import leat.ml.training.TrainingReport;

/// The versions that a demo makes: the first ones, which answer at once; those that their gates
/// have to stop; and successors, which are tried beside the version before and promoted.
final class DemoVersions {

    private final Workspace workspace;
    private final DemoTrainings trainings;
    private final LivePredictions predictions;
    private final int trial;
    private final Consumer<String> told;
    private final List<OfferedVersion> offered = new CopyOnWriteArrayList<>();

    /// @param trial of so many vectors a successor predicts before it is promoted
    /// @param told is told what became of each
    DemoVersions(
            Workspace workspace,
            DemoTrainings trainings,
            LivePredictions predictions,
            int trial,
            Consumer<String> told) {
        this.workspace = workspace;
        this.trainings = trainings;
        this.predictions = predictions;
        this.trial = trial;
        this.told = told;
    }

    /// Trains what nobody answers for.
    void makeFirst() {
        for (Training training : workspace.trainings()) {
            if (!isOffered(training) && scorings(training).anyMatch(one -> !isAnswered(one))) {
                makeFirst(training);
            }
        }
    }

    /// The first version of a model answers at once: there is nothing to try it beside.
    private void makeFirst(Training training) {
        Optional<TrainingReport> made = made(training);
        if (made.filter(TrainingReport::passed).isPresent()) {
            TrainingReport report = made.get();
            scorings(training)
                    .filter(one -> !isAnswered(one))
                    .forEach(scoring -> {
                        trainings.promote(scoring, report.version(), "the first version");
                        told.accept(report.version() + " is the first version, and answers");
                    });
        }
    }

    /// Makes what `demo.offers` names.
    void offer() {
        for (Training training : workspace.trainings()) {
            if (isOffered(training)) {
                made(training).ifPresent(report -> keep(training, report));
            }
        }
    }

    /// Makes successors of what answers, where versions are tried.
    void succeed() {
        for (Training training : workspace.trainings()) {
            if (!isOffered(training)) {
                scorings(training)
                        .filter(scoring -> isTried(training, scoring))
                        .findFirst()
                        .ifPresent(scoring ->
                                made(training)
                                        .ifPresent(report -> succeed(training, scoring, report)));
            }
        }
    }

    /// Whether versions of a training are tried beside the one that answers.
    private static boolean isTried(Training training, Scoring scoring) {
        return training.alias()
                .filter(alias ->
                        scoring.challengers().stream()
                                .map(Challenger::alias)
                                .anyMatch(alias::equals))
                .isPresent();
    }

    private boolean isOffered(Training training) {
        return workspace.config().demo().offers().contains(training.name().value());
    }

    private Stream<Scoring> scorings(Training training) {
        return workspace.scorings().stream().filter(one -> one.model().equals(training.model()));
    }

    /// Whether somebody is champion in a scoring.
    boolean isAnswered(Scoring scoring) {
        return trainings.champion(scoring).isPresent();
    }

    /// Those that were made while sources played, in their order.
    List<OfferedVersion> offered() {
        return List.copyOf(offered);
    }

    /// A version; empty where the data are not as they should be, or nothing can be learned.
    private Optional<TrainingReport> made(Training training) {
        try {
            TrainingReport report = trainings.train(training);
            told.accept(text(report));
            return Optional.of(report);
        } catch (UserError e) {
            told.accept("there is no version: " + e.getMessage() + "; " + e.remedy());
            return Optional.empty();
        }
    }

    private void succeed(Training training, Scoring scoring, TrainingReport report) {
        if (report.passed()
                && Patience.comes(() -> predictions.of(scoring, report.version()) >= trial)) {
            told.accept(
                    String.format(
                            Locale.ROOT,
                            "%s has predicted of %,d vectors beside %s, and is promoted",
                            report.version(),
                            predictions.of(scoring, report.version()),
                            trainings.champion(scoring).orElse("nobody")));
            trainings.promote(scoring, report.version(), "tried beside the version before");
            if (Patience.comes(() -> predictions.answeredBy(scoring, report.version()) > 0)) {
                told.accept(report.version() + " answers now");
            }
        }
        keep(training, report);
    }

    private void keep(Training training, TrainingReport report) {
        Optional<String> answers = scorings(training).findFirst().flatMap(trainings::champion);
        offered.add(
                new OfferedVersion(
                        training.name().value(),
                        report.version(),
                        report.passed(),
                        failed(report),
                        answers));
        if (!report.passed()) {
            told.accept(
                    report.version()
                            + " is STOPPED by its gates; "
                            + answers.map(one -> one + " goes on answering")
                                    .orElse("nobody answers"));
        }
    }

    private static List<String> failed(TrainingReport report) {
        return report.gates().stream()
                .filter(verdict -> !verdict.passed())
                .map(Gate.Verdict::toString)
                .toList();
    }

    private static String text(TrainingReport report) {
        List<String> failed = failed(report);
        return String.format(
                Locale.ROOT,
                "%s is made of %,d rows by %s in %.1f s%s; %s",
                report.version(),
                report.trainingRows() + report.testRows(),
                report.training(),
                report.seconds(),
                metrics(report),
                failed.isEmpty()
                        ? "all gates passed"
                        : "gates FAILED: " + String.join("; ", failed));
    }

    private static String metrics(TrainingReport report) {
        StringBuilder text = new StringBuilder();
        for (String metric : List.of("f1", "precision", "recall", "roc_auc")) {
            Double value = report.metrics().get(metric);
            if (value != null) {
                text.append(String.format(Locale.ROOT, ", %s %.3f", metric, value));
            }
        }
        return text.toString();
    }
}

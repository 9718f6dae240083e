package leat.ml.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;
import leat.core.evaluation.Ranking;
import leat.core.monitor.Profile;
import leat.core.monitor.ProfileSketch;
import leat.core.monitor.ProfileTally;
import leat.core.monitor.ProfiledFeature;
import leat.core.training.AlgorithmChoice;
import leat.core.training.Split;
import leat.core.training.Threshold;
import leat.core.training.Training;
import leat.core.training.TrainingCommand;
import leat.ml.training.algorithm.Algorithm;
import leat.ml.training.algorithm.AlgorithmRefused;
import leat.ml.training.algorithm.Algorithms;
import leat.ml.training.algorithm.Fitted;
import leat.ml.training.algorithm.Rows;
import leat.ml.training.algorithm.Task;
import leat.ml.training.algorithm.TrainingRefused;
import leat.ml.training.command.CommandAlgorithm;
import leat.ml.training.command.CommandRuns;
import leat.ml.training.command.Programs;

/// Learns from a dataset: splits it by time, searches the best parameters, fits, and judges by the
/// rows that nothing was learned or chosen from.
final class Learning {

    private static final double DEFAULT_THRESHOLD = 0.5;
    private static final String SCORE = "score";

    private final Training training;
    private final TrainingProgress progress;

    /// What learns.
    ///
    /// @param candidates one, or those of a sweep
    private record Learners(List<Algorithm> candidates, Optional<Algorithm> baseline) {}

    /// For programs that are looked at and not run.
    private static final CommandRuns IDLE =
            new CommandRuns(
                    Path.of("."),
                    (_, _) -> {
                        throw new IllegalStateException("nothing is learned yet");
                    },
                    _ -> {});

    /// @throws TrainingStopped when there is no such algorithm, it does not fit the training, or
    ///   its program has changed
    Learning(Training training, TrainingProgress progress) {
        this.training = training;
        this.progress = progress;
        refuseChanged();
        learners(IDLE);
        refuseBlindSweep(training);
    }

    /// Checks what the definition says of Leat's own algorithms; programs are not looked at.
    ///
    /// @throws TrainingStopped as the constructor
    static void check(Training training) {
        Stream.concat(Stream.of(training.algorithm()), training.baseline().stream())
                .filter(choice -> choice.command().isEmpty())
                .forEach(choice ->
                        choice.candidates()
                                .forEach(parameters ->
                                        algorithm(training, choice.name(), parameters)));
        refuseBlindSweep(training);
    }

    private static void refuseBlindSweep(Training training) {
        if (training.algorithm().candidates().size() > 1 && training.data().label().isEmpty()) {
            throw new TrainingStopped(
                    "without a label nobody can tell which parameters are best",
                    "give parameters instead of a sweep, or a label");
        }
    }

    private Learners learners(CommandRuns commands) {
        AlgorithmChoice choice = training.algorithm();
        return new Learners(
                choice.candidates().stream()
                        .map(parameters -> algorithm(choice, parameters, commands))
                        .toList(),
                training.baseline().map(one -> algorithm(one, one.parameters(), commands)));
    }

    private Algorithm algorithm(
            AlgorithmChoice choice, Map<String, String> parameters, CommandRuns commands) {
        if (choice.command().isEmpty()) {
            return algorithm(training, choice.name(), parameters);
        }
        TrainingCommand command = choice.command().get();
        try {
            Programs.demand(command);
        } catch (TrainingRefused e) {
            throw new TrainingStopped(String.valueOf(e.getMessage()), e.remedy());
        }
        return new CommandAlgorithm(
                command, parameters, training.data().label().isPresent(), commands);
    }

    private static Algorithm algorithm(
            Training training, String name, Map<String, String> parameters) {
        try {
            Algorithm algorithm = Algorithms.of(name, new HashMap<>(parameters));
            if (algorithm.task() == Task.REGRESSION) {
                throw new TrainingStopped(
                        name
                                + " with these parameters predicts numbers, and a label is true or"
                                + " false",
                        "leave out objective, so that it tells classes apart");
            }
            if (algorithm.task().needsLabels() && training.data().label().isEmpty()) {
                throw new TrainingStopped(
                        name + " learns from labels, and the training has none",
                        "write data.label, or choose an algorithm that needs none");
            }
            return algorithm;
        } catch (AlgorithmRefused e) {
            throw new TrainingStopped(
                    String.valueOf(e.getMessage()), "correct it in " + training.file());
        }
    }

    /// What a version says of its definition has to be true of what has learned.
    private void refuseChanged() {
        training.command()
                .filter(command -> !command.isAsRead())
                .ifPresent(command -> {
                    throw new TrainingStopped(
                            "the files in " + command.folder() + " are not those that were read",
                            "train by a process that starts now: leat train, or the trainer started"
                                    + " again");
                });
    }

    /// The rows of a dataset by what they are for, the earliest first. Between training and test,
    /// and between the two parts of training, rows are left out whose label may be known only after
    /// the next part has begun.
    ///
    /// @param early the part of `training` that is learned from while something is chosen
    /// @param validation the rest of it, by which it is chosen
    private record Parts(Rows training, Rows test, Rows early, Rows validation) {}

    private Parts parts(Dataset dataset) {
        Rows rows = dataset.rows();
        long gap =
                training.data()
                        .label()
                        .flatMap(label -> label.within())
                        .map(within -> within.toNanos() / 1_000)
                        .orElse(0L);
        int test = Split.before(rows.size(), training.split().test());
        int end = dataset.before(test, gap);
        int validation = Split.before(end, training.split().validation());
        int earlyEnd = validation < rows.size() ? dataset.before(validation, gap) : validation;
        return new Parts(
                rows.part(0, end),
                rows.part(test, rows.size()),
                rows.part(0, earlyEnd),
                rows.part(validation, end));
    }

    /// Learns and judges. The same dataset gives the same bytes, where no program learns that does
    /// otherwise.
    ///
    /// @param commands where programs work
    /// @throws TrainingRefused when nothing can be learned from it
    Learned learn(Dataset dataset, CommandRuns commands) {
        refuseChanged();
        Parts parts = parts(dataset);
        if (parts.training().size() == 0) {
            throw new TrainingStopped(
                    "no row is old enough to learn from: the labels of all are known only after"
                            + " the first test row",
                    "learn from a longer time, or shorten label.within");
        }
        SequencedMap<String, Double> others = new LinkedHashMap<>();
        Learners learners = learners(commands);
        Algorithm chosen = choose(learners.candidates(), parts, others);
        progress.at("fitting " + chosen.name(), 0, 1);
        double threshold = threshold(chosen, parts);
        Fitted model = fit(chosen, parts.training());
        float[] scores = model.scores(parts.test());
        SequencedMap<String, Double> metrics = Judging.metrics(parts.test(), scores, threshold);
        Judging.metrics(parts.training(), model.scores(parts.training()), threshold)
                .forEach((metric, value) -> others.put("training/" + metric, value));
        if (parts.test().hasLabels()) {
            others.putAll(Judging.bySlice(parts.test(), scores, threshold, training.slices()));
        }
        others.putAll(new FeatureEffects(model, training.seed()).of(parts.test()));
        progress.at("fitting " + chosen.name(), 1, 1);
        SequencedMap<String, Double> ofBaseline = baseline(learners.baseline(), parts);
        return new Learned(
                model,
                chosen.parameters(),
                parts.training().size(),
                parts.test().size(),
                metrics,
                ofBaseline,
                others,
                training.gates().stream().map(gate -> gate.judge(metrics, ofBaseline)).toList(),
                profile(parts.training()),
                profile(scores));
    }

    /// The candidate with the best average precision on the validation rows; of equal ones the
    /// first.
    private Algorithm choose(
            List<Algorithm> candidates, Parts parts, SequencedMap<String, Double> others) {
        if (candidates.size() == 1) {
            return candidates.getFirst();
        }
        Algorithm best = candidates.getFirst();
        double bestPrecision = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < candidates.size(); i++) {
            progress.at("searching parameters", i, candidates.size());
            Algorithm candidate = candidates.get(i);
            float[] scores = fit(candidate, parts.early()).scores(parts.validation());
            double precision = Ranking.averagePrecision(Judging.scored(parts.validation(), scores));
            others.put(
                    "sweep/" + (i + 1) + "/average_precision",
                    Double.isNaN(precision) ? 0 : precision);
            if (precision > bestPrecision) {
                best = candidate;
                bestPrecision = precision;
            }
        }
        progress.at("searching parameters", candidates.size(), candidates.size());
        return best;
    }

    private double threshold(Algorithm algorithm, Parts parts) {
        if (!parts.training().hasLabels()) {
            return Double.NaN;
        }
        Threshold wanted =
                training.threshold()
                        .orElse(
                                algorithm.task() == Task.CLASSIFICATION
                                        ? new Threshold.Fixed(DEFAULT_THRESHOLD)
                                        : new Threshold.Best());
        return switch (wanted) {
            case Threshold.Fixed(double value) -> value;
            case Threshold.Best() ->
                    Ranking.bestForF1(
                                    Judging.scored(
                                            parts.validation(),
                                            fit(algorithm, parts.early())
                                                    .scores(parts.validation())))
                            .value();
        };
    }

    private SequencedMap<String, Double> baseline(Optional<Algorithm> baseline, Parts parts) {
        if (baseline.isEmpty()) {
            return new LinkedHashMap<>();
        }
        progress.at("fitting the baseline", 0, 1);
        Algorithm algorithm = baseline.get();
        double threshold = threshold(algorithm, parts);
        Fitted model = fit(algorithm, parts.training());
        SequencedMap<String, Double> metrics =
                Judging.metrics(parts.test(), model.scores(parts.test()), threshold);
        progress.at("fitting the baseline", 1, 1);
        return metrics;
    }

    /// What looks for the unusual learns from usual rows alone, where labels tell them.
    private Fitted fit(Algorithm algorithm, Rows rows) {
        boolean usual = !algorithm.task().needsLabels() && rows.hasLabels();
        return algorithm.fit(
                usual ? rows.only(row -> rows.label(row) < DEFAULT_THRESHOLD) : rows,
                training.seed());
    }

    private static Profile profile(Rows rows) {
        ProfileSketch sketch =
                new ProfileSketch(rows.features().stream().map(ProfiledFeature::number).toList());
        List<Float> values = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            values.clear();
            for (int i = 0; i < rows.width(); i++) {
                values.add(rows.value(row, i));
            }
            sketch.add(row, values);
        }
        return sketch.profile();
    }

    private static Profile profile(float[] scores) {
        ProfileSketch sketch = new ProfileSketch(List.of(ProfiledFeature.number(SCORE)));
        for (int row = 0; row < scores.length; row++) {
            sketch.add(row, List.of(scores[row]));
        }
        return sketch.profile();
    }

    /// The rows of a dataset as a profile counts them, by the intervals of another one.
    static Profile tally(Dataset dataset, Profile like) {
        ProfileTally tally = new ProfileTally(like);
        Rows rows = dataset.rows();
        List<Integer> places =
                like.features().keySet().stream().map(rows.features()::indexOf).toList();
        List<Float> values = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            values.clear();
            for (int place : places) {
                values.add(place < 0 ? Float.NaN : rows.value(row, place));
            }
            tally.add(values);
        }
        return tally.profile();
    }
}

package leat.ml.training.command;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import leat.core.scoring.OutputValue;
import leat.core.training.TrainingCommand;
import leat.ml.training.algorithm.Algorithm;
import leat.ml.training.algorithm.Fitted;
import leat.ml.training.algorithm.Rows;
import leat.ml.training.algorithm.Task;
import leat.ml.training.algorithm.TrainingRefused;

/// A program that learns, with parameters set. Whether the same rows and seed give the same bytes
/// is the program's own affair.
public final class CommandAlgorithm implements Algorithm {

    /// As Leat's own algorithms and the converters of scikit-learn have it.
    private static final OutputValue PROBABILITY = OutputValue.parse("probabilities[1]");

    private static final OutputValue SCORE = OutputValue.parse("score");

    private final TrainingCommand command;
    private final SortedMap<String, String> parameters;
    private final Task task;
    private final CommandRuns runs;

    /// Sets parameters.
    ///
    /// @param labelled whether rows have labels
    /// @param runs where it works
    public CommandAlgorithm(
            TrainingCommand command,
            Map<String, String> parameters,
            boolean labelled,
            CommandRuns runs) {
        this.command = command;
        this.parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
        this.task = labelled ? Task.CLASSIFICATION : Task.ANOMALY;
        this.runs = runs;
    }

    @Override
    public String name() {
        return TrainingCommand.NAME;
    }

    @Override
    public Task task() {
        return task;
    }

    @Override
    public Map<String, String> parameters() {
        return parameters;
    }

    @Override
    public Fitted fit(Rows training, long seed) {
        if (training.size() == 0) {
            throw new TrainingRefused("there are no rows", "take a longer time");
        }
        OutputValue score =
                command.score().orElse(task == Task.CLASSIFICATION ? PROBABILITY : SCORE);
        return runs.run(command, parameters, score, training, seed);
    }
}

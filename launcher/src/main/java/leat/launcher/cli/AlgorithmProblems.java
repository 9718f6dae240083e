package leat.launcher.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import leat.core.training.Training;
import leat.core.yaml.Location;
import leat.core.yaml.Problem;
import leat.core.yaml.Problems;
import leat.core.yaml.ProblemsException;
import leat.core.yaml.YamlNode;
import leat.core.yaml.YamlReader;
import leat.ml.training.Trainer;
import leat.ml.training.TrainingStopped;

/// What is wrong with the algorithms that trainings name, which only who trains knows.
final class AlgorithmProblems {

    private static final String TRAINING = "training";
    private static final String ALGORITHM = "algorithm";

    private AlgorithmProblems() {}

    /// @throws ProblemsException with all problems
    static void refuse(List<Training> trainings) {
        List<Problem> problems = new ArrayList<>();
        for (Training training : trainings) {
            try {
                Trainer.check(training);
            } catch (TrainingStopped e) {
                problems.add(
                        new Problem(
                                location(training.file()),
                                TRAINING + "." + ALGORITHM,
                                String.valueOf(e.getMessage()),
                                e.remedy()));
            }
        }
        if (!problems.isEmpty()) {
            throw new ProblemsException(problems);
        }
    }

    private static Location location(Path file) {
        return YamlReader.read(file, new Problems())
                .flatMap(root -> under(root, TRAINING))
                .flatMap(training -> under(training, ALGORITHM))
                .map(YamlNode::location)
                .orElse(Location.startOf(file));
    }

    private static Optional<YamlNode> under(YamlNode node, String key) {
        return node instanceof YamlNode.Mapping mapping ? mapping.find(key) : Optional.empty();
    }
}

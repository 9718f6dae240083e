package leat.ml.training.algorithm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.training.TrainingCommand;
import leat.core.yaml.NearestName;
import leat.ml.training.algorithm.AlgorithmRefused.Problem;

/// All algorithms of Leat's own.
public final class Algorithms {

    private static final List<AlgorithmKind> ALL =
            List.of(
                    Boosting.KIND,
                    Logistic.KIND,
                    Autoencoder.KIND,
                    Clustering.KIND,
                    CutForest.KIND,
                    OnlineClustering.KIND,
                    MetricAnomaly.KIND);

    private Algorithms() {}

    /// An algorithm with its parameters set.
    ///
    /// @param parameters numbers, booleans or texts by name; what is not there has its default
    /// @throws AlgorithmRefused when there is no such algorithm, or with all parameters that it
    ///   does not have or that are out of their range
    public static Algorithm of(String name, Map<String, Object> parameters) {
        for (AlgorithmKind kind : ALL) {
            if (kind.name().equals(name)) {
                return kind.make().apply(Parameters.of(kind, parameters));
            }
        }
        throw new AlgorithmRefused(
                List.of(
                        new Problem(
                                Optional.empty(),
                                "there is no algorithm '"
                                        + name
                                        + "': "
                                        + NearestName.remedy(name, choices()))));
    }

    private static List<String> choices() {
        List<String> choices = new ArrayList<>(names());
        choices.add(TrainingCommand.NAME);
        return choices;
    }

    /// All algorithms, in the order of the reference.
    public static List<AlgorithmKind> all() {
        return ALL;
    }

    public static List<String> names() {
        return ALL.stream().map(AlgorithmKind::name).toList();
    }
}

package leat.core.catalog;

import java.util.List;
import java.util.stream.Stream;

/// Who reads something for a model. Each list is in the order of the workspace's files.
///
/// @param trainings that learn from it, or take their label from it; the names of their files
/// @param models by name: those that are trained with it, are given it by a scoring or a step, or
///   have a version that takes it
/// @param scorings that give it to their model, `failure-risk.v1`
/// @param monitoring the scorings whose watching looks at it
public record ModelReaders(
        List<String> trainings,
        List<String> models,
        List<String> scorings,
        List<String> monitoring) {

    /// Nobody.
    public static final ModelReaders NONE =
            new ModelReaders(List.of(), List.of(), List.of(), List.of());

    public ModelReaders {
        trainings = List.copyOf(trainings);
        models = List.copyOf(models);
        scorings = List.copyOf(scorings);
        monitoring = List.copyOf(monitoring);
    }

    /// The readers of both, each once.
    ModelReaders and(ModelReaders other) {
        return new ModelReaders(
                both(trainings, other.trainings),
                both(models, other.models),
                both(scorings, other.scorings),
                both(monitoring, other.monitoring));
    }

    private static List<String> both(List<String> one, List<String> other) {
        return Stream.concat(one.stream(), other.stream()).distinct().toList();
    }
}

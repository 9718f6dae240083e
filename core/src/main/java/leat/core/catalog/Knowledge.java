package leat.core.catalog;

import java.util.List;
import java.util.Optional;

/// What is known of a workspace on top of its files.
///
/// @param models those that are registered; empty where the registry was not read
/// @param trainingSets tables of the lake, the newest first; empty where the lake was not read
/// @param online who asks this process for features; empty where it serves none
public record Knowledge(
        Optional<List<KnownModel>> models,
        Optional<List<TrainingSet>> trainingSets,
        Optional<OnlineReaders> online) {

    /// Nothing: there are the files alone.
    public static final Knowledge NONE =
            new Knowledge(Optional.empty(), Optional.empty(), Optional.empty());

    public Knowledge {
        models = models.map(List::copyOf);
        trainingSets = trainingSets.map(List::copyOf);
    }

    /// The same with what the registry knows.
    public Knowledge withModels(List<KnownModel> registered) {
        return new Knowledge(Optional.of(registered), trainingSets, online);
    }

    /// The same with what the lake has.
    public Knowledge withTrainingSets(List<TrainingSet> tables) {
        return new Knowledge(models, Optional.of(tables), online);
    }

    /// The same with those who ask this process.
    public Knowledge withOnline(OnlineReaders readers) {
        return new Knowledge(models, trainingSets, Optional.of(readers));
    }

    List<TrainingSet> trainingSetsOfView(String name) {
        return trainingSets.orElse(List.of()).stream().filter(one -> one.isOfView(name)).toList();
    }

    List<TrainingSet> trainingSetsOfSet(String name) {
        return trainingSets.orElse(List.of()).stream().filter(one -> one.isOfSet(name)).toList();
    }

    List<OnlineReader> onlineOfView(String name) {
        return online.orElse(OnlineReaders.NONE).views().getOrDefault(name, List.of());
    }

    List<OnlineReader> onlineOfSet(String name) {
        return online.orElse(OnlineReaders.NONE).sets().getOrDefault(name, List.of());
    }
}

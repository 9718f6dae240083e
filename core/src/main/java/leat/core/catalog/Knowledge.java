package leat.core.catalog;

import java.util.List;
import java.util.Optional;

/// What is known of a workspace on top of its files.
///
/// @param models those that are registered; empty where the registry was not read
/// @param online who asks this process for features; empty where it serves none
public record Knowledge(Optional<List<KnownModel>> models, Optional<OnlineReaders> online) {

    /// Nothing: there are the files alone.
    public static final Knowledge NONE = new Knowledge(Optional.empty(), Optional.empty());

    public Knowledge {
        models = models.map(List::copyOf);
    }

    /// The same with what the registry knows.
    public Knowledge withModels(List<KnownModel> registered) {
        return new Knowledge(Optional.of(registered), online);
    }

    /// The same with those who ask this process.
    public Knowledge withOnline(OnlineReaders readers) {
        return new Knowledge(models, Optional.of(readers));
    }
}

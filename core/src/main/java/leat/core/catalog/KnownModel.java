package leat.core.catalog;

import java.util.List;
import leat.core.model.ModelFold;
import leat.core.model.ModelVersion;
import leat.core.model.RegisteredModel;

/// What the registry knows of a model.
///
/// @param versions those that an alias points to, and the newest one, by their numbers
public record KnownModel(RegisteredModel model, List<ModelVersion> versions) {

    public KnownModel {
        versions = List.copyOf(versions);
    }

    /// All registered models.
    public static List<KnownModel> all(ModelFold registry) {
        return registry.models().stream().map(model -> of(model, registry)).toList();
    }

    private static KnownModel of(RegisteredModel model, ModelFold registry) {
        List<ModelVersion> all = registry.versions(model.info().name());
        return new KnownModel(
                model,
                all.stream()
                        .filter(version ->
                                !version.aliases().isEmpty() || version.equals(all.getLast()))
                        .toList());
    }

    String name() {
        return model.info().name();
    }
}

package leat.core.catalog;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import leat.core.model.ModelFold;
import leat.core.model.ModelVersion;
import leat.core.model.RegisteredModel;

/// What the registry knows of a model.
///
/// @param versions those that an alias points to, and the newest one, by their numbers
public record KnownModel(RegisteredModel model, List<ModelVersion> versions) {

    /// The tag that says of which view's vectors a version was made, `car-driving.v1`.
    static final String VIEW_TAG = "leat.view";

    /// The tag with the features that a version takes, with commas between.
    static final String FEATURES_TAG = "leat.features";

    /// The tag with the training that made a version.
    static final String TRAINING_TAG = "leat.training";

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

    /// The view whose vectors a version takes, where its tags say so.
    static Optional<String> view(ModelVersion version) {
        return Optional.ofNullable(version.tags().get(VIEW_TAG)).filter(view -> !view.isBlank());
    }

    /// The features that a version takes, as its tags say.
    static List<String> features(ModelVersion version) {
        return Stream.of(version.tags().getOrDefault(FEATURES_TAG, "").split(","))
                .map(String::strip)
                .filter(feature -> !feature.isEmpty())
                .toList();
    }
}

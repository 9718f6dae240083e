package leat.core.catalog;

import java.util.List;
import java.util.Optional;
import leat.core.feature.FeatureSet;
import leat.core.feature.ModelFeature;
import leat.core.feature.NamedSets;
import leat.core.feature.NamedViews;
import leat.core.model.ModelVersion;
import leat.core.prediction.Scoring;
import leat.core.training.Training;

/// A feature that a model is given.
///
/// @param name what the model calls it
/// @param view whose it is, `driving.v2`
/// @param feature what the view calls it
record ModelInput(String name, String view, String feature) {

    /// What a training learns from.
    static List<ModelInput> of(Training training) {
        return of(training.data().taken());
    }

    /// What a scoring gives.
    static List<ModelInput> of(Scoring scoring) {
        return of(scoring.taken());
    }

    private static List<ModelInput> of(List<ModelFeature> taken) {
        return taken.stream()
                .map(one ->
                        new ModelInput(
                                one.name(), one.view().view().nameAndVersion(), one.feature()))
                .toList();
    }

    /// What a version says that it takes; nothing of a set that the workspace does not have.
    static List<ModelInput> of(ModelVersion version, Definitions definitions) {
        Optional<List<ModelInput>> ofSet =
                version.set()
                        .flatMap(new NamedSets(definitions.sets())::find)
                        .map(set -> ofSet(set, version, new NamedViews(definitions.views())));
        return ofSet.or(() -> version.view().map(view -> ofView(view, version.features())))
                .orElse(List.of());
    }

    private static List<ModelInput> ofView(String view, List<String> features) {
        return features.stream().map(feature -> new ModelInput(feature, view, feature)).toList();
    }

    private static List<ModelInput> ofSet(FeatureSet set, ModelVersion version, NamedViews views) {
        return of(
                ModelFeature.of(set, views).stream()
                        .filter(one -> version.features().contains(one.name()))
                        .toList());
    }
}

package leat.core.prediction;

import java.util.List;
import java.util.Optional;
import leat.core.contract.ContractName;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureSet;
import leat.core.feature.ModelFeature;
import leat.core.feature.NamedViews;

/// What a model's features are taken of: a view, or a feature set with the vectors of one of its
/// views.
///
/// @param view each of whose vectors is a row
/// @param set whose features they are; empty where they are the view's own
/// @param offered all that there are
public record ModelSource(
        CompiledView view, Optional<ContractName> set, List<ModelFeature> offered) {

    public ModelSource {
        offered = List.copyOf(offered);
    }

    /// A view's own features.
    public static ModelSource of(CompiledView view) {
        return new ModelSource(view, Optional.empty(), ModelFeature.of(view));
    }

    /// A set's features, at the vectors of one of its views.
    ///
    /// @param view one of the set's
    public static ModelSource of(FeatureSet set, CompiledView view, NamedViews views) {
        return new ModelSource(view, Optional.of(set.name()), ModelFeature.of(set, views));
    }

    /// What it is called in problems: `view` or `set`.
    public String word() {
        return set.isPresent() ? "set" : "view";
    }
}

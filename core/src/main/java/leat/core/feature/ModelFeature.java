package leat.core.feature;

import java.util.List;
import leat.core.contract.Field;
import leat.core.contract.FieldType;

/// A feature as a model takes it.
///
/// @param name what the model calls it
/// @param view whose vectors have it
/// @param feature what the view calls it
public record ModelFeature(String name, CompiledView view, String feature) {

    /// All features of a view, by their own names.
    public static List<ModelFeature> of(CompiledView view) {
        return view.fields().stream()
                .map(field -> new ModelFeature(field.name(), view, field.name()))
                .toList();
    }

    /// All features of a set, by the names that it gives them; those of views that are not there
    /// are left out.
    public static List<ModelFeature> of(FeatureSet set, NamedViews views) {
        return set.members().stream()
                .flatMap(member ->
                        views.find(member.view()).stream()
                                .map(view ->
                                        new ModelFeature(member.name(), view, member.feature())))
                .toList();
    }

    /// `driving.v2:speed_mean_5m`
    public String from() {
        return view.view().nameAndVersion() + ":" + feature;
    }

    /// The type of its values.
    public FieldType type() {
        return view.fields().stream()
                .filter(field -> field.name().equals(feature))
                .map(Field::type)
                .findFirst()
                .orElseThrow();
    }

    /// Whether it is a number that may have any value between two others.
    public boolean isReal() {
        return type() instanceof FieldType.Real;
    }
}

package leat.ml.featurestore.online;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import leat.ml.featurestore.online.FoundVectors.Found;

/// What was asked for, value by value, for interfaces that have types. Values are made entity by
/// entity, when they are asked for.
public final class FoundFeatures {

    private final List<String> features;
    private final List<String> entities;
    private final FoundVectors vectors;
    private final List<OnlineFeature.Kind> kinds;

    /// @param features names of what was found, in the view's or the set's order
    /// @param entities those of the vectors
    FoundFeatures(List<String> features, List<String> entities, FoundVectors vectors) {
        this.features = List.copyOf(features);
        this.entities = List.copyOf(entities);
        this.vectors = vectors;
        this.kinds = new ArrayList<>(features.size());
        for (int i = 0; i < features.size(); i++) {
            OnlineView view = vectors.sources().get(vectors.source(i)).view();
            kinds.add(view.features().get(vectors.place(i) - Members.FEATURES).kind());
        }
    }

    /// What is said of one entity.
    ///
    /// @param status what all views say, else [EntityStatus#PARTIAL]
    /// @param queryMicros the oldest of the views', since 1970; empty where none has a vector
    /// @param values one a feature
    /// @param views one a view
    public record Entity(
            String entity,
            EntityStatus status,
            OptionalLong queryMicros,
            List<FeatureValue> values,
            List<OfView> views) {
        public Entity {
            values = List.copyOf(values);
            views = List.copyOf(views);
        }
    }

    /// What one view says of an entity.
    ///
    /// @param queryMicros of its vector; empty where there is none
    public record OfView(EntityStatus status, OptionalLong queryMicros) {}

    /// The views that the features are of.
    public List<OnlineView> views() {
        return vectors.sources().stream().map(FoundVectors.Source::view).toList();
    }

    /// The names of the features, in the view's or the set's order.
    public List<String> features() {
        return features;
    }

    /// What the values of a feature are.
    ///
    /// @param feature its place among the features
    public OnlineFeature.Kind kind(int feature) {
        return kinds.get(feature);
    }

    /// How many entities there are.
    public int size() {
        return entities.size();
    }

    /// What is said of an entity.
    ///
    /// @param index its place in the question
    public Entity entity(int index) {
        List<Found> found = vectors.of(index);
        List<FeatureValue> values = new ArrayList<>(features.size());
        for (int feature = 0; feature < features.size(); feature++) {
            values.add(value(feature, found.get(vectors.source(feature))));
        }
        return new Entity(
                entities.get(index),
                FoundVectors.status(found),
                queryMicros(FoundVectors.oldest(found)),
                values,
                found.stream().map(one -> new OfView(one.status(), queryMicros(one))).toList());
    }

    private FeatureValue value(int feature, Found found) {
        int place = vectors.place(feature);
        return found.status() == EntityStatus.PRESENT && found.vector().has(place)
                ? found.vector().value(place, kinds.get(feature))
                : new FeatureValue.None(found.status());
    }

    private static OptionalLong queryMicros(Found found) {
        return found.status() == EntityStatus.UNKNOWN_ENTITY
                ? OptionalLong.empty()
                : OptionalLong.of(found.queryMicros());
    }
}

package leat.ml.featurestore.online;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import leat.ml.featurestore.online.FoundVectors.Found;

/// What was asked for, value by value, for interfaces that have types.
///
/// @param views those that the features are of
/// @param features their names, in the view's or the set's order
/// @param entities in the order of the question
public record FoundFeatures(List<OnlineView> views, List<String> features, List<Entity> entities) {

    public FoundFeatures {
        views = List.copyOf(views);
        features = List.copyOf(features);
        entities = List.copyOf(entities);
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

    static FoundFeatures of(List<String> names, List<String> entities, FoundVectors vectors) {
        List<Entity> answers = new ArrayList<>(entities.size());
        for (int i = 0; i < entities.size(); i++) {
            List<Found> found = vectors.of(i);
            List<FeatureValue> values = new ArrayList<>(names.size());
            for (int feature = 0; feature < names.size(); feature++) {
                values.add(value(vectors, feature, found.get(vectors.source(feature))));
            }
            answers.add(
                    new Entity(
                            entities.get(i),
                            FoundVectors.status(found),
                            queryMicros(FoundVectors.oldest(found)),
                            values,
                            found.stream()
                                    .map(one -> new OfView(one.status(), queryMicros(one)))
                                    .toList()));
        }
        return new FoundFeatures(
                vectors.sources().stream().map(FoundVectors.Source::view).toList(), names, answers);
    }

    private static FeatureValue value(FoundVectors vectors, int feature, Found found) {
        int place = vectors.place(feature);
        if (found.status() != EntityStatus.PRESENT || !found.vector().has(place)) {
            return new FeatureValue.None(found.status());
        }
        OnlineView view = vectors.sources().get(vectors.source(feature)).view();
        return found.vector().value(place, view.features().get(place - Members.FEATURES).kind());
    }

    private static OptionalLong queryMicros(Found found) {
        return found.status() == EntityStatus.UNKNOWN_ENTITY
                ? OptionalLong.empty()
                : OptionalLong.of(found.queryMicros());
    }
}

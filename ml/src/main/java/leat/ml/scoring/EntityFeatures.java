package leat.ml.scoring;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.model.ModelVersion;
import leat.ml.featurestore.online.FeatureQueries;
import leat.ml.featurestore.online.FoundFeatures;

/// What a version takes of entities, as its tags say it.
///
/// @param source a view, `NAME.vN`, or a set
/// @param names of the features in the version's order; none means all of the view or set
/// @param nanForMissing whether a number that is missing is NaN; else there is no prediction
record EntityFeatures(Source source, List<String> names, boolean nanForMissing) {

    EntityFeatures {
        names = List.copyOf(names);
    }

    /// Where the features are.
    sealed interface Source {
        String name();

        /// A feature view.
        record View(String name) implements Source {}

        /// A feature set.
        record FeatureSet(String name) implements Source {}
    }

    /// Reads a version's tags; empty where they name neither a view nor a set.
    static Optional<EntityFeatures> of(Map<String, String> tags) {
        Optional<Source> set = tag(tags, ModelVersion.FEATURE_SET_TAG).map(Source.FeatureSet::new);
        return set.or(() -> tag(tags, ModelVersion.VIEW_TAG).map(Source.View::new))
                .map(source ->
                        new EntityFeatures(
                                source,
                                ModelVersion.features(tags),
                                tag(tags, ModelVersion.MISSING_TAG)
                                        .filter(ModelVersion.NAN::equals)
                                        .isPresent()));
    }

    private static Optional<String> tag(Map<String, String> tags, String key) {
        return Optional.ofNullable(tags.get(key)).filter(value -> !value.isBlank());
    }

    /// What the features are of, `car`.
    String entity(FeatureQueries queries) {
        return switch (source) {
            case Source.View(String view) -> queries.entityOfView(view);
            case Source.FeatureSet(String set) -> queries.entityOfSet(set);
        };
    }

    /// The features of entities, in the view's or the set's order.
    ///
    /// @param by the name of who asks
    FoundFeatures find(FeatureQueries queries, List<String> entities, String by) {
        return switch (source) {
            case Source.View(String view) ->
                    queries.find(new FeatureQueries.Question(view, entities, names, by));
            case Source.FeatureSet(String set) ->
                    queries.find(new FeatureQueries.SetQuestion(set, entities, names, by));
        };
    }
}

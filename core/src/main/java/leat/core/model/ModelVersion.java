package leat.core.model;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// A version of a registered model.
///
/// @param aliases that point to it at the moment
public record ModelVersion(
        String modelName,
        VersionInfo info,
        SortedMap<String, String> tags,
        SortedSet<String> aliases) {

    /// The tag that says what became of a version's gates, [#PASSED] or [#FAILED].
    public static final String GATES_TAG = "leat.gates";

    /// It is good enough.
    public static final String PASSED = "passed";

    /// It is not.
    public static final String FAILED = "failed";

    /// The tag with the name of the training that made a version, or a run.
    public static final String TRAINING_TAG = "leat.training";

    /// The tag of the fingerprint of that training's definition.
    public static final String DEFINITION_TAG = "leat.definition";

    /// The tag of the commit of the workspace that a version was trained of.
    public static final String COMMIT_TAG = "mlflow.source.git.commit";

    /// The tag of the digest of the rows that a version has learned from.
    public static final String DATASET_TAG = "leat.dataset";

    /// The tag of the query time of the newest of these rows.
    public static final String TO_TAG = "leat.to";

    /// The tag of the seed that a version was trained with.
    public static final String SEED_TAG = "leat.seed";

    /// The tag that says what became of each gate, for people.
    public static final String GATE_RESULTS_TAG = "leat.gate-results";

    /// The tag that says which of a version's outputs is the score.
    public static final String SCORE_TAG = "leat.score";

    /// The tag whose value is the URI of the profile of the features that a version has learned
    /// from.
    public static final String PROFILE_TAG = "leat.profile";

    /// The tag whose value is the URI of the profile of what a version says of rows that it has not
    /// learned from.
    public static final String SCORE_PROFILE_TAG = "leat.score-profile";

    /// The tag that says whose vectors a version takes, a feature view as `NAME.vN`.
    public static final String VIEW_TAG = "leat.view";

    /// The tag of the fingerprint of that view's definition.
    public static final String VIEW_FINGERPRINT_TAG = "leat.view-fingerprint";

    /// The tag that says which feature set a version takes; it counts before [#VIEW_TAG].
    public static final String FEATURE_SET_TAG = "leat.feature-set";

    /// The tag that says which features of its view or set a version takes, in its order, with
    /// commas between them.
    public static final String FEATURES_TAG = "leat.features";

    /// The tag that says what a version is given for a number that is missing: [#NAN], else there
    /// is no prediction.
    public static final String MISSING_TAG = "leat.missing";

    /// A missing number is NaN.
    public static final String NAN = "nan";

    /// The tag that says whether rows of several requests are given to a version in one run:
    /// [#NEVER] where what it says of a row depends on the rows beside it.
    public static final String JOINED_RUNS_TAG = "leat.joined-runs";

    /// Each request has a run of its own.
    public static final String NEVER = "never";

    /// The tag of a version of weights alone: the number of the version of the same model whose
    /// graph they are for.
    public static final String BASE_TAG = "leat.base";

    /// The tag of a version of weights alone that says which file they were checked against: the
    /// SHA-256 of the base's ONNX file.
    public static final String BASE_SHA256_TAG = "leat.base-sha256";

    /// The tags that say which rows, definition and seed a version comes from: two that have the
    /// same are the same training.
    public static final List<String> ORIGIN_TAGS =
            List.of(DATASET_TAG, VIEW_FINGERPRINT_TAG, DEFINITION_TAG, SEED_TAG);

    /// What new weights have in common with their base: what goes in, what comes out, and what both
    /// are compared with while they are watched. Not what became of the base's gates.
    static final List<String> TAGS_OF_BASE =
            List.of(
                    VIEW_TAG,
                    VIEW_FINGERPRINT_TAG,
                    FEATURE_SET_TAG,
                    FEATURES_TAG,
                    MISSING_TAG,
                    JOINED_RUNS_TAG,
                    SCORE_TAG,
                    PROFILE_TAG,
                    SCORE_PROFILE_TAG);

    public ModelVersion {
        tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
        aliases = Collections.unmodifiableSortedSet(new TreeSet<>(aliases));
    }

    /// Whether it was trained and is not good enough to be served.
    public boolean hasFailedGates() {
        return FAILED.equals(tags.get(GATES_TAG));
    }

    /// The view whose vectors it takes, `NAME.vN`; empty where it takes a feature set, or does not
    /// say.
    public Optional<String> view() {
        return set().isPresent() ? Optional.empty() : tag(VIEW_TAG);
    }

    /// The feature set that it takes.
    public Optional<String> set() {
        return tag(FEATURE_SET_TAG);
    }

    private Optional<String> tag(String key) {
        return Optional.ofNullable(tags.get(key)).filter(value -> !value.isBlank());
    }

    /// The features that it takes, in its order; nothing where it does not say.
    public List<String> features() {
        return features(tags);
    }

    /// The features that a version with such tags takes.
    public static List<String> features(Map<String, String> tags) {
        return Stream.of(tags.getOrDefault(FEATURES_TAG, "").split(",", -1))
                .map(String::strip)
                .filter(feature -> !feature.isEmpty())
                .toList();
    }

    /// The number of the version whose graph its weights are for; empty for a whole model.
    ///
    /// @throws IllegalStateException when the tag is no number, which the registry does not take
    public OptionalInt base() {
        String base = tags.get(BASE_TAG);
        if (base == null) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(Integer.parseInt(base));
        } catch (NumberFormatException e) {
            throw new IllegalStateException(BASE_TAG + " of " + reference() + " is " + base, e);
        }
    }

    /// `NAME/3`
    public String reference() {
        return modelName + "/" + info.number();
    }
}

package leat.core.model;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

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

    /// The tag whose value is the URI of the profile of the features that a version has learned
    /// from.
    public static final String PROFILE_TAG = "leat.profile";

    /// The tag whose value is the URI of the profile of what a version says of rows that it has not
    /// learned from.
    public static final String SCORE_PROFILE_TAG = "leat.score-profile";

    /// The tag that says whose vectors a version takes, a feature view as `NAME.vN`.
    public static final String VIEW_TAG = "leat.view";

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

    public ModelVersion {
        tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
        aliases = Collections.unmodifiableSortedSet(new TreeSet<>(aliases));
    }

    /// Whether it was trained and is not good enough to be served.
    public boolean hasFailedGates() {
        return FAILED.equals(tags.get(GATES_TAG));
    }

    /// `NAME/3`
    public String reference() {
        return modelName + "/" + info.number();
    }
}

package leat.core.model;

import leat.core.tracking.TrackingRefused;

/// How much there may be: of one request as in MLflow, of all together as in one process's memory.
public final class ModelLimits {

    public static final int NAME_CHARACTERS = 256;
    public static final int DESCRIPTION_CHARACTERS = 5_000;
    public static final int URI_CHARACTERS = 2_048;
    public static final int TAG_CHARACTERS = 100_000;
    public static final int PARAM_CHARACTERS = 6_000;
    public static final int ALIAS_CHARACTERS = 255;

    /// Deleted ones included, since their names keep their numbers.
    public static final int MODELS = 10_000;

    /// Of one model.
    public static final int VERSIONS = 10_000;

    /// Of one model.
    public static final int ALIASES = 1_000;

    /// Of one alias; older ones are forgotten.
    public static final int MOVES = 32;

    /// Why an alias was moved.
    public static final int BECAUSE_CHARACTERS = 500;

    /// Files of one version in an object store.
    public static final int STORED_FILES = 1_000;

    /// Their paths and ETags together, which are one record.
    public static final int STORED_CHARACTERS = 200_000;

    /// Deleted ones included.
    public static final int LOGGED_MODELS = 100_000;

    /// Tags of a model, of a version, of a logged model, and parameters of one.
    public static final int KEYS = 1_000;

    /// Logged models that one run has used and made.
    public static final int RUN_MODELS = 1_000;

    /// Answers of one page of registered models where the request names no number.
    public static final int MODELS_PAGE_DEFAULT = 100;

    /// Answers of one page of registered or logged models.
    public static final int MODELS_PAGE = 1_000;

    /// Answers of one page of versions where the request names no number.
    public static final int VERSIONS_PAGE_DEFAULT = 10_000;

    /// Answers of one page of versions.
    public static final int VERSIONS_PAGE = 200_000;

    private ModelLimits() {}

    static void withinLimit(String what, long count, int limit) {
        if (count > limit) {
            throw TrackingRefused.invalid(
                    what + " would be " + count + ", and may be " + limit + " at most");
        }
    }
}

package leat.core.tracking;

/// How much there may be: of one request as in MLflow, of all together as in one process's memory.
public final class TrackingLimits {

    /// Metrics of one batch, and metrics, parameters and tags of it together.
    public static final int BATCH = 1_000;

    /// Parameters of one batch, and tags of it.
    public static final int BATCH_PARAMS = 100;

    public static final int BATCH_BYTES = 1_000_000;

    public static final int KEY_CHARACTERS = 250;
    public static final int PARAM_CHARACTERS = 6_000;
    public static final int TAG_CHARACTERS = 8_000;
    public static final int EXPERIMENT_NAME_CHARACTERS = 500;
    public static final int EXPERIMENT_TAG_CHARACTERS = 5_000;
    public static final int ARTIFACT_LOCATION_CHARACTERS = 2_048;

    public static final int EXPERIMENTS = 10_000;
    public static final int EXPERIMENT_TAGS = 1_000;
    public static final int RUNS = 100_000;

    /// Parameters, tags and metrics of one run, each.
    public static final int RUN_KEYS = 10_000;

    /// Metrics of one logged model, one that was measured on several datasets as often.
    public static final int MODEL_METRICS = 10_000;

    /// Datasets of one run.
    public static final int RUN_DATASETS = 1_000;

    /// All that the datasets of one run say of themselves, schemas and profiles included.
    public static final int RUN_DATASET_CHARACTERS = 4_000_000;

    public static final int DATASET_NAME_CHARACTERS = 500;
    public static final int DATASET_DIGEST_CHARACTERS = 36;
    public static final int DATASET_SOURCE_TYPE_CHARACTERS = 36;
    public static final int DATASET_SOURCE_CHARACTERS = 65_535;

    /// Tags of one dataset of a run.
    public static final int DATASET_TAGS = 100;

    public static final int DATASET_TAG_KEY_CHARACTERS = 255;
    public static final int DATASET_TAG_CHARACTERS = 500;

    /// Points of one metric of a run, repetitions included.
    public static final int POINTS = 1_000_000;

    /// Answers of one page of a search.
    public static final int PAGE = 50_000;

    /// Answers of one page where the request names no number.
    public static final int PAGE_DEFAULT = 1_000;

    /// A page of a search that has more ends before the number that was asked for.
    public static final int PAGE_CHARACTERS = 16 << 20;

    /// Points of one page of a history.
    public static final int HISTORY_PAGE = 25_000;

    private TrackingLimits() {}

    static void withinLimit(String what, long count, int limit) {
        if (count > limit) {
            throw TrackingRefused.invalid(
                    what + " would be " + count + ", and may be " + limit + " at most");
        }
    }
}

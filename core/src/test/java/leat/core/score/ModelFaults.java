package leat.core.score;

import java.util.List;

/// What can be wrong with how a model was developed.
final class ModelFaults {

    private ModelFaults() {}

    static List<Fault> all() {
        return List.of(
                Fault.of(
                        ScoreTest.REVIEW,
                        "a version of another definition",
                        "failure/2 was trained by another definition than failure.yaml has",
                        model -> model.tags.put("leat.definition", "other")),
                Fault.of(
                        ScoreTest.ONLINE_METRICS,
                        "precision that production does not have",
                        "precision 0.300, 0.880 in training",
                        model -> model.quality = List.of(SoundModel.online("failure/2", 0.3, 0.9))),
                Fault.ofMetric(
                        ScoreTest.HYPERPARAMETERS,
                        "a sweep that tells nothing apart",
                        "all 2 candidates of run r2 have average precision 0.9200",
                        "sweep/1/average_precision",
                        0.92),
                Fault.ofMetric(
                        ScoreTest.STALENESS,
                        "a model that goes bad in two days",
                        "2 d older data: f1 0.500 instead of 0.890 on the newest 900 rows",
                        "previous/f1",
                        0.5),
                Fault.ofMetric(
                        ScoreTest.SIMPLER_MODEL,
                        "a model that is not better than the baseline",
                        "f1 0.9000, baseline 0.9100",
                        "baseline/f1",
                        0.91),
                Fault.ofMetric(
                        ScoreTest.SLICES,
                        "a worse slice",
                        "of slices: load/quarter 1 0.300",
                        "by_load/quarter 1/f1",
                        0.3),
                Fault.ofMetric(
                        ScoreTest.INCLUSION,
                        "a group whose failures are not found",
                        "recall by load 0.450",
                        "by_load/quarter 1/recall",
                        0.5));
    }
}

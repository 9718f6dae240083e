package leat.core.score;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import leat.core.score.SoundModel.Place;

/// What can be wrong with features and data.
final class DataFaults {

    private DataFaults() {}

    static List<Fault> all() {
        return List.of(
                Fault.of(
                        ScoreTest.FEATURE_EXPECTATIONS,
                        "a feature without bounds",
                        "1 feature of 2: nothing is said of heat_mean_1h",
                        model ->
                                model.plant(
                                        "      heat_mean_1h: {min: 0, max: 200}\n",
                                        "",
                                        Place.MODEL)),
                Fault.of(
                        ScoreTest.FEATURE_EXPECTATIONS,
                        "a run that its data stopped",
                        "run r3 was stopped: the data are not as they should be: heat is 9",
                        SoundModel::stopRun),
                Fault.of(
                        ScoreTest.FEATURE_EXPECTATIONS,
                        "a version that learned from a skewed feature",
                        "beyond the bounds: load is ",
                        model -> model.learnedFrom(0, 300)),
                Fault.of(
                        ScoreTest.FEATURE_BENEFIT,
                        "a constant feature",
                        "dead features: load is always 5.0",
                        model -> model.learnedFrom(5, 5)),
                Fault.of(
                        ScoreTest.FEATURE_BENEFIT,
                        "a feature that is never there",
                        "dead features: load is never there",
                        model -> model.learnedFrom(Double.NaN, 1)),
                Fault.ofMetric(
                        ScoreTest.FEATURE_BENEFIT,
                        "a feature that the model does not look at",
                        "heat_mean_1h moves no score",
                        "effect/heat_mean_1h",
                        0),
                Fault.ofMetric(
                        ScoreTest.FEATURE_BENEFIT,
                        "a feature that does harm",
                        "load makes it worse (-0.050)",
                        "importance/load",
                        -0.05),
                Fault.of(
                        ScoreTest.FEATURE_COST,
                        "a window of very many hops",
                        "heat_mean_40d keeps 57,600 tiles",
                        model -> {
                            model.plant("windows: 1h", "windows: 40d", Place.VIEW);
                            model.plant("heat_mean_1h", "heat_mean_40d", Place.MODEL);
                            model.tags.put("leat.features", "load,heat_mean_40d");
                        }),
                Fault.of(
                        ScoreTest.FEATURE_COST,
                        "vectors that come late",
                        "came within 42 s, to id/0@2001, 10 s is allowed",
                        model -> model.delayMillis = OptionalLong.of(42_000)),
                Fault.of(
                        ScoreTest.FEATURE_RULES,
                        "a view without an owner",
                        "the view state.v1 has no owner",
                        model -> model.plant("owner: plant\n", "", Place.VIEW)),
                Fault.of(
                        ScoreTest.FEATURE_RULES,
                        "a feature that no view has",
                        "pressure is in no view of the workspace",
                        model -> model.tags.put("leat.features", "load,pressure")),
                Fault.of(
                        ScoreTest.FEATURE_RULES,
                        "a contract that is no more to be used",
                        "the contract machine.v1 is deprecated",
                        model ->
                                model.plant(
                                        "status: active", "status: deprecated", Place.CONTRACT)),
                Fault.of(
                        ScoreTest.FEATURE_RULES,
                        "a contract that is not registered",
                        "the contract machine.v1 is not registered",
                        model -> model.registered = ""),
                Fault.of(
                        ScoreTest.PRIVACY,
                        "a feature made of what is to be kept",
                        "load is made of load, restricted",
                        model ->
                                model.plant(
                                        "classification: internal",
                                        "classification: restricted",
                                        Place.CONTRACT)),
                Fault.of(
                        ScoreTest.PRIVACY,
                        "an entity in plain text",
                        "vectors name machine, confidential",
                        model ->
                                model.plant(
                                        """
                                          - property: leat.enrich
                                            value:
                                              - {protect: {classification: confidential}, action: hash}
                                        """,
                                        "",
                                        Place.CONTRACT)),
                Fault.of(
                        ScoreTest.NEW_FEATURES,
                        "features that waited for months",
                        "from the first vector of state.v1 to version 1 that answers with it: 92 d",
                        model ->
                                model.viewSince =
                                        Optional.of(SoundModel.NOW.minus(Duration.ofDays(100)))),
                Fault.of(
                        ScoreTest.FEATURE_CODE,
                        "vectors that a replay does not give",
                        "differs in 3 of 10,000 vectors, first at id/0@5",
                        model ->
                                model.replay =
                                        new Evidence.Replay(
                                                "state.v1", 10_000, 10_000, 3, "id/0@5")));
    }
}

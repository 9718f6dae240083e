package leat.core.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import leat.core.model.AliasMove;
import leat.core.score.SoundModel.Place;
import leat.core.tracking.RunStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each automated test of the score fails when what it is about is broken.
final class PlantedFaultsTest {

    /// @param says what the evidence of the failure has
    record Fault(String name, ScoreTest test, String says, Consumer<SoundModel> plant) {
        @Override
        public String toString() {
            return test.word() + ": " + name;
        }
    }

    private static Fault fault(
            ScoreTest test, String name, String says, Consumer<SoundModel> plant) {
        return new Fault(name, test, says, plant);
    }

    private static Fault metric(
            ScoreTest test, String name, String says, String key, double value) {
        return fault(test, name, says, model -> model.metrics.put(key, value));
    }

    static List<Fault> faults() {
        return Stream.of(data(), model(), infrastructure(), monitoring())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Fault> data() {
        return List.of(
                fault(
                        ScoreTest.FEATURE_EXPECTATIONS,
                        "a feature without bounds",
                        "1 feature of 2: nothing is said of heat_mean_1h",
                        model ->
                                model.plant(
                                        "      heat_mean_1h: {min: 0, max: 200}\n",
                                        "",
                                        Place.MODEL)),
                fault(
                        ScoreTest.FEATURE_EXPECTATIONS,
                        "a run that its data stopped",
                        "run r3 was stopped: the data are not as they should be: heat is 9",
                        SoundModelFaults::stopped),
                fault(
                        ScoreTest.FEATURE_EXPECTATIONS,
                        "a version that learned from a skewed feature",
                        "beyond the bounds: load is ",
                        model -> model.learnedFrom(0, 300)),
                fault(
                        ScoreTest.FEATURE_BENEFIT,
                        "a constant feature",
                        "dead features: load is always 5.0",
                        model -> model.learnedFrom(5, 5)),
                fault(
                        ScoreTest.FEATURE_BENEFIT,
                        "a feature that is never there",
                        "dead features: load is never there",
                        model -> model.learnedFrom(Double.NaN, 1)),
                metric(
                        ScoreTest.FEATURE_BENEFIT,
                        "a feature that the model does not look at",
                        "heat_mean_1h moves no score",
                        "effect/heat_mean_1h",
                        0),
                metric(
                        ScoreTest.FEATURE_BENEFIT,
                        "a feature that does harm",
                        "load makes it worse (-0.050)",
                        "importance/load",
                        -0.05),
                fault(
                        ScoreTest.FEATURE_COST,
                        "a window of very many hops",
                        "heat_mean_40d keeps 57,600 tiles",
                        model -> {
                            model.plant("windows: 1h", "windows: 40d", Place.VIEW);
                            model.plant("heat_mean_1h", "heat_mean_40d", Place.MODEL);
                            model.tags.put("leat.features", "load,heat_mean_40d");
                        }),
                fault(
                        ScoreTest.FEATURE_COST,
                        "vectors that come late",
                        "came within 42 s, to id/0@2001, 10 s is allowed",
                        model -> model.delayMillis = OptionalLong.of(42_000)),
                fault(
                        ScoreTest.FEATURE_RULES,
                        "a view without an owner",
                        "the view state.v1 has no owner",
                        model -> model.plant("owner: plant\n", "", Place.VIEW)),
                fault(
                        ScoreTest.FEATURE_RULES,
                        "a feature that no view has",
                        "pressure is in no view of the workspace",
                        model -> model.tags.put("leat.features", "load,pressure")),
                fault(
                        ScoreTest.FEATURE_RULES,
                        "a contract that is no more to be used",
                        "the contract machine.v1 is deprecated",
                        model ->
                                model.plant(
                                        "status: active", "status: deprecated", Place.CONTRACT)),
                fault(
                        ScoreTest.FEATURE_RULES,
                        "a contract that is not registered",
                        "the contract machine.v1 is not registered",
                        model -> model.registered = ""),
                fault(
                        ScoreTest.PRIVACY,
                        "a feature made of what is to be kept",
                        "load is made of load, restricted",
                        model ->
                                model.plant(
                                        "classification: internal",
                                        "classification: restricted",
                                        Place.CONTRACT)),
                fault(
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
                fault(
                        ScoreTest.NEW_FEATURES,
                        "features that waited for months",
                        "from the first vector of state.v1 to version 1 that answers with it: 92 d",
                        model ->
                                model.viewSince =
                                        Optional.of(SoundModel.NOW.minus(Duration.ofDays(100)))),
                fault(
                        ScoreTest.FEATURE_CODE,
                        "vectors that a replay does not give",
                        "differs in 3 of 10,000 vectors, first at id/0@5",
                        model ->
                                model.replay =
                                        new Evidence.Replay(
                                                "state.v1", 10_000, 10_000, 3, "id/0@5")));
    }

    private static List<Fault> model() {
        return List.of(
                fault(
                        ScoreTest.REVIEW,
                        "a version of another definition",
                        "failure/2 was trained by another definition than failure.yaml has",
                        model -> model.tags.put("leat.definition", "other")),
                fault(
                        ScoreTest.ONLINE_METRICS,
                        "precision that production does not have",
                        "precision 0.300, 0.880 in training",
                        model -> model.quality = List.of(SoundModel.online("failure/2", 0.3, 0.9))),
                metric(
                        ScoreTest.HYPERPARAMETERS,
                        "a sweep that tells nothing apart",
                        "all 2 candidates of run r2 have average precision 0.9200",
                        "sweep/1/average_precision",
                        0.92),
                metric(
                        ScoreTest.STALENESS,
                        "a model that goes bad in two days",
                        "2 d older data: f1 0.500 instead of 0.890 on the newest 900 rows",
                        "previous/f1",
                        0.5),
                metric(
                        ScoreTest.SIMPLER_MODEL,
                        "a model that is not better than the baseline",
                        "f1 0.9000, baseline 0.9100",
                        "baseline/f1",
                        0.91),
                metric(
                        ScoreTest.SLICES,
                        "a worse slice",
                        "of slices: load/quarter 1 0.300",
                        "by_load/quarter 1/f1",
                        0.3),
                metric(
                        ScoreTest.INCLUSION,
                        "a group whose failures are not found",
                        "recall by load 0.450",
                        "by_load/quarter 1/recall",
                        0.5));
    }

    private static List<Fault> infrastructure() {
        return List.of(
                fault(
                        ScoreTest.REPRODUCIBLE,
                        "other bytes of the same rows and seed",
                        "failure/2 and failure/3 have the same rows, definition and seed, and other",
                        model ->
                                model.fileOfThird =
                                        Optional.of(new Version.File(100_000, "c".repeat(64)))),
                metric(
                        ScoreTest.SPECIFICATION,
                        "an exported model that computes something else",
                        "differs by 0.20 from the one that was learned",
                        "export/largest_difference",
                        0.2),
                metric(
                        ScoreTest.SPECIFICATION,
                        "NaN of the exported model",
                        "differs by NaN",
                        "export/largest_difference",
                        Double.NaN),
                metric(
                        ScoreTest.SPECIFICATION,
                        "a model that has learned nothing",
                        "has learned nothing: average precision 0.0900 on its own rows",
                        "training/average_precision",
                        0.09),
                fault(
                        ScoreTest.PIPELINE,
                        "predictions without values",
                        "900 of the newest 1,800 predictions of failure/2 have no values",
                        model ->
                                model.predictions =
                                        new SeenPredictions(2_000, 1_800, 900, 0, "id/0@2000")),
                fault(
                        ScoreTest.GATES,
                        "a version that has not passed answers",
                        "failure/2 has not passed its gates: f1 at-least 0.8",
                        model -> model.tags.put("leat.gates", "failed")),
                fault(
                        ScoreTest.GATES,
                        "a gate that was overruled",
                        "what spoke against version 2 was overruled: its gates failed",
                        model ->
                                model.moves.addFirst(
                                        new AliasMove(
                                                "",
                                                AliasMove.Kind.ON,
                                                2,
                                                SoundModel.NOW.toEpochMilli(),
                                                "its gates failed",
                                                "hurry"))),
                fault(
                        ScoreTest.EXPLANATION,
                        "a prediction that cannot be explained",
                        "id/0@2000 cannot be explained: the vector is gone",
                        model ->
                                model.explained =
                                        new Evidence.Explained(
                                                "id/0@2000", 0, "the vector is gone")),
                fault(
                        ScoreTest.CANARY,
                        "a version that was not tried before it answered",
                        "failure/2 answers from AAAAAAAAAAAAAAAAAAAAAA/0@1000 on and was not tried",
                        model -> model.terms.remove(1)),
                fault(
                        ScoreTest.ROLLBACK,
                        "a rollback that no prediction followed",
                        "was rolled back to version 1 at 2026-11-27T16:00:00Z, and no prediction",
                        model -> model.terms.remove(3)),
                fault(
                        ScoreTest.ROLLBACK,
                        "a slow rollback",
                        "its first prediction came 4 min later",
                        model ->
                                model.terms.set(
                                        3,
                                        SoundModel.term(
                                                1_100,
                                                1,
                                                0,
                                                Duration.ofHours(20).minusMinutes(4)))),
                fault(
                        ScoreTest.ROLLBACK,
                        "a way back to a version whose files are gone",
                        "@champion leads back to version 1, whose model is not in the log",
                        model -> model.fileOfFirst = Optional.empty()));
    }

    private static List<Fault> monitoring() {
        return List.of(
                fault(
                        ScoreTest.DEPENDENCIES,
                        "a contract that has changed upstream",
                        "machine.v1 is registered in version 1.3.0, the workspace has 1.2.0",
                        model -> model.registered = "1.3.0"),
                fault(
                        ScoreTest.INVARIANTS,
                        "a skewed feature in serving",
                        "of the newest 2000 vectors, to id/0@2001: load is -",
                        model -> model.serves(-50, 50)),
                fault(
                        ScoreTest.INVARIANTS,
                        "a feature that serving lacks",
                        "load is missing in 100.0%",
                        model -> model.serves(Double.NaN, 1)),
                fault(
                        ScoreTest.INVARIANTS,
                        "an expectation's alert",
                        "the monitor says: state.v1:load-range since ",
                        model -> model.alerts = List.of(alert("state.v1", "load-range"))),
                fault(
                        ScoreTest.INVARIANTS,
                        "a run that its data stopped",
                        "run r3 was stopped",
                        SoundModelFaults::stopped),
                fault(
                        ScoreTest.AGREEMENT,
                        "a prediction that is another one when it is made again",
                        "2 of 500 predictions are other ones when they are made again, first id/0@7",
                        model -> model.recomputed = new Evidence.Recomputed(500, 2, "id/0@7")),
                fault(
                        ScoreTest.AGREEMENT,
                        "a feature that has drifted",
                        "are not like the training of failure/2: load by psi ",
                        model -> model.serves(70, 100)),
                fault(
                        ScoreTest.AGREEMENT,
                        "an alert of drift",
                        "the monitor says: failure.v1:feature-drift",
                        model -> model.alerts = List.of(alert("failure.v1", "feature-drift"))),
                fault(
                        ScoreTest.AGREEMENT,
                        "a window that has drifted",
                        "feature-drift in the window of 2026-11-28T11:00:00Z: load",
                        model ->
                                model.verdicts =
                                        List.of(
                                                new Evidence.WindowVerdict(
                                                        "feature-drift",
                                                        "2026-11-28T11:00:00Z",
                                                        false,
                                                        "load"))),
                fault(
                        ScoreTest.AGE,
                        "a stale model",
                        "failure/2 is 45 d old, its newest row of 2026-11-27T00:00:00Z; 30 d is",
                        model -> model.created = SoundModel.NOW.minus(Duration.ofDays(45))),
                fault(
                        ScoreTest.AGE,
                        "an alert of age",
                        "failure.v1:age",
                        model -> model.alerts = List.of(alert("failure.v1", "age"))),
                metric(
                        ScoreTest.NUMBERS,
                        "NaN in a run",
                        "log_loss of the run is NaN",
                        "log_loss",
                        Double.NaN),
                fault(
                        ScoreTest.NUMBERS,
                        "a model that gives NaN",
                        "3 of 1,800 predictions have no finite number",
                        model ->
                                model.predictions =
                                        new SeenPredictions(2_000, 1_800, 3, 3, "id/0@2000")),
                fault(
                        ScoreTest.NUMBERS,
                        "an infinite feature",
                        "load is infinite in 2,000 rows of the newest vectors",
                        model -> model.serves(1, Double.POSITIVE_INFINITY)),
                metric(
                        ScoreTest.SPEED,
                        "a slower model",
                        "failure/2 takes 9.00 µs a row, failure/1 took 3.00",
                        "speed/micros_per_row",
                        9),
                fault(
                        ScoreTest.SPEED,
                        "a larger model",
                        "it has 9,000,000 bytes, before 90,000",
                        model ->
                                model.file =
                                        Optional.of(new Version.File(9_000_000, "a".repeat(64)))),
                fault(
                        ScoreTest.QUALITY,
                        "worse predictions than those of the version before",
                        "recall 0.600, 0.870 of failure/1",
                        model ->
                                model.quality =
                                        List.of(
                                                SoundModel.online("failure/2", 0.86, 0.6),
                                                SoundModel.online("failure/1", 0.85, 0.87))),
                fault(
                        ScoreTest.QUALITY,
                        "worse on newer rows, where there are no labels later",
                        "f1 0.890, 0.950 of the version before",
                        model -> {
                            model.quality = List.of();
                            model.metrics.put("previous/f1", 0.95);
                        }),
                fault(
                        ScoreTest.QUALITY,
                        "an alert of recall",
                        "failure.v1:recall",
                        model -> model.alerts = List.of(alert("failure.v1", "recall"))));
    }

    private static Evidence.OpenAlert alert(String of, String rule) {
        return new Evidence.OpenAlert(of + ":" + rule, of, rule, "2026-11-28T11:00:00Z");
    }

    /// Faults that are planted more than once.
    private static final class SoundModelFaults {
        private SoundModelFaults() {}

        static void stopped(SoundModel model) {
            model.newestRun = RunStatus.FAILED;
            model.newestRunTags =
                    Map.of("leat.failure", "the data are not as they should be: heat is 9");
        }
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aPlantedFaultFailsItsTest(Fault fault) {
        SoundModel model = new SoundModel();
        fault.plant().accept(model);

        Finding found = Score.of(model.evidence()).finding(fault.test());

        assertThat(found).isInstanceOf(Finding.Failed.class);
        assertThat(found.evidence()).contains(fault.says());
        assertThat(found.remedy()).isNotBlank();
        assertThat(found.points()).isZero();
    }

    @Test
    void aSoundModelPassesAllTests() {
        Score score = Score.of(new SoundModel().evidence());

        assertThat(score.lines())
                .allSatisfy(line ->
                        assertThat(line.finding())
                                .as(line.test().word() + ": " + line.finding())
                                .isInstanceOf(Finding.Passed.class));
        assertThat(score.total()).isEqualTo(7);
    }

    @Test
    void eachTestHasAPlantedFault() {
        assertThat(faults().stream().map(Fault::test).distinct())
                .containsExactlyInAnyOrderElementsOf(Arrays.asList(ScoreTest.values()));
    }

    @Test
    void whatThePlatformContradictsNoAnswerHelps() {
        SoundModel model = new SoundModel();
        model.tags.put("leat.gates", "failed");
        answer(model, "gates", SoundModel.NOW.toString().substring(0, 10));

        assertThat(Score.of(model.evidence()).finding(ScoreTest.GATES))
                .isInstanceOf(Finding.Failed.class);
    }

    @Test
    void anAnswerByHandIsHalfAPointWhereNothingIsKnownForAYear() {
        SoundModel model = new SoundModel();
        model.tags.remove("mlflow.source.git.commit");
        answer(model, "review", "2026-01-10");
        SoundModel old = new SoundModel();
        old.tags.remove("mlflow.source.git.commit");
        answer(old, "review", "2025-11-01");

        Score score = Score.of(model.evidence());

        assertThat(score.finding(ScoreTest.REVIEW).word()).isEqualTo("by hand");
        assertThat(score.finding(ScoreTest.REVIEW).evidence())
                .isEqualTo("read by two (Ann, 2026-01-10, https://wiki.example.org/review)");
        assertThat(score.sum(Section.MODEL)).isEqualTo(6.5);
        assertThat(score.total()).isEqualTo(6.5);
        assertThat(Score.of(old.evidence()).finding(ScoreTest.REVIEW).evidence())
                .endsWith(
                        "the answer of 2025-11-01 does not count: it holds for 365 days from its"
                                + " date");
        assertThat(Score.of(old.evidence()).total()).isEqualTo(6);
        assertThat(LocalDate.parse("2025-11-01").plusDays(Answer.DAYS)).isBefore("2026-11-28");
    }

    private static void answer(SoundModel model, String test, String date) {
        model.plant(
                "  groups: [load]\n",
                """
                  groups: [load]
                  answers:
                    - test: %s
                      done: read by two
                      link: https://wiki.example.org/review
                      by: Ann
                      date: %s
                """
                        .formatted(test, date),
                Place.MODEL);
    }

    @Test
    void withoutAnythingNothingIsClaimed() {
        Evidence nothing =
                new Evidence(
                        SoundModel.NOW,
                        ScoreRules.DEFAULT,
                        new Evidence.Defined(
                                Optional.empty(), Optional.empty(), Map.of(), Optional.empty()),
                        new Evidence.Registered(
                                Optional.empty(), List.of(), Optional.empty(), Optional.empty()),
                        new Evidence.Served(List.of(), Optional.empty(), Optional.empty()),
                        Evidence.Tried.NOTHING,
                        Evidence.Watched.NOTHING);

        Score score = Score.of(nothing);

        assertThat(score.lines())
                .allSatisfy(line -> assertThat(line.finding()).isInstanceOf(Finding.Unknown.class));
        assertThat(score.total()).isZero();
    }
}

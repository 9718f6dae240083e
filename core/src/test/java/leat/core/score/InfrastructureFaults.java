package leat.core.score;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import leat.core.model.AliasMove;

/// What can be wrong with how models are made and served.
final class InfrastructureFaults {

    private InfrastructureFaults() {}

    static List<Fault> all() {
        return List.of(
                Fault.of(
                        ScoreTest.REPRODUCIBLE,
                        "other bytes of the same rows and seed",
                        "failure/2 and failure/3 have the same rows, definition and seed, and other",
                        model ->
                                model.fileOfThird =
                                        Optional.of(new Version.File(100_000, "c".repeat(64)))),
                Fault.ofMetric(
                        ScoreTest.SPECIFICATION,
                        "an exported model that computes something else",
                        "differs by 0.20 from the one that was learned",
                        "export/largest_difference",
                        0.2),
                Fault.ofMetric(
                        ScoreTest.SPECIFICATION,
                        "NaN of the exported model",
                        "differs by NaN",
                        "export/largest_difference",
                        Double.NaN),
                Fault.ofMetric(
                        ScoreTest.SPECIFICATION,
                        "a model that has learned nothing",
                        "has learned nothing: average precision 0.0900 on its own rows",
                        "training/average_precision",
                        0.09),
                Fault.of(
                        ScoreTest.PIPELINE,
                        "predictions without values",
                        "900 of the newest 1,800 predictions of failure/2 have no values",
                        model ->
                                model.predictions =
                                        new SeenPredictions(2_000, 1_800, 900, 0, "id/0@2000")),
                Fault.of(
                        ScoreTest.GATES,
                        "a version that has not passed answers",
                        "failure/2 has not passed its gates: f1 at-least 0.8",
                        model -> model.tags.put("leat.gates", "failed")),
                Fault.of(
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
                Fault.of(
                        ScoreTest.EXPLANATION,
                        "a prediction that cannot be explained",
                        "id/0@2000 cannot be explained: the vector is gone",
                        model ->
                                model.explained =
                                        new Evidence.Explained(
                                                "id/0@2000", 0, "the vector is gone")),
                Fault.of(
                        ScoreTest.CANARY,
                        "a version that was not tried before it answered",
                        "failure/2 answers from AAAAAAAAAAAAAAAAAAAAAA/0@1000 on and was not tried",
                        model -> model.terms.remove(1)),
                Fault.of(
                        ScoreTest.ROLLBACK,
                        "a rollback that no prediction followed",
                        "was rolled back to version 1 at 2026-11-27T16:00:00Z, and no prediction",
                        model -> model.terms.remove(3)),
                Fault.of(
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
                Fault.of(
                        ScoreTest.ROLLBACK,
                        "a way back to a version whose files are gone",
                        "@champion leads back to version 1, whose model is not in the log",
                        model -> model.fileOfFirst = Optional.empty()));
    }
}

package leat.core.score;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import leat.core.monitor.Recomputed;

/// What can be wrong with a model while it is used.
final class MonitoringFaults {

    private MonitoringFaults() {}

    static List<Fault> all() {
        return List.of(
                Fault.of(
                        ScoreTest.DEPENDENCIES,
                        "a contract that has changed upstream",
                        "machine.v1 is registered in version 1.3.0, the workspace has 1.2.0",
                        model -> model.registered = "1.3.0"),
                Fault.of(
                        ScoreTest.INVARIANTS,
                        "a skewed feature in serving",
                        "of the newest 2000 vectors, to id/0@2001: load is -",
                        model -> model.serves(-50, 50)),
                Fault.of(
                        ScoreTest.INVARIANTS,
                        "a feature that serving lacks",
                        "load is missing in 100.0%",
                        model -> model.serves(Double.NaN, 1)),
                Fault.of(
                        ScoreTest.INVARIANTS,
                        "an expectation's alert",
                        "the monitor says: state.v1:load-range since ",
                        model -> model.alerts = List.of(alert("state.v1", "load-range"))),
                Fault.of(
                        ScoreTest.INVARIANTS,
                        "a run that its data stopped",
                        "run r3 was stopped",
                        SoundModel::stopRun),
                Fault.of(
                        ScoreTest.AGREEMENT,
                        "a prediction that is another one when it is made again",
                        "2 of 500 predictions are other ones when they are made again, first"
                                + " id/0@7",
                        model -> model.recomputed = new Recomputed(500, 2, "id/0@7", 3)),
                Fault.of(
                        ScoreTest.AGREEMENT,
                        "a feature that has drifted",
                        "are not like the training of failure/2: load by psi ",
                        model -> model.serves(70, 100)),
                Fault.of(
                        ScoreTest.AGREEMENT,
                        "an alert of drift",
                        "the monitor says: failure.v1:feature-drift",
                        model -> model.alerts = List.of(alert("failure.v1", "feature-drift"))),
                Fault.of(
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
                Fault.of(
                        ScoreTest.AGE,
                        "a stale model",
                        "failure/2 is 45 d old, its newest row of 2026-11-27T00:00:00Z; 30 d is",
                        model -> model.created = SoundModel.NOW.minus(Duration.ofDays(45))),
                Fault.of(
                        ScoreTest.AGE,
                        "an alert of age",
                        "failure.v1:age",
                        model -> model.alerts = List.of(alert("failure.v1", "age"))),
                Fault.ofMetric(
                        ScoreTest.NUMBERS,
                        "NaN in a run",
                        "log_loss of the run is NaN",
                        "log_loss",
                        Double.NaN),
                Fault.of(
                        ScoreTest.NUMBERS,
                        "a model that gives NaN",
                        "3 of 1,800 predictions have no finite number",
                        model ->
                                model.predictions =
                                        new SeenPredictions(2_000, 1_800, 3, 3, "id/0@2000")),
                Fault.of(
                        ScoreTest.NUMBERS,
                        "an infinite feature",
                        "load is infinite in 2,000 rows of the newest vectors",
                        model -> model.serves(1, Double.POSITIVE_INFINITY)),
                Fault.ofMetric(
                        ScoreTest.SPEED,
                        "a slower model",
                        "failure/2 takes 9.00 µs a row, failure/1 took 3.00",
                        "speed/micros_per_row",
                        9),
                Fault.of(
                        ScoreTest.SPEED,
                        "a larger model",
                        "it has 9,000,000 bytes, before 90,000",
                        model ->
                                model.file =
                                        Optional.of(new Version.File(9_000_000, "a".repeat(64)))),
                Fault.of(
                        ScoreTest.QUALITY,
                        "worse predictions than those of the version before",
                        "recall 0.600, 0.870 of failure/1",
                        model ->
                                model.quality =
                                        List.of(
                                                SoundModel.online("failure/2", 0.86, 0.6),
                                                SoundModel.online("failure/1", 0.85, 0.87))),
                Fault.of(
                        ScoreTest.QUALITY,
                        "worse on newer rows, where there are no labels later",
                        "f1 0.890, 0.950 of the version before",
                        model -> {
                            model.quality = List.of();
                            model.metrics.put("previous/f1", 0.95);
                        }),
                Fault.of(
                        ScoreTest.QUALITY,
                        "an alert of recall",
                        "failure.v1:recall",
                        model -> model.alerts = List.of(alert("failure.v1", "recall"))));
    }

    private static Evidence.OpenAlert alert(String of, String rule) {
        return new Evidence.OpenAlert(of + ":" + rule, of, rule, "2026-11-28T11:00:00Z");
    }
}

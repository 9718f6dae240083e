package leat.ml.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import leat.core.failpoint.FailPoint;
import leat.core.model.ModelReference;
import leat.core.model.ModelVersion;
import leat.core.monitor.Drift;
import leat.core.monitor.Profile;
import leat.core.monitor.ProfileTally;
import leat.core.scoring.OutputValue;
import leat.core.scoring.Predicted;
import leat.core.scoring.PredictionRequest;
import leat.core.tracking.Run;
import leat.core.tracking.RunStatus;
import leat.core.training.Training;
import leat.ml.online.OnlineModel;
import leat.ml.registry.ArtifactLog;
import leat.ml.registry.ModelsInLog;
import leat.ml.registry.RegistryLog;
import leat.ml.registry.Sources;
import leat.ml.scoring.RegisteredModels;
import leat.ml.tracking.TrackingLog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrainerIT {

    private static final String DATA =
            """
            data: {view: state, label: {when: event.failed == 1}}
            seed: 7
            """;

    @TempDir private static Path folder;
    private static Machines machines;
    private static Trainer trainer;
    private static TrackingLog tracking;
    private static RegistryLog registry;
    private static ModelsInLog models;

    @BeforeAll
    static void open() throws Exception {
        machines = Machines.fresh();
        machines.write(0, 600);
        trainer = machines.trainer(folder);
        tracking = new TrackingLog(machines.log, machines.names, InstantSource.system());
        registry = new RegistryLog(machines.log, machines.names, InstantSource.system());
        models = new ModelsInLog(machines.log, machines.names);
    }

    @AfterAll
    static void close() {
        models.close();
        registry.close();
        tracking.close();
        trainer.close();
        machines.close();
    }

    private static TrainingReport train(Training training) {
        return trainer.train(training, Optional.empty(), TrainingProgress.NONE);
    }

    private static ModelVersion version(String reference) {
        return models.resolve(ModelReference.parse(reference)).version();
    }

    private static Run run(String id) {
        return tracking.read(state -> state.run(id)).orElseThrow();
    }

    private static List<Run> runs(String training) {
        return tracking.read(
                state -> state.runs(List.of(state.experimentNamed(training).orElseThrow().id())));
    }

    @Test
    void aVersionHasAllThatItWasMadeOfAndItsRunHasAllThatItIsWorth() throws Exception {
        Training training =
                Machines.training(
                        "whole",
                        DATA
                                + """
                                baseline: {name: logistic, parameters: {}}
                                slices: [load]
                                gates: [{metric: roc_auc, at-least: 0.9}]
                                alias: candidate
                                """);

        TrainingReport report = train(training);

        assertThat(report.passed()).isTrue();
        assertThat(report.version()).isEqualTo("whole/1");
        assertThat(report.alias()).contains("candidate");
        assertThat(report.trainingRows() + report.testRows()).isGreaterThanOrEqualTo(600);
        assertThat(report.metrics()).containsKeys("f1", "roc_auc", "log_loss");
        ModelVersion version = version("whole@candidate");
        assertThat(version.reference()).isEqualTo("whole/1");
        assertThat(version.info().runId()).isEqualTo(report.run());
        assertThat(version.tags())
                .containsEntry("leat.gates", "passed")
                .containsEntry("leat.view", "state.v1")
                .containsEntry("leat.features", "load,heat")
                .containsEntry("leat.from", "2026-01-01T00:00:00.000001Z")
                .containsKeys("leat.positions", "leat.dataset", "leat.profile");
        try (InputStream onnx = models.open(version, "model.onnx")) {
            assertThat(sha256(onnx.readAllBytes())).isEqualTo(report.onnxSha256());
        }
        Run run = run(report.run());
        assertThat(run.info().status()).isEqualTo(RunStatus.FINISHED);
        assertThat(run.metrics())
                .containsKeys(
                        "f1",
                        "baseline/f1",
                        "training/f1",
                        "by_load/quarter 1/rows",
                        "by_load/quarter 4/f1",
                        "data/rows",
                        "effect/load",
                        "importance/heat",
                        "speed/micros_per_row",
                        "progress")
                .doesNotContainKeys("previous/version", "later/rows");
        assertThat(value(run, "effect/heat")).isGreaterThan(0.01);
        assertThat(value(run, "importance/heat")).isGreaterThan(0.1);
        assertThat(value(run, "export/largest_difference")).isLessThan(1e-5);
        assertThat(value(run, "export/rows")).isEqualTo(report.testRows());
        assertThat(run.params()).containsEntry("dataset", report.dataset());
        assertThat(run.tags()).containsEntry("leat.version", "whole/1");
        Publishing publishing = new Publishing(registry, artifacts(), training);
        Profile profile = publishing.profileBefore().orElseThrow();
        assertThat(profile.features().keySet()).containsExactly("load", "heat");
        assertThat(profile.rows()).isEqualTo(report.trainingRows());
    }

    @Test
    void aScorerSaysOfTheTestRowsWhatTheTrainingDid() throws Exception {
        TrainingReport report =
                train(Machines.training("alike", "xgboost", DATA + "alias: served\n"));
        ModelVersion version = version("alike@served");

        SortedMap<Instant, Double> served =
                ServedScores.of(
                        machines,
                        models,
                        version,
                        Math.toIntExact(report.trainingRows() + report.testRows()));

        Profile then = scoreProfile(version);
        ProfileTally now = new ProfileTally(then);
        served.values().stream()
                .skip(report.trainingRows())
                .forEach(score -> now.add(List.of((float) (double) score)));
        Drift drift = Objects.requireNonNull(Drift.between(then, now.profile()).get("score"));
        assertThat(now.profile().rows()).isEqualTo(report.testRows());
        assertThat(drift.psi()).isLessThan(0.02);
        assertThat(drift.ks().orElseThrow()).isLessThan(0.02);
    }

    private static Profile scoreProfile(ModelVersion version) throws Exception {
        String uri = version.tags().getOrDefault(ModelVersion.SCORE_PROFILE_TAG, "");
        try (ArtifactLog artifacts = artifacts();
                InputStream in =
                        artifacts.open(artifacts.file(Sources.artifactPath(uri)).orElseThrow())) {
            return Profile.parse(in.readAllBytes());
        }
    }

    private static double value(Run run, String metric) {
        return Objects.requireNonNull(run.metrics().get(metric)).metric().value();
    }

    private static ArtifactLog artifacts() {
        return new ArtifactLog(
                machines.log, machines.names, folder.resolve("read"), InstantSource.system());
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @Test
    void theSameRangeGivesTheSameBytesWhateverCameSince() throws Exception {
        Training training = Machines.training("again", DATA);
        TrainingReport first = train(training);
        machines.write(600, 650);

        TrainingReport again =
                trainer.train(training, Optional.of(first.run()), TrainingProgress.NONE);
        TrainingReport more = train(training);

        assertThat(again.dataset()).isEqualTo(first.dataset());
        assertThat(again.onnxSha256()).isEqualTo(first.onnxSha256());
        assertThat(again.metrics()).isEqualTo(first.metrics());
        assertThat(again.version()).isEqualTo("again/2");
        Run repeated = run(again.run());
        assertThat(value(repeated, "previous/version")).isEqualTo(1);
        assertThat(repeated.metrics()).doesNotContainKey("later/rows");
        Run later = run(more.run());
        assertThat(value(later, "previous/version")).isEqualTo(2);
        assertThat(value(later, "later/rows")).isEqualTo(50);
        assertThat(value(later, "previous/hours_behind"))
                .isBetween(50 / 60.0 - 0.01, 50 / 60.0 + 0.01);
        assertThat(later.metrics())
                .containsKeys("later/f1", "previous/f1", "previous/micros_per_row");
        assertThat(more.dataset()).isNotEqualTo(first.dataset());
        assertThat(more.trainingRows()).isGreaterThan(first.trainingRows());
    }

    @Test
    void aVersionThatDoesNotPassIsRegisteredAndNotUsed() {
        train(Machines.training("gated", DATA + "alias: live\n"));

        TrainingReport report =
                train(
                        Machines.training(
                                "gated",
                                DATA
                                        + """
                                        alias: live
                                        gates: [{metric: f1, at-least: 1.5}]
                                        """));

        assertThat(report.passed()).isFalse();
        assertThat(report.alias()).isEmpty();
        assertThat(report.version()).isEqualTo("gated/2");
        assertThat(report.gates().getFirst().missedBy()).isGreaterThanOrEqualTo(0.5);
        assertThat(version("gated@live").reference()).isEqualTo("gated/1");
        assertThat(version("gated/2").tags())
                .containsEntry("leat.gates", "failed")
                .hasEntrySatisfying(
                        "leat.gate-results",
                        text -> assertThat(text).startsWith("f1 at-least 1.5: "));
    }

    @Test
    void dataThatAreNotAsTheyShouldBeAreNotLearnedFrom() {
        Training training =
                Machines.training(
                        "checked",
                        DATA + "checks: {rows: 1000000, features: {heat: {max: 0.5}}}\n");

        TrainingStopped stopped =
                catchThrowableOfType(TrainingStopped.class, () -> train(training));

        assertThat(stopped)
                .hasMessageContaining("rows, at least 1,000,000 are wanted; heat is 0.99")
                .hasMessageContaining(", above 0.5");
        Run run = runs("checked").getFirst();
        assertThat(run.info().status()).isEqualTo(RunStatus.FAILED);
        assertThat(run.tags())
                .hasEntrySatisfying(
                        "leat.failure", text -> assertThat(text).isEqualTo(stopped.getMessage()));
        assertThat(models.versions("checked")).isEmpty();
    }

    @Test
    void dataThatHaveDriftedSinceTheVersionBeforeAreNotLearnedFrom() throws Exception {
        try (Machines moving = Machines.fresh();
                Trainer own = moving.trainer(folder)) {
            Training training = Machines.training("moving", DATA + "checks: {drift: 0.25}\n");
            moving.write(0, 300);
            TrainingReport first = own.train(training, Optional.empty(), TrainingProgress.NONE);
            moving.write(300, 310);
            TrainingReport second = own.train(training, Optional.empty(), TrainingProgress.NONE);
            moving.write(310, 610, 1);

            assertThat(first.version()).isEqualTo("moving/1");
            assertThat(second.version()).isEqualTo("moving/2");
            assertThatThrownBy(() -> own.train(training, Optional.empty(), TrainingProgress.NONE))
                    .isInstanceOf(TrainingStopped.class)
                    .hasMessageMatching(
                            "the data are not as they should be: heat has drifted by [0-9.]+ since"
                                    + " the version before, at most 0.25 is allowed");
        }
    }

    @Test
    void theBestOfASweepIsLearnedAndThresholdsMayBeChosen() {
        TrainingReport report =
                train(
                        Machines.training(
                                "swept",
                                "{name: logistic, sweep: {l2: [1, 1000000]}}",
                                DATA + "threshold: best\n"));

        assertThat(report.parameters()).containsEntry("l2", "1.0");
        assertThat(run(report.run()).metrics())
                .containsKeys("sweep/1/average_precision", "sweep/2/average_precision");
        assertThat(report.metrics().get("f1")).isGreaterThan(0.7);
        assertThat(report.metrics().get("threshold")).isNotEqualTo(0.5);
    }

    @Test
    void whatAFeatureDoesIsMeasuredAlsoWhereItDoesNothing() throws Exception {
        try (Machines dead = Machines.fresh();
                Trainer own = dead.trainer(folder)) {
            for (int i = 0; i < 200; i++) {
                dead.write(
                        i % 7, Machines.START.plusSeconds(60L * i), 5.0, i % 10 / 10.0, i % 10 > 7);
            }

            TrainingReport report =
                    own.train(
                            Machines.training("dead", DATA),
                            Optional.empty(),
                            TrainingProgress.NONE);

            try (TrackingLog runs = new TrackingLog(dead.log, dead.names, InstantSource.system())) {
                Run run = runs.read(state -> state.run(report.run())).orElseThrow();
                assertThat(value(run, "effect/load")).isZero();
                assertThat(value(run, "effect/heat")).isGreaterThan(0.01);
            }
        }
    }

    @Test
    void whatLooksForTheUnusualNeedsNoLabel() {
        TrainingReport report =
                train(
                        Machines.training(
                                "unusual",
                                "k-means",
                                """
                                data: {view: state}
                                gates: [{metric: score_p99, at-most: 10}]
                                """));

        assertThat(report.passed()).isTrue();
        assertThat(report.metrics()).containsKeys("score_mean", "score_p95", "score_p99");
        assertThat(report.metrics()).doesNotContainKey("f1");
    }

    @Test
    void whatLearnsAsItScoresIsRegisteredWithWhatItHasLearnedAndAnswers() throws Exception {
        TrainingReport report =
                train(
                        Machines.training(
                                "learning",
                                "random-cut-forest",
                                """
                                data: {view: state}
                                gates: [{metric: score_mean, at-most: 2}]
                                alias: champion
                                """));

        assertThat(report.passed()).isTrue();
        OnlineModel model;
        try (InputStream file = models.open(version("learning@champion"), OnlineModel.FILE)) {
            model = OnlineModel.read(file.readAllBytes());
        }
        List<String> features = List.of("load", "heat");
        List<Object> row = List.of(1.0, 200.0);
        Object said = model.begin().say(model.row(features, row)).getFirst();
        try (RegisteredModels registered = new RegisteredModels(models)) {
            assertThat(
                            registered.predict(
                                    new PredictionRequest(
                                            ModelReference.parse("learning@champion"),
                                            features,
                                            List.of(row),
                                            List.of(OutputValue.parse("score")),
                                            Duration.ofSeconds(10))))
                    .containsExactly(new Predicted.Values(List.of(said), "learning/1"));
        }
    }

    @Test
    void whatAnAlgorithmCannotHaveIsToldBeforeAnythingIsRead() {
        assertThatThrownBy(() ->
                        train(
                                Machines.training(
                                        "wrong", "{name: logistic, parameters: {l3: 1}}", DATA)))
                .isInstanceOf(TrainingStopped.class)
                .hasMessageContaining("logistic has no parameter 'l3'");
        assertThatThrownBy(() ->
                        train(Machines.training("wrong", "logistic", "data: {view: state}\n")))
                .isInstanceOf(TrainingStopped.class)
                .hasMessage("logistic learns from labels, and the training has none");
        assertThat(models.names()).doesNotContain("wrong");
    }

    @Test
    void aModelIsTrainedByOneProcessAtATime() {
        try (TrainingTurn _ =
                TrainingTurn.take(machines.log, machines.names, "taken", Duration.ofSeconds(10))) {
            assertThatThrownBy(() ->
                            TrainingTurn.take(
                                    machines.log, machines.names, "taken", Duration.ofMillis(300)))
                    .isInstanceOf(TrainingStopped.class)
                    .hasMessage("another process trains taken");
        }
        TrainingTurn.take(machines.log, machines.names, "taken", Duration.ofSeconds(10)).close();
    }

    @Test
    void whatAKilledTrainingLeavesTheNextOneEnds() throws Exception {
        Map<String, RunStatus> killedAt =
                Map.of(
                        "training.after-run", RunStatus.KILLED,
                        "training.after-files", RunStatus.KILLED,
                        "training.after-version", RunStatus.FINISHED);
        List<Process> processes = new ArrayList<>();
        for (String failPoint : killedAt.keySet()) {
            processes.add(
                    TrainsUntilKilled.start(
                            failPoint, machines.names, folder.resolve("killed"), model(failPoint)));
        }
        for (Process process : processes) {
            assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(FailPoint.EXIT_CODE);
        }

        for (Map.Entry<String, RunStatus> killed : killedAt.entrySet()) {
            String model = model(killed.getKey());
            boolean published = killed.getValue() == RunStatus.FINISHED;
            assertThat(models.versions(model)).hasSize(published ? 1 : 0);
            String before = runs(model).getFirst().info().id();
            assertThat(run(before).info().status()).isEqualTo(RunStatus.RUNNING);

            TrainingReport report = train(TrainsUntilKilled.training(model));

            assertThat(run(before).info().status()).as(model).isEqualTo(killed.getValue());
            assertThat(report.version()).isEqualTo(model + (published ? "/2" : "/1"));
            assertThat(version(model + "@live").reference()).isEqualTo(report.version());
        }
    }

    private static String model(String failPoint) {
        return failPoint.replace("training.", "");
    }
}

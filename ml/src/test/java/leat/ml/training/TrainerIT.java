package leat.ml.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.InputStream;
import java.nio.file.Files;
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
import java.util.SplittableRandom;
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
import leat.ml.online.Learner;
import leat.ml.online.OnlineModel;
import leat.ml.online.OnlineRow;
import leat.ml.registry.Sources;
import leat.ml.scoring.RegisteredModels;
import leat.ml.tracking.TrackingLog;
import leat.ml.training.algorithm.Algorithms;
import leat.ml.training.algorithm.Rows;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a training leaves behind, and what it is worth.
final class TrainerIT {

    private static final String DATA = TrainedMachines.DATA;

    @TempDir private static Path folder;
    private static TrainedMachines trained;

    @BeforeAll
    static void open() throws Exception {
        trained = TrainedMachines.open(folder);
    }

    @AfterAll
    static void close() {
        trained.close();
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

        TrainingReport report = trained.train(training);

        assertThat(report.passed()).isTrue();
        assertThat(report.version()).isEqualTo("whole/1");
        assertThat(report.alias()).contains("candidate");
        assertThat(report.trainingRows() + report.testRows()).isGreaterThanOrEqualTo(600);
        assertThat(report.metrics()).containsKeys("f1", "roc_auc", "log_loss");
        ModelVersion version = trained.version("whole@candidate");
        assertThat(version.reference()).isEqualTo("whole/1");
        assertThat(version.info().runId()).isEqualTo(report.run());
        assertThat(version.tags())
                .containsEntry("leat.gates", "passed")
                .containsEntry("leat.view", "state.v1")
                .containsEntry("leat.features", "load,heat")
                .containsEntry("leat.from", "2026-01-01T00:00:00.000001Z")
                .containsKeys("leat.positions", "leat.dataset", "leat.profile");
        try (InputStream onnx = trained.models.open(version, "model.onnx")) {
            assertThat(sha256(onnx.readAllBytes())).isEqualTo(report.onnxSha256());
        }
        Run run = trained.run(report.run());
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
        assertThat(TrainedMachines.value(run, "effect/heat")).isGreaterThan(0.01);
        assertThat(TrainedMachines.value(run, "importance/heat")).isGreaterThan(0.1);
        assertThat(TrainedMachines.value(run, "export/largest_difference")).isLessThan(1e-5);
        assertThat(TrainedMachines.value(run, "export/rows")).isEqualTo(report.testRows());
        assertThat(run.params()).containsEntry("dataset", report.dataset());
        assertThat(run.tags()).containsEntry("leat.version", "whole/1");
        Publishing publishing = new Publishing(trained.registry, trained.artifacts(), training);
        Profile profile = publishing.profileBefore().orElseThrow();
        assertThat(profile.features().keySet()).containsExactly("load", "heat");
        assertThat(profile.rows()).isEqualTo(report.trainingRows());
    }

    @Test
    void aVersionOfAFeatureSetSaysSoAndIsTrainedAgainByItsPositions() throws Exception {
        for (int i = 0; i < 600; i += 2) {
            trained.machines.wear(i % 7, Machines.START.plus(Duration.ofMinutes(i)), i % 5);
        }
        Training training =
                Machines.training(
                        "of-set",
                        """
                        data: {set: health, view: state, label: {when: event.failed == 1}}
                        seed: 7
                        """);

        TrainingReport report = trained.train(training);

        ModelVersion version = trained.version("of-set/1");
        assertThat(version.tags())
                .containsEntry(ModelVersion.FEATURE_SET_TAG, "health")
                .containsEntry(ModelVersion.VIEW_TAG, "state.v1")
                .containsEntry(ModelVersion.FEATURES_TAG, "wear,strain");
        assertThat(version.tags().get("leat.positions"))
                .contains("\"others\":[{\"view\":\"wear.v1\"");
        assertThat(trained.run(report.run()).params()).containsEntry("feature_set", "health");

        // And what the views say since then is not learned from again
        trained.machines.wear(0, Machines.START, 4);
        TrainingReport again =
                trained.trainer.train(training, Optional.of(report.run()), TrainingProgress.NONE);
        assertThat(again.onnxSha256()).isEqualTo(report.onnxSha256());
        assertThat(again.dataset()).isEqualTo(report.dataset());
    }

    @ParameterizedTest
    @CsvSource({"alike, view: state", "both-alike, 'set: output, view: state'"})
    void aScorerSaysOfTheTestRowsWhatTheTrainingDid(String model, String of) throws Exception {
        TrainingReport report =
                trained.train(
                        Machines.training(
                                model,
                                "xgboost",
                                DATA.replace("view: state", of) + "alias: served\n"));
        ModelVersion version = trained.version(model + "@served");

        SortedMap<Instant, Double> served =
                ServedScores.of(
                        trained.machines,
                        trained.models,
                        version,
                        Math.toIntExact(report.trainingRows() + report.testRows()));

        Profile then = trained.scoreProfile(version);
        ProfileTally now = new ProfileTally(then);
        served.values().stream()
                .skip(report.trainingRows())
                .forEach(score -> now.add(List.of((float) (double) score)));
        Drift drift = Objects.requireNonNull(Drift.between(then, now.profile()).get("score"));
        assertThat(now.profile().rows()).isEqualTo(report.testRows());
        assertThat(drift.psi()).isLessThan(0.02);
        assertThat(drift.ks().orElseThrow()).isLessThan(0.02);
    }

    @Test
    void theSameRangeGivesTheSameBytesWhateverCameSince() throws Exception {
        Training training = Machines.training("again", DATA);
        TrainingReport first = trained.train(training);
        trained.machines.write(600, 650);

        TrainingReport again =
                trained.trainer.train(training, Optional.of(first.run()), TrainingProgress.NONE);
        TrainingReport more = trained.train(training);

        assertThat(again.dataset()).isEqualTo(first.dataset());
        assertThat(again.onnxSha256()).isEqualTo(first.onnxSha256());
        assertThat(again.metrics()).isEqualTo(first.metrics());
        assertThat(again.version()).isEqualTo("again/2");
        Run repeated = trained.run(again.run());
        assertThat(TrainedMachines.value(repeated, "previous/version")).isEqualTo(1);
        assertThat(repeated.metrics()).doesNotContainKey("later/rows");
        Run later = trained.run(more.run());
        assertThat(TrainedMachines.value(later, "previous/version")).isEqualTo(2);
        assertThat(TrainedMachines.value(later, "later/rows")).isEqualTo(50);
        assertThat(TrainedMachines.value(later, "previous/hours_behind"))
                .isBetween(50 / 60.0 - 0.01, 50 / 60.0 + 0.01);
        assertThat(later.metrics())
                .containsKeys("later/f1", "previous/f1", "previous/micros_per_row");
        assertThat(more.dataset()).isNotEqualTo(first.dataset());
        assertThat(more.trainingRows()).isGreaterThan(first.trainingRows());
    }

    @Test
    void whatTheRetentionDoesNotKeepGoesWhenAnotherVersionIsThere() throws Exception {
        String keys = DATA + "retention: {versions: 1, age: 1ms}\n";
        Training served = Machines.training("kept", keys + "alias: served\n");
        Training rejected =
                Machines.training(
                        "kept", keys + "alias: served\ngates: [{metric: f1, at-least: 1}]\n");

        List<TrainingReport> reports = new ArrayList<>();
        for (Training training : List.of(served, served, served, rejected, rejected)) {
            reports.add(trained.train(training));
        }

        assertThat(reports)
                .extracting(TrainingReport::pruned)
                .containsExactly(
                        List.of(), List.of(), List.of("kept/1"), List.of(), List.of("kept/4"));
        assertThat(trained.models.versions("kept"))
                .extracting(ModelVersion::reference)
                .containsExactly("kept/2", "kept/3", "kept/5");
        assertThat(trained.version("kept@served").reference()).isEqualTo("kept/3");
        for (ModelVersion version : trained.models.versions("kept")) {
            try (InputStream onnx = trained.models.open(version, "model.onnx")) {
                assertThat(onnx.readAllBytes()).isNotEmpty();
            }
        }
        Run first = trained.run(reports.getFirst().run());
        assertThat(first.metrics()).containsKey("f1");
        assertThat(
                        trained
                                .artifacts()
                                .below(Sources.artifactPath(first.info().artifactUri()))
                                .stream()
                                .map(file -> file.path().text().replaceAll(".*/artifacts/", "")))
                .containsExactly("dataset.json", "score-profile.json", "training-profile.json");
    }

    @Test
    void theBestOfASweepIsLearnedAndThresholdsMayBeChosen() {
        TrainingReport report =
                trained.train(
                        Machines.training(
                                "swept",
                                "{name: logistic, sweep: {l2: [1, 1000000]}}",
                                DATA + "threshold: best\n"));

        assertThat(report.parameters()).containsEntry("l2", "1.0");
        assertThat(trained.run(report.run()).metrics())
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
                assertThat(TrainedMachines.value(run, "effect/load")).isZero();
                assertThat(TrainedMachines.value(run, "effect/heat")).isGreaterThan(0.01);
            }
        }
    }

    @Test
    void whatLooksForTheUnusualNeedsNoLabel() {
        TrainingReport report =
                trained.train(
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
                trained.train(
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
        try (InputStream file =
                trained.models.open(trained.version("learning@champion"), OnlineModel.FILE)) {
            model = OnlineModel.read(file.readAllBytes());
        }
        List<String> features = List.of("load", "heat");
        List<Object> row = List.of(1.0, 200.0);
        Object said = model.begin().say(model.row("", 0, features, row)).getFirst();
        try (RegisteredModels registered = new RegisteredModels(trained.models)) {
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
    void theDetectorOfMetricsIsRegisteredWithTheStreamsThatItHasSeen() throws Exception {
        TrainingReport report =
                trained.train(
                        Machines.training(
                                "metrics",
                                "{name: metric-anomaly, parameters: {streams: 7}}",
                                """
                                data: {view: state, features: [heat]}
                                gates: [{metric: score_p99, at-most: 1}]
                                alias: champion
                                """));

        assertThat(report.passed()).isTrue();
        assertThat(report.metrics().get("score_p99")).isGreaterThan(0);
        try (InputStream file =
                trained.models.open(trained.version("metrics@champion"), OnlineModel.FILE)) {
            OnlineModel model = OnlineModel.read(file.readAllBytes());
            Learner learner = model.begin();
            assertThat(learner.say(row(model, "m6"))).hasSize(1);
            assertThatThrownBy(() -> learner.say(row(model, "m7")))
                    .hasMessageStartingWith("the model watches 7 streams");
        }
    }

    private static OnlineRow row(OnlineModel model, String entity) {
        return model.row(entity, 0, List.of("heat"), List.of(0.5));
    }

    @Test
    void aProgramOfTheWorkspaceTrainsAsLeatsOwnAlgorithmsDo() throws Exception {
        Path models = Files.createDirectory(folder.resolve("models"));
        Path scripts = Files.createDirectory(models.resolve("scripted"));
        Files.write(scripts.resolve("model.onnx"), logistic());
        Files.writeString(
                scripts.resolve("train.sh"),
                """
                echo "$LEAT_PARAMETERS $(tail -n +2 "$LEAT_DATA" | wc -l) rows"
                cp model.onnx "$LEAT_MODEL"
                """);
        Path left = folder.resolve("trainings").resolve("of-a-run-that-was-killed");
        Files.createDirectories(left);
        Training training =
                Machines.training(
                        models,
                        "scripted",
                        "{name: command, run: [/bin/sh, train.sh], sweep: {depth: [4, 6]}}",
                        DATA
                                + """
                                baseline: k-means
                                slices: [load]
                                gates: [{metric: f1, better-than: baseline}]
                                alias: live
                                """);

        TrainingReport report = trained.train(training);
        TrainingReport again =
                trained.trainer.train(training, Optional.of(report.run()), TrainingProgress.NONE);

        assertThat(report.passed()).isTrue();
        assertThat(report.metrics().get("roc_auc")).isGreaterThan(0.9);
        assertThat(report.parameters()).containsEntry("depth", "4");
        Run run = trained.run(report.run());
        assertThat(run.params())
                .containsEntry("algorithm", "command")
                .containsEntry("command", "/bin/sh train.sh")
                .containsEntry("command.depth", "4");
        assertThat(run.metrics())
                .containsKeys(
                        "sweep/1/average_precision",
                        "sweep/2/average_precision",
                        "baseline/f1",
                        "by_load/quarter 1/rows",
                        "importance/heat",
                        "speed/micros_per_row")
                .doesNotContainKey("export/rows");
        assertThat(trained.artifact(run, "command-2.log")).matches("\\{\"depth\":6} *\\d+ rows\n");
        assertThat(trained.artifact(run, "command-3.log"))
                .matches("\\{\"depth\":4} *" + report.trainingRows() + " rows\n");
        assertThat(trained.version("scripted/1").tags())
                .containsEntry("leat.algorithm", "command")
                .containsEntry("leat.reproduced", "unchecked");
        assertThat(again.onnxSha256()).isEqualTo(report.onnxSha256());
        assertThat(trained.version("scripted/2").tags())
                .containsEntry("leat.reproduced", "same bytes as scripted/1");
        assertThat(trained.run(again.run()).tags())
                .containsEntry("leat.reproduced", "same bytes as scripted/1");
        assertThat(trained.version("scripted@live").reference()).isEqualTo("scripted/2");
        assertThat(folder.resolve("trainings")).isEmptyDirectory();

        // And with other files than the training was read with, no run begins
        Files.writeString(scripts.resolve("notes.txt"), "mine");
        assertThatThrownBy(() -> trained.train(training))
                .isInstanceOf(TrainingStopped.class)
                .hasMessage("the files in " + scripts + " are not those that were read");
        assertThat(trained.runs("scripted")).hasSize(2);
    }

    @Test
    void aProgramThatFailsLeavesARunThatSaysWhyAndWhatItSaid() throws Exception {
        Path models = Files.createDirectory(folder.resolve("failing"));
        Files.createDirectory(models.resolve("failing"));

        TrainingStopped stopped =
                catchThrowableOfType(
                        TrainingStopped.class,
                        () ->
                                trained.train(
                                        Machines.training(
                                                models,
                                                "failing",
                                                "{name: command, run: [/bin/sh, -c, 'echo no luck;"
                                                        + " exit 3']}",
                                                DATA)));

        Run run = trained.runs("failing").getFirst();
        assertThat(stopped)
                .hasMessage("/bin/sh -c echo no luck; exit 3 ended with exit code 3: no luck");
        assertThat(stopped.remedy())
                .isEqualTo("look at command-1.log of the run " + run.info().id());
        assertThat(run.info().status()).isEqualTo(RunStatus.FAILED);
        assertThat(run.tags()).containsEntry("leat.failure", stopped.getMessage());
        assertThat(trained.artifact(run, "command-1.log")).isEqualTo("no luck\n");
        assertThat(trained.models.versions("failing")).isEmpty();
    }

    /// A model of what the machines' features have to do with their failures.
    private static byte[] logistic() {
        Rows.Builder rows = Rows.labelled(List.of("load", "heat"));
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 500; i++) {
            float load = (float) random.nextDouble();
            float heat = (float) random.nextDouble();
            rows.add(new float[] {load, heat}, load + heat > 1.4 ? 1 : 0);
        }
        return Algorithms.of("logistic", Map.of()).fit(rows.build(), 0).file();
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}

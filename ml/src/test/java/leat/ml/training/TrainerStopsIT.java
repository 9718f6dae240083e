package leat.ml.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import leat.core.failpoint.FailPoint;
import leat.core.tracking.Run;
import leat.core.tracking.RunStatus;
import leat.core.training.Training;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What keeps a training from beginning, a version from being used, and what another one ends.
final class TrainerStopsIT {

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
    void aVersionThatDoesNotPassIsRegisteredAndNotUsed() {
        trained.train(Machines.training("gated", DATA + "alias: live\n"));

        TrainingReport report =
                trained.train(
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
        assertThat(trained.version("gated@live").reference()).isEqualTo("gated/1");
        assertThat(trained.version("gated/2").tags())
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
                catchThrowableOfType(TrainingStopped.class, () -> trained.train(training));

        assertThat(stopped)
                .hasMessageContaining("rows, at least 1,000,000 are wanted; heat is 0.99")
                .hasMessageContaining(", above 0.5");
        Run run = trained.runs("checked").getFirst();
        assertThat(run.info().status()).isEqualTo(RunStatus.FAILED);
        assertThat(run.tags())
                .hasEntrySatisfying(
                        "leat.failure", text -> assertThat(text).isEqualTo(stopped.getMessage()));
        assertThat(trained.models.versions("checked")).isEmpty();
    }

    @Test
    void dataThatBreakTheirSchemaAreNotLearnedFrom() throws Exception {
        try (TrainedMachines own = TrainedMachines.open(folder.resolve("planted"))) {
            long offset =
                    own.machines.plant(
                            1,
                            """
                            {"entity":"m1","query_time":"2026-01-01T00:05:00Z","load":"much"}\
                            """);

            TrainingStopped stopped =
                    catchThrowableOfType(
                            TrainingStopped.class,
                            () -> own.train(Machines.training("planted", DATA)));

            assertThat(stopped)
                    .hasMessage(
                            "the data are not as they should be: 1 of 601 vectors of state.v1"
                                    + " (0.17%) break their schema, at most 0.00% may (the first is "
                                    + own.machines.names.vectors(Machines.view().contract())
                                    + "/1@"
                                    + offset
                                    + ": load is a string, the contract says a number)");
            assertThat(stopped.remedy())
                    .isEqualTo("look at what changed, or set checks in planted.yaml");
            Run run = own.runs("planted").getFirst();
            assertThat(run.info().status()).isEqualTo(RunStatus.FAILED);
            assertThat(run.tags()).containsEntry("leat.failure", stopped.getMessage());
            assertThat(TrainedMachines.value(run, "data/unreadable")).isEqualTo(1);
            assertThat(own.models.versions("planted")).isEmpty();

            // As many as the training allows are left out, and those of other times not looked at.
            TrainingReport allowed =
                    own.train(Machines.training("allowed", DATA + "checks: {unreadable: 1%}\n"));
            assertThat(allowed.version()).isEqualTo("allowed/1");
            assertThat(allowed.unreadable()).isEqualTo(1);
            TrainingReport later =
                    own.train(
                            Machines.training(
                                    "later",
                                    """
                                    data:
                                      view: state
                                      label: {when: event.failed == 1}
                                      from: 2026-01-01T00:06:00Z
                                    """));
            assertThat(later.version()).isEqualTo("later/1");
            assertThat(later.unreadable()).isZero();
        }
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
    void whatAnAlgorithmCannotHaveIsToldBeforeAnythingIsRead() {
        assertThatThrownBy(() ->
                        trained.train(
                                Machines.training(
                                        "wrong", "{name: logistic, parameters: {l3: 1}}", DATA)))
                .isInstanceOf(TrainingStopped.class)
                .hasMessageContaining("logistic has no parameter 'l3'");
        assertThatThrownBy(() ->
                        trained.train(
                                Machines.training(
                                        "wrong",
                                        "{name: xgboost, parameters: {objective: regression}}",
                                        DATA)))
                .isInstanceOfSatisfying(
                        TrainingStopped.class,
                        e ->
                                assertThat(e.remedy())
                                        .isEqualTo(
                                                "leave out objective, so that it tells classes"
                                                        + " apart"))
                .hasMessage(
                        "xgboost with these parameters predicts numbers, and a label is true or"
                                + " false");
        assertThatThrownBy(() ->
                        trained.train(
                                Machines.training("wrong", "logistic", "data: {view: state}\n")))
                .isInstanceOf(TrainingStopped.class)
                .hasMessage("logistic learns from labels, and the training has none");
        assertThat(trained.models.names()).doesNotContain("wrong");
    }

    @Test
    void aModelIsTrainedByOneProcessAtATime() {
        try (TrainingTurn _ =
                TrainingTurn.take(
                        trained.machines.log,
                        trained.machines.names,
                        "taken",
                        Duration.ofSeconds(10))) {
            assertThatThrownBy(() ->
                            TrainingTurn.take(
                                    trained.machines.log,
                                    trained.machines.names,
                                    "taken",
                                    Duration.ofMillis(300)))
                    .isInstanceOf(TrainingStopped.class)
                    .hasMessage("another process trains taken");
        }
        TrainingTurn.take(
                        trained.machines.log,
                        trained.machines.names,
                        "taken",
                        Duration.ofSeconds(10))
                .close();
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
                            failPoint,
                            trained.machines.names,
                            folder.resolve("killed"),
                            model(failPoint)));
        }
        for (Process process : processes) {
            assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(FailPoint.EXIT_CODE);
        }

        for (Map.Entry<String, RunStatus> killed : killedAt.entrySet()) {
            String model = model(killed.getKey());
            boolean published = killed.getValue() == RunStatus.FINISHED;
            assertThat(trained.models.versions(model)).hasSize(published ? 1 : 0);
            String before = trained.runs(model).getFirst().info().id();
            assertThat(trained.run(before).info().status()).isEqualTo(RunStatus.RUNNING);

            TrainingReport report = trained.train(TrainsUntilKilled.training(model));

            assertThat(trained.run(before).info().status()).as(model).isEqualTo(killed.getValue());
            assertThat(report.version()).isEqualTo(model + (published ? "/2" : "/1"));
            assertThat(trained.version(model + "@live").reference()).isEqualTo(report.version());
        }
    }

    private static String model(String failPoint) {
        return failPoint.replace("training.", "");
    }
}

package leat.ml.training;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import leat.core.failpoint.FailPoint;
import leat.core.model.ModelVersion;
import leat.core.model.RegisteredModelCommand;
import leat.core.model.VersionCommand;
import leat.core.tracking.Run;
import leat.core.tracking.RunStatus;
import leat.core.training.Training;
import leat.ml.registry.RegistryLog;
import leat.ml.tracking.TrackingLog;
import leat.stream.log.StageHealth;
import leat.stream.log.Topics;
import leat.stream.monitor.AlertLog;
import leat.stream.monitor.MonitorTopics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrainingWatchIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final String DATA =
            """
            data: {view: state, label: {when: event.failed == 1}}
            """;

    @TempDir private static Path folder;
    private static Machines machines;
    private static TrackingLog tracking;
    private static RegistryLog registry;

    @BeforeAll
    static void open() throws Exception {
        machines = Machines.fresh();
        machines.write(0, 300);
        tracking = new TrackingLog(machines.log, machines.names, InstantSource.system());
        registry = new RegistryLog(machines.log, machines.names, InstantSource.system());
    }

    @AfterAll
    static void close() {
        registry.close();
        tracking.close();
        machines.close();
    }

    private static TrainingWatch watch(String place, List<Training> trainings) {
        return watch(place, InstantSource.system(), TrainingWatchIT::openAlerts, trainings);
    }

    private static TrainingWatch watch(
            String place, InstantSource clock, OpenAlerts alerts, List<Training> trainings) {
        return TrainingWatch.start(
                new Trainer.Place(machines.log, machines.names, folder.resolve(place), clock),
                WatchesUntilKilled.SETTINGS,
                alerts,
                trainings.stream().map(WatchesUntilKilled::watched).toList());
    }

    private static List<OpenAlerts.OpenAlert> openAlerts(Set<String> subjects) {
        return new AlertLog(machines.log, machines.names)
                .about(subjects).stream()
                        .filter(alert -> !alert.isResolved())
                        .map(alert ->
                                new OpenAlerts.OpenAlert(
                                        alert.contract(), alert.rule(), alert.raised()))
                        .toList();
    }

    private static List<Run> runs(String training) {
        return tracking.read(state ->
                state.experimentNamed(training)
                        .map(one -> state.runs(List.of(one.id())))
                        .orElse(List.of()));
    }

    private static List<ModelVersion> versions(String model) {
        return registry.read(state -> state.versions(model));
    }

    private static void await(String what, BooleanSupplier done) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!done.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time for " + what).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    /// Whether it has looked and found no cause since something was in its way, or since it began.
    private static boolean isCalm(TrainingWatch watch, String training) {
        return watch.health().get(training) instanceof StageHealth.Running;
    }

    @Test
    void whatAKillInterruptsIsTrainedAgainAndWhatHasEndedIsNot() throws Exception {
        // Given: in the order in which they are looked at, those that are done first
        List<String> failPoints =
                List.of(
                        "training.after-end",
                        "training.after-version",
                        "training.before-run",
                        "training.after-run");
        List<Process> processes = new ArrayList<>();
        for (String failPoint : failPoints) {
            processes.add(
                    WatchesUntilKilled.start(
                            failPoint, machines.names, folder.resolve("killed"), model(failPoint)));
        }
        for (Process process : processes) {
            assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(FailPoint.EXIT_CODE);
        }
        assertThat(versions("after-end")).hasSize(1);
        assertThat(versions("after-version")).hasSize(1);
        assertThat(versions("before-run")).isEmpty();
        assertThat(versions("after-run")).isEmpty();

        // When
        List<Training> trainings =
                failPoints.stream()
                        .map(TrainingWatchIT::model)
                        .map(WatchesUntilKilled::training)
                        .toList();
        try (TrainingWatch watch = watch("next", trainings)) {
            await(
                    "all to be done",
                    () ->
                            failPoints.stream()
                                    .allMatch(point ->
                                            isCalm(watch, model(point))
                                                    && !versions(model(point)).isEmpty()));
        }

        // Then
        assertThat(statuses("after-end")).containsExactly(RunStatus.FINISHED);
        assertThat(statuses("after-version")).containsExactly(RunStatus.FINISHED);
        assertThat(statuses("before-run")).containsExactly(RunStatus.FINISHED);
        assertThat(statuses("after-run"))
                .containsExactlyInAnyOrder(RunStatus.KILLED, RunStatus.FINISHED);
        for (String failPoint : failPoints) {
            String model = model(failPoint);
            assertThat(versions(model)).as(model).hasSize(1);
            assertThat(versions(model).getFirst().aliases()).as(model).containsExactly("live");
            assertThat(runs(model))
                    .as(model)
                    .allSatisfy(run ->
                            assertThat(run.tags())
                                    .containsEntry("leat.trigger", "schedule")
                                    .containsEntry(
                                            "leat.trigger-at",
                                            versions(model)
                                                    .getFirst()
                                                    .tags()
                                                    .get("leat.trigger-at")));
        }
    }

    private static List<RunStatus> statuses(String training) {
        return runs(training).stream().map(run -> run.info().status()).toList();
    }

    private static String model(String failPoint) {
        return failPoint.replace("training.", "");
    }

    @Test
    void ofTwoThatSeeTheSameCauseOneTrains() {
        List<Training> training = List.of(WatchesUntilKilled.training("shared"));
        try (TrainingWatch one = watch("one", training);
                TrainingWatch other = watch("other", training)) {
            await("both to have looked", () -> isCalm(one, "shared") && isCalm(other, "shared"));
        }

        assertThat(statuses("shared")).containsExactly(RunStatus.FINISHED);
        assertThat(versions("shared")).hasSize(1);
    }

    @Test
    void anAlertIsAnsweredOnceEvenByARunThatFails() throws Exception {
        makeAlerts();
        raise("state.v1", "heat", "firing", "2026-01-02T00:00:00Z");
        raise("state.v1", "load", "resolved", "2026-01-01T00:00:00Z");
        raise("other.v1", "heat", "firing", "2026-01-02T00:00:00Z");
        raise("risk.v1", "silence", "firing", "2026-01-02T00:00:00Z");
        Training training =
                Machines.training(
                        "drifting", DATA + "checks: {rows: 1000000}\ntriggers: {drift: true}\n");
        try (TrainingWatch watch = watch("drifting", List.of(training))) {
            await("the first run to end", () -> statuses("drifting").contains(RunStatus.FAILED));
            await("a look that finds nothing", () -> isCalm(watch, "drifting"));
            assertThat(statuses("drifting")).containsExactly(RunStatus.FAILED);

            raise("state.v1", "heat", "acknowledged", "2026-01-02T00:00:00Z");
            raise("risk.v1", "feature-drift", "firing", "2026-01-03T00:00:00Z");
            await(
                    "the second run to end",
                    () -> statuses("drifting").equals(List.of(RunStatus.FAILED, RunStatus.FAILED)));
        }

        assertThat(runs("drifting"))
                .hasSize(2)
                .extracting(run -> run.tags().get("leat.trigger-at"))
                .containsExactlyInAnyOrder(
                        "state.v1:heat@2026-01-02T00:00:00Z",
                        "risk.v1:feature-drift@2026-01-03T00:00:00Z");
    }

    private static void makeAlerts() {
        try (Admin admin = machines.log.admin()) {
            Topics topics = new Topics(admin, 1);
            topics.apply(topics.plan(new MonitorTopics(machines.names).specs()));
        }
    }

    private static void raise(String contract, String rule, String status, String firedAt)
            throws InterruptedException, ExecutionException {
        String alert =
                """
                {"contract":"%s","rule":"%s","id":"%s:%s","status":"%s","firedAt":"%s"}\
                """
                        .formatted(contract, rule, contract, rule, status, firedAt);
        try (Producer<byte[], byte[]> producer = machines.log.producer("alerts", Map.of())) {
            RecordMetadata _ =
                    producer.send(
                                    new ProducerRecord<>(
                                            new MonitorTopics(machines.names).alerts(),
                                            (contract + ":" + rule).getBytes(UTF_8),
                                            alert.getBytes(UTF_8)))
                            .get();
        }
    }

    /// Tells when it was looked for a cause and the version was not found to be too old: alerts are
    /// asked for after that.
    private static final class Looks implements OpenAlerts {

        private final AtomicInteger young = new AtomicInteger();

        @Override
        public List<OpenAlert> about(Set<String> subjects) {
            young.incrementAndGet();
            return List.of();
        }

        /// Awaits a look that begins from now on: the first that ends may have begun before.
        void awaitYoung(String what) {
            int before = young.get();
            await(what, () -> young.get() >= before + 2);
        }
    }

    @Test
    void aVersionThatHasBecomeOldIsReplacedOnceAndAYoungOneIsNot() {
        // Given: a version of no run, so that nothing but its own time says how old it is
        Instant made = Instant.parse("2026-03-01T12:00:00Z");
        registerWithAlias("aging", "live", made);
        AtomicReference<Instant> now = new AtomicReference<>(made.plus(Duration.ofMinutes(59)));
        Looks looks = new Looks();
        Training training =
                Machines.training(
                        "aging", DATA + "alias: live\ntriggers: {max-age: 1h, drift: true}\n");

        try (TrainingWatch _ = watch("aging", now::get, looks, List.of(training))) {
            looks.awaitYoung("a look at the young version");
            assertThat(runs("aging")).isEmpty();

            // When
            Instant old = made.plus(Duration.ofHours(1));
            now.set(old);

            // Then
            await("the run to end", () -> statuses("aging").contains(RunStatus.FINISHED));
            looks.awaitYoung("a look at the new version");
            now.set(old.plus(Duration.ofMinutes(59)));
            looks.awaitYoung("a look at the new version when it is almost old");
            assertThat(runs("aging")).hasSize(1);
            assertThat(runs("aging").getFirst().tags())
                    .containsEntry("leat.trigger", "age")
                    .containsEntry("leat.trigger-at", old.toString());
            assertThat(versions("aging")).hasSize(2);
            assertThat(versions("aging").getLast().aliases()).containsExactly("live");
            assertThat(versions("aging").getLast().tags()).containsEntry("leat.trigger", "age");
        }
    }

    private static void registerWithAlias(String model, String alias, Instant made) {
        try (RegistryLog then =
                new RegistryLog(machines.log, machines.names, InstantSource.fixed(made))) {
            then.write(new RegisteredModelCommand.Create(model, model, "", Map.of()));
            then.write(
                    new VersionCommand.Create(
                            model + "-1",
                            model,
                            "mlflow-artifacts:/0/by-hand/artifacts/model",
                            "",
                            "",
                            "",
                            "",
                            Map.of()));
            then.write(new RegisteredModelCommand.SetAlias(model, alias, 1));
        }
    }

    @Test
    void labelsAreCountedFromWhereTheLastDataEnded() throws Exception {
        try (Machines own = Machines.fresh();
                Trainer trainer = own.trainer(folder.resolve("counted"))) {
            own.write(0, 100);
            Training training = Machines.training("counted", DATA);
            NewLabels labels = new NewLabels(own.log, own.names, training.data());

            assertThat(labels.atLeast(101, "", Optional::empty)).isEmpty();
            assertThat(labels.atLeast(100, "", Optional::empty))
                    .hasValueSatisfying(at ->
                            assertThat(at)
                                    .startsWith(
                                            own.names.enriched(
                                                            training.data()
                                                                    .label()
                                                                    .orElseThrow()
                                                                    .contract())
                                                    + "@"));
            String run = trainer.train(training, Optional.empty(), TrainingProgress.NONE).run();
            PastRuns past = trainer.runs(training);
            assertThat(past.lastAnswer().orElseThrow().info().id()).isEqualTo(run);
            Optional<DatasetName> data = past.dataset(past.lastAnswer().orElseThrow());
            assertThat(labels.atLeast(1, run, () -> data)).isEmpty();
            own.write(100, 107);
            assertThat(labels.atLeast(8, run, () -> data)).isEmpty();
            assertThat(labels.atLeast(7, run, () -> data)).isPresent();
            assertThat(
                            new NewLabels(own.log, own.names, training.data())
                                    .atLeast(8, run, () -> data))
                    .isEmpty();
        }
    }
}

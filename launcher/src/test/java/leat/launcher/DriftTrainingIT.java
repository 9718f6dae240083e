package leat.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import leat.core.event.Names;
import leat.core.model.ModelVersion;
import leat.core.tracking.Run;
import leat.core.tracking.RunStatus;
import leat.embedded.kafka.EmbeddedKafka;
import leat.launcher.cli.LeatCommandLines;
import leat.launcher.config.Workspace;
import leat.ml.monitor.ModelMonitorTopics;
import leat.stream.log.LogConnection;
import leat.stream.log.SmallTopic;
import leat.stream.monitor.AlertLog;
import leat.stream.monitor.AlertStanding;
import leat.stream.monitor.MonitorTopics;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The watching of a model has another version trained, which ends what it found.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class DriftTrainingIT {

    private static final int FIRST_READINGS = 1_000;
    private static final String RULE = "feature-drift";

    /// With readings of the last days alone, a version after the hall has warmed up knows no cool
    /// one.
    private static final String MODEL =
            """
            scoring:
              model: overload
              view: machine-state
              outputs: {risk: 'probabilities[1]'}
            training:
              data:
                last: 7d
                label: {contract: machine, when: event.failed == 1}
              algorithm: logistic
              alias: candidate
              triggers: {drift: true}
            monitoring:
              window: 2s
              minimum-rows: 100
            """;

    @TempDir private Path brokerFolder;
    @TempDir private Path folder;

    @Test
    void driftHasAModelTrainedOnceWhileItLastsAndTheNewVersionEndsIt() throws Exception {
        PrometheusRegistry.defaultRegistry.clear();
        try (EmbeddedKafka broker =
                EmbeddedKafka.start(new EmbeddedKafka.Settings(brokerFolder, 0))) {
            writeWorkspace(broker);
            Workspace workspace = Workspace.open(folder).withFreeCollectorPorts();
            Watched watched = new Watched(workspace.log(0), workspace.names());
            try (Platform platform = start(workspace);
                    HeatingMachines machines = new HeatingMachines(folder, platform);
                    WorkspaceModels models = WorkspaceModels.open(workspace, 0)) {
                // Given a version that answers and is found to be sound
                trainFirst(workspace, machines);
                promote(1);
                machines.sendOn();
                Await.until("sound windows", () -> watched.windows("overload/1", "passed") > 1);
                assertThat(watched.alerts()).isEmpty();
                assertThat(versions(models)).hasSize(1);

                // When
                machines.warmUp();

                // Then
                Await.until("another version", () -> versions(models).size() > 1);
                assertThat(watched.alerts()).containsExactly(RULE + " firing");
                assertThat(versions(models).getLast().tags())
                        .containsEntry("leat.trigger", "drift")
                        .containsEntry("leat.trigger-at", watched.raised());

                // And no third one while the alert goes on
                long failed = watched.windows("overload/1", "failed");
                Await.until(
                        "more windows with drift",
                        () -> watched.windows("overload/1", "failed") > failed + 2);
                assertThat(watched.alerts()).containsExactly(RULE + " firing");
                assertThatTwoWereTrained(platform, models);

                // And none when the second one answers, which has learned what is usual now
                promote(2);
                Await.until(
                        "sound windows again", () -> watched.windows("overload/2", "passed") > 2);
                for (String version : List.of("overload/1", "overload/2")) {
                    assertThat(watched.windows("agreement", version, "passed")).isPositive();
                    assertThat(watched.windows("agreement", version, "failed")).isZero();
                }
                assertThat(watched.alerts()).containsExactly(RULE + " firing", RULE + " resolved");
                assertThatTwoWereTrained(platform, models);
            }
        }
    }

    private void writeWorkspace(EmbeddedKafka broker) throws IOException {
        for (String part : List.of("contracts", "features", "models")) {
            Files.createDirectories(folder.resolve(part));
        }
        LeatCommandLines.configure(folder, broker);
        Files.writeString(
                folder.resolve("leat.yaml"),
                """
                monitor: {clock-grace: 500ms}
                trainer: {look-interval: 100ms}
                """,
                StandardOpenOption.APPEND);
        Files.writeString(folder.resolve("contracts/machine.odcs.yaml"), HeatingMachines.CONTRACT);
        Files.writeString(folder.resolve("features/machine-state.yaml"), HeatingMachines.VIEW);
        Files.writeString(folder.resolve("models/overload.yaml"), MODEL);
    }

    private static Platform start(Workspace workspace) {
        return Platform.start(
                workspace,
                new Platform.Options(
                        Set.of(
                                Role.COLLECTOR,
                                Role.ENRICHER,
                                Role.FEATURES,
                                Role.SCORER,
                                Role.MONITOR,
                                Role.TRAINER),
                        "1",
                        0));
    }

    private void trainFirst(Workspace workspace, HeatingMachines machines) throws IOException {
        machines.send(FIRST_READINGS);
        List<ConsumerRecord<byte[], byte[]>> _ =
                TopicRecords.await(
                        workspace.log(0),
                        workspace.names().vectors(workspace.vectors().getFirst()),
                        FIRST_READINGS);
        new WorkspaceCommands(folder).succeed("train", "overload");
    }

    private void promote(int version) {
        new WorkspaceCommands(folder)
                .succeed("models", "promote", "overload", Integer.toString(version));
    }

    private static List<ModelVersion> versions(WorkspaceModels models) {
        return models.models().versions("overload");
    }

    /// One by hand and one by itself, and none is being trained.
    private static void assertThatTwoWereTrained(Platform platform, WorkspaceModels models) {
        assertThat(versions(models))
                .extracting(ModelVersion::reference)
                .containsExactly("overload/1", "overload/2");
        List<Run> runs =
                models.tracking()
                        .read(state ->
                                state.runs(
                                        List.of(
                                                state.experimentNamed("overload")
                                                        .orElseThrow()
                                                        .id())));
        assertThat(runs)
                .extracting(run -> run.tags().get("leat.trigger"))
                .containsExactlyInAnyOrder("command", "drift");
        assertThat(runs).extracting(run -> run.info().status()).containsOnly(RunStatus.FINISHED);
        assertThat(platform.stageStates())
                .containsEntry("trainer.overload", new StageState.Running());
    }

    /// What the watching of the model has found.
    private record Watched(LogConnection log, Names names) {

        /// In how many windows a version had a verdict on its features.
        long windows(String version, String verdict) {
            return windows(RULE, version, verdict);
        }

        long windows(String rule, String version, String verdict) {
            return read(new ModelMonitorTopics(names).results()).stream()
                    .filter(one -> one.path("rule").asString("").equals(rule))
                    .filter(one -> one.path("version").asString("").equals(version))
                    .filter(one -> one.path("verdict").asString("").equals(verdict))
                    .count();
        }

        /// All that became of alerts, `feature-drift firing`.
        List<String> alerts() {
            return read(new MonitorTopics(names).alerts()).stream()
                    .map(one ->
                            one.path("rule").asString("") + " " + one.path("status").asString(""))
                    .toList();
        }

        /// The only alert, as a training names it.
        String raised() {
            List<AlertStanding> standing = new AlertLog(log, names).about(Set.of("overload.v1"));
            assertThat(standing).hasSize(1);
            return standing.getFirst().raised();
        }

        private List<JsonNode> read(String topic) {
            List<JsonNode> found = new ArrayList<>();
            try (SmallTopic small = SmallTopic.open(log, "test", topic)) {
                small.readOn(records ->
                        records.forEach(
                                one -> found.add(JsonMapper.shared().readTree(one.value()))));
            }
            return found;
        }
    }
}

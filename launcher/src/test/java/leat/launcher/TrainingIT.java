package leat.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import leat.core.model.ModelReference;
import leat.core.model.ModelVersion;
import leat.embedded.kafka.EmbeddedKafka;
import leat.launcher.cli.LeatCommandLines;
import leat.launcher.config.Workspace;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// From events to a model and its predictions, by files of a workspace alone. What is learned from
/// is known before a machine fails.
final class TrainingIT {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /// Of the last 61 published failures 16 come by chance: whoever foretells all others, and none
    /// wrongly, has 0.849.
    private static final double LEAST_F1 = 0.84;

    private static final String MODEL =
            """
            scoring:
              model: machine-failure
              view: machine-state
              outputs: {risk: 'probabilities[1]'}
            training:
              data:
                label: {contract: machine, when: event.machine_failure == 1}
              checks:
                rows: 1000
                features:
                  torque: {min: 0, max: 100, missing: 1%}
              split: {test: 30%}
              algorithm: {name: xgboost, parameters: {rounds: 300, learning-rate: 0.1}}
              baseline: logistic
              slices: [low]
              gates:
                - {metric: f1, at-least: 0.8}
                - {metric: f1, better-than: baseline}
              alias: champion
              seed: 7
            """;

    /// Beside the model above, one that is made of what is merged.
    private static final String MERGED =
            """
            training:
              model: merged
              data:
                view: machine-state
                label: {contract: machine, when: event.machine_failure == 1}
              algorithm: logistic
              gates:
                - {metric: roc_auc, at-least: 0.5}
              alias: champion
            """;

    /// One that a program of the workspace makes.
    private static final String SCRIPTED =
            """
            training:
              model: scripted
              data:
                view: machine-state
                label: {contract: machine, when: event.machine_failure == 1}
              algorithm: {name: command, run: [/bin/sh, train.sh]}
            """;

    /// One that is made when all events are there.
    private static final String BY_ITSELF =
            """
            training:
              model: by-itself
              data:
                view: machine-state
                label: {contract: machine, when: event.machine_failure == 1}
              algorithm: logistic
              alias: champion
              triggers: {new-labels: COUNT}
            """;

    @TempDir private static Path brokerFolder;
    @TempDir private static Path folder;
    @TempDir private static Path repositories;
    private static EmbeddedKafka broker;
    private static Workspace workspace;
    private static Platform platform;
    private static List<String> events;

    @BeforeAll
    static void open() throws IOException {
        PrometheusRegistry.defaultRegistry.clear();
        events = MillingMachines.events();
        broker = EmbeddedKafka.start(new EmbeddedKafka.Settings(brokerFolder, 0));
        writeWorkspace();
        workspace = Workspace.open(folder).withFreeCollectorPorts();
        assertThat(leat("train", "machine-failure").output())
                .contains("no models are kept in this log: it has no topic ");
        platform =
                Platform.start(
                        workspace,
                        new Platform.Options(
                                Set.of(
                                        Role.COLLECTOR,
                                        Role.ENRICHER,
                                        Role.FEATURES,
                                        Role.SCORER,
                                        Role.TRAINER),
                                "1",
                                0));
        String vectors = workspace.names().vectors(workspace.vectors().getFirst());
        // The last label has a model trained: the vectors of the others are there by then.
        send(events.subList(0, events.size() - 1));
        TopicRecords.await(workspace.log(0), vectors, events.size() - 1);
        send(events.subList(events.size() - 1, events.size()));
        TopicRecords.await(workspace.log(0), vectors, events.size());
    }

    @AfterAll
    static void close() {
        platform.close();
        broker.close();
    }

    private static void writeWorkspace() throws IOException {
        LeatCommandLines.initialize(folder);
        LeatCommandLines.configure(folder, broker);
        Files.writeString(folder.resolve("contracts/machine.odcs.yaml"), MillingMachines.CONTRACT);
        Files.createDirectories(folder.resolve("features"));
        Files.writeString(folder.resolve("features/machine-state.yaml"), MillingMachines.VIEW);
        Files.createDirectories(folder.resolve("models"));
        Files.writeString(folder.resolve("models/machine-failure.yaml"), MODEL);
        Files.writeString(
                folder.resolve("models/by-itself.yaml"),
                BY_ITSELF.replace("COUNT", Integer.toString(events.size())));
        Files.writeString(
                folder.resolve("leat.yaml"),
                "trainer: {look-interval: 500ms}\n",
                StandardOpenOption.APPEND);
    }

    @Test
    void aModelIsTrainedFromTheLogAndPredictsAndABadOneIsNotUsed() throws Exception {
        // When
        LeatCommandLines.Ended trained = leat("train", "machine-failure", "--json");
        Files.writeString(
                folder.resolve("models/machine-failure.yaml"),
                MODEL.replace("at-least: 0.8", "at-least: 0.999"));
        LeatCommandLines.Ended refused = leat("train", "machine-failure");
        LeatCommandLines.Ended unknown = leat("train", "machine-failur");

        // Then
        assertThat(trained.exitCode()).as(trained.output()).isZero();
        JsonNode report = JsonMapper.shared().readTree(lastLine(trained.output()));
        assertThat(report.path("version").asString()).isEqualTo("machine-failure/1");
        assertThat(report.path("alias").asString()).isEqualTo("champion");
        assertThat(report.path("metrics").path("f1").asDouble()).isGreaterThan(LEAST_F1);
        assertThat(report.path("trainingRows").asInt() + report.path("testRows").asInt())
                .isEqualTo(events.size());
        assertThat(refused.exitCode()).isOne();
        assertThat(refused.output())
                .containsPattern("gate FAILED: f1 at-least 0\\.999: .*, missed by 0\\.")
                .contains("machine-failure/2 is registered in ")
                .contains("; a gate failed, so no alias is set.");
        assertThat(unknown.output()).contains("write 'machine-failure' if that was meant");
        assertThat(
                        TopicRecords.await(
                                workspace.log(0),
                                workspace.names().predictions(workspace.predictions().getFirst()),
                                events.size()))
                .allSatisfy(prediction ->
                        assertThat(new String(prediction.value(), UTF_8))
                                .contains("\"risk\":")
                                .contains("\"model_version\":\"machine-failure/1\""));
        ScoredModel scored = new ScoredModel("machine-failure", folder, workspace, platform);
        scored.isJudgedByWhatTheLogShows(true);
        scored.failsByFaultsInTheLog(
                number ->
                        MillingMachines.event(
                                20_000 + number, "Q" + number, "L", "300,310,1400,900,10", "0"),
                number ->
                        MillingMachines.event(
                                30_000 + number, "R" + number, "L", "300,310,1400,40,10", "0"));
    }

    @Test
    void aModelIsTrainedByItselfWhenThereAreEnoughLabels() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<ModelVersion> versions = List.of();
        try (WorkspaceModels models = WorkspaceModels.open(workspace, 0)) {
            while (versions.isEmpty()) {
                assertThat(System.nanoTime()).as("time").isLessThan(deadline);
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
                versions = models.models().versions("by-itself");
            }
        }
        assertThat(versions).hasSize(1);
        assertThat(versions.getFirst().aliases()).containsExactly("champion");
        assertThat(versions.getFirst().tags()).containsEntry("leat.trigger", "labels");
        assertThat(platform.stageStates()).containsKey("trainer.by-itself");
    }

    @Test
    void whatIsMergedIsTrainedAndUsedWhereItPasses() throws Exception {
        // Given
        GitRepository here = repositoryWithRemote();

        // When
        String first = here.commit("models/merged.yaml", MERGED);
        String pushed = here.git("push", "origin", "main");

        // Then
        assertThat(pushed)
                .contains("remote: commit " + first)
                .contains("merged: no version of a commit has passed yet")
                .contains("merged/1 is registered in ")
                .contains(", and is champion now.")
                .contains("remote: 1 passed.");
        assertThat(version("merged@champion").tags())
                .containsEntry("mlflow.source.git.commit", first)
                .containsEntry("leat.trigger", "merge");

        // When
        String bad =
                here.commit(
                        "models/merged.yaml", MERGED.replace("at-least: 0.5", "at-least: 0.9999"));
        String failed = here.git("push", "origin", "main");
        String _ = here.commit("models/merged.yaml", MERGED.replace("logistic", "{name: [tea]}"));
        String faulty = here.git("push", "origin", "main");

        // Then
        assertThat(failed)
                .containsPattern(
                        "merged: models/merged\\.yaml has changed since "
                                + first.substring(0, 12)
                                + " \\(merged/1\\)")
                .contains("gate FAILED: roc_auc at-least 0.9999")
                .contains("leat train --ci of " + bad + " ended with 1");
        assertThat(version("merged/2").tags())
                .containsEntry("mlflow.source.git.commit", bad)
                .containsEntry("leat.gates", "failed");
        assertThat(faulty)
                .contains("models/merged.yaml:6:")
                .containsPattern("leat train --ci of [0-9a-f]+ ended with 1")
                .doesNotContain("is registered");
        assertThat(version("merged@champion").reference()).isEqualTo("merged/1");

        // When
        String mended = here.commit("models/merged.yaml", MERGED + "  seed: 3\n");
        JsonNode again = merged(here);
        String _ = here.commit("README.md", "Machines");
        JsonNode unchanged = merged(here);
        String _ = here.git("checkout", "--quiet", first);
        JsonNode outdated = merged(here);

        // Then
        assertThat(version("merged@champion").reference()).isEqualTo("merged/3");
        assertThat(again.path("commit").asString()).isEqualTo(mended);
        assertThat(outcome(again)).isEqualTo("passed");
        assertThat(outcome(unchanged)).isEqualTo("unchanged");
        assertThat(outcome(outdated)).isEqualTo("outdated");

        // When
        String _ = here.git("checkout", "--quiet", "main");
        String _ = here.commit("models/scripted/train.sh", "exit 4\n");
        String before = here.commit("models/scripted.yaml", SCRIPTED);
        String _ = here.commit("models/scripted/train.sh", "echo no luck; exit 3\n");
        LeatCommandLines.Ended scripted =
                LeatCommandLines.run(
                        "train",
                        "--ci",
                        "--since",
                        before,
                        "--workspace",
                        here.folder().toString());

        // Then
        assertThat(scripted.exitCode()).isOne();
        assertThat(scripted.output())
                .contains("merged: nothing has changed since ")
                .contains("scripted: models/scripted/train.sh has changed since ")
                .contains(
                        "scripted: STOPPED: /bin/sh train.sh ended with exit code 3: no luck; look"
                                + " at command-1.log of the run ");
    }

    /// A workspace as a clone of a bare repository that has the hook of the example.
    private static GitRepository repositoryWithRemote() throws Exception {
        Path program = repositories.resolve("leat");
        Files.writeString(
                program,
                """
                #!/bin/sh
                exec "$JAVA" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx256m \
                    --enable-native-access=ALL-UNNAMED leat.launcher.Main "$@"
                """);
        assertThat(program.toFile().setExecutable(true)).isTrue();
        GitRepository here =
                GitRepository.fresh(
                        repositories.resolve("here"),
                        Map.of(
                                "LEAT",
                                program.toString(),
                                "JAVA",
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "CLASSPATH",
                                System.getProperty("java.class.path")));
        Path remote = repositories.resolve("remote.git");
        String _ = here.git("init", "--quiet", "--bare", remote.toString());
        Path hook = remote.resolve("hooks/post-receive");
        Files.createDirectories(hook.getParent());
        Files.copy(Path.of("..", "examples", "machines", "ci", "post-receive"), hook);
        assertThat(hook.toFile().setExecutable(true)).isTrue();
        String _ = here.git("remote", "add", "origin", remote.toString());
        LeatCommandLines.configure(Files.createDirectories(here.folder()), broker);
        Files.writeString(here.folder().resolve(".gitignore"), ".leat/\n");
        String _ = here.commit("contracts/machine.odcs.yaml", MillingMachines.CONTRACT);
        String _ = here.commit("features/machine-state.yaml", MillingMachines.VIEW);
        return here;
    }

    private static JsonNode merged(GitRepository here) {
        return JsonMapper.shared()
                .readTree(
                        lastLine(
                                LeatCommandLines.run(
                                                "train",
                                                "--ci",
                                                "--json",
                                                "--workspace",
                                                here.folder().toString())
                                        .output()));
    }

    private static String outcome(JsonNode merged) {
        return merged.path("trainings").path(0).path("outcome").asString();
    }

    private static ModelVersion version(String reference) {
        try (WorkspaceModels models = WorkspaceModels.open(workspace, 0)) {
            return models.models().resolve(ModelReference.parse(reference)).version();
        }
    }

    private static String lastLine(String output) {
        return output.strip().lines().reduce("", (_, line) -> line);
    }

    private static LeatCommandLines.Ended leat(String... words) {
        return new WorkspaceCommands(folder).run(words);
    }

    private static void send(List<String> events) throws IOException {
        new WorkspaceCommands(folder).send(platform, "machine", events);
    }
}

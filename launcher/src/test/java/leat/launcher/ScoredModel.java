package leat.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import leat.core.artifact.ArtifactPath;
import leat.core.model.ModelVersion;
import leat.core.model.VersionCommand;
import leat.launcher.cli.LeatCommandLines;
import leat.launcher.config.Workspace;
import leat.ml.registry.ArtifactLog;
import leat.ml.registry.RegistryLog;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A trained model whose version 1 answers and whose version 2 has not passed its gates, as `leat
/// models score` sees it in the log: sound, and with faults that are planted there.
///
/// @param platform with collector, enricher, features and scorer
record ScoredModel(String model, Path folder, Workspace workspace, Platform platform) {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /// What it says of tests.
    private record Found(JsonNode json) {

        JsonNode test(String name) {
            for (JsonNode test : json.path("tests")) {
                if (test.path("test").asString().equals(name)) {
                    return test;
                }
            }
            throw new AssertionError("there is no test " + name);
        }

        void has(String name, String status, String evidence) {
            assertThat(test(name).path("status").asString())
                    .as(test(name).toString())
                    .isEqualTo(status);
            assertThat(test(name).path("evidence").asString()).contains(evidence);
        }
    }

    private LeatCommandLines.Ended leat(String... words) {
        List<String> command = new ArrayList<>(List.of(words));
        command.addAll(List.of("--workspace", folder.toString()));
        return LeatCommandLines.run(command.toArray(String[]::new));
    }

    private Found scored() {
        LeatCommandLines.Ended ended = leat("models", "score", model, "--json");
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        return new Found(
                JsonMapper.shared()
                        .readTree(ended.output().strip().lines().reduce("", (_, line) -> line)));
    }

    /// @param changed whether its file says something else than version 1 was trained by
    void isJudgedByWhatTheLogShows(boolean changed) {
        Found found = scored();

        assertThat(found.json().path("version").asString()).isEqualTo(model + "/1");
        found.has("feature-expectations", "failed", "9 features of 10: nothing is said of ");
        found.has("feature-code", "passed", "gives its 4,000 vectors bit for bit");
        if (changed) {
            found.has("review", "failed", "was trained by another definition than ");
        }
        found.has("simpler-model", "passed", "f1 ");
        found.has("specification", "passed", "the exported model gives the learned one's scores");
        found.has("pipeline", "passed", model + "/1, its newest ");
        found.has("gates", "passed", "f1 at-least 0.8: ");
        found.has("explanation", "passed", "says what 10 features added");
        found.has("canary", "no evidence", "is the first version that answered");
        found.has("age", "passed", "30 d is allowed");
        found.has("numbers", "passed", "are finite");
        found.has("privacy", "no evidence", "the contract machine.v1 says of no field");
        assertThat(found.test("feature-benefit").path("evidence").asString())
                .doesNotContain("says of no effect");
        assertThat(found.test("agreement").path("evidence").asString())
                .doesNotContain("are other ones");
        double least = 7;
        for (String section : List.of("data", "model", "infrastructure", "monitoring")) {
            double sum = 0;
            for (JsonNode test : found.json().path("tests")) {
                sum +=
                        test.path("section").asString().equals(section)
                                ? test.path("points").asDouble()
                                : 0;
            }
            assertThat(found.json().path("sums").path(section).asDouble()).isEqualTo(sum);
            least = Math.min(least, sum);
        }
        assertThat(found.json().path("score").asDouble()).isEqualTo(least);
        assertThat(leat("models", "score", model, "--quick").output())
                .contains(model + "/1 scores ", "infrastructure ", "no evidence feature-code");
        assertThat(leat("models", "score", model.substring(1)).output())
                .contains("write '" + model + "' if that was meant");
    }

    /// @param skewed an event that breaks a bound of the training, another one for each number
    /// @param more a sound one
    void failsByFaultsInTheLog(IntFunction<String> skewed, IntFunction<String> more)
            throws IOException {
        registerTwinOf(2);
        assertThat(
                        leat("models", "promote", model, "2", "--force", "--because", "a drill")
                                .exitCode())
                .isZero();
        sendUntilPredictedBy(2, skewed);

        Found broken = scored();

        assertThat(broken.json().path("version").asString()).isEqualTo(model + "/2");
        broken.has("gates", "failed", model + "/2 has not passed its gates: f1 at-least 0.999");
        broken.has("canary", "failed", model + "/2 answers from ");
        broken.has("invariants", "failed", "torque is 900.0, above 100.0");
        broken.has(
                "reproducible",
                "failed",
                model
                        + "/2 and "
                        + model
                        + "/3 have the same rows, definition and seed, and other");

        assertThat(leat("models", "rollback", model, "--because", "a drill").exitCode()).isZero();
        sendUntilPredictedBy(1, more);

        assertThat(scored().test("rollback").path("evidence").asString())
                .contains(
                        "@champion was rolled back to version 1 at ", "its first prediction came ");
    }

    /// A version that says it comes from the same, and has other bytes.
    private void registerTwinOf(int version) throws IOException {
        LogConnection log = workspace.log(0);
        try (ArtifactLog artifacts =
                        new ArtifactLog(
                                log,
                                workspace.names(),
                                folder.resolve("up"),
                                InstantSource.system());
                RegistryLog registry =
                        new RegistryLog(log, workspace.names(), InstantSource.system())) {
            artifacts.put(
                    new ArtifactPath("0/twin/artifacts/model/model.onnx"),
                    new ByteArrayInputStream("something else".getBytes(UTF_8)));
            ModelVersion twin = registry.read(state -> state.version(model, version)).orElseThrow();
            registry.write(
                    new VersionCommand.Create(
                            "twin",
                            model,
                            "mlflow-artifacts:/0/twin/artifacts/model",
                            "",
                            "",
                            "",
                            "",
                            new HashMap<>(twin.tags())));
        }
    }

    private void sendUntilPredictedBy(int version, IntFunction<String> event) throws IOException {
        String topic = workspace.names().predictions(workspace.predictions().getFirst());
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (Consumer<byte[], byte[]> reader = workspace.log(0).reader("test", Map.of())) {
            List<TopicPartition> partitions =
                    reader.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            reader.assign(partitions);
            reader.seekToEnd(partitions);
            partitions.forEach(reader::position);
            String wanted = "\"model_version\":\"" + model + "/" + version + "\"";
            boolean[] found = {false};
            for (int number = 1; !found[0]; number++) {
                assertThat(System.nanoTime()).as("time").isLessThan(deadline);
                Path file = folder.resolve("of-" + version + "-" + number + ".jsonl");
                Files.writeString(file, event.apply(number) + "\n");
                leat(
                        "send",
                        "machine",
                        file.toString(),
                        "--to",
                        "http://127.0.0.1:" + platform.collector().getPort());
                reader.poll(Duration.ofMillis(500))
                        .forEach(record ->
                                found[0] |= new String(record.value(), UTF_8).contains(wanted));
            }
        }
    }
}

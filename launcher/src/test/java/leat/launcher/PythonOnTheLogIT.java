package leat.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import leat.core.model.ModelReference;
import leat.embedded.kafka.EmbeddedKafka;
import leat.launcher.cli.LeatCommandLines;
import leat.launcher.config.Workspace;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The example whose models are trained in Python: by a script and by a notebook, from the log
/// alone, with no lake and no object store.
final class PythonOnTheLogIT {

    private static final Path EXAMPLE = Path.of("..", "examples", "machines");
    private static final Path PYTHON =
            Path.of("..", ".test-tools", "mlflow-3", "bin").toAbsolutePath().normalize();
    private static final int ROWS = 10_000;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration POLL = Duration.ofMillis(100);

    /// Loads what leat train has registered, learned by a script and by Leat itself.
    private static final String LOADS =
            """
            import mlflow
            import numpy as np
            import pandas as pd

            scripted = mlflow.pyfunc.load_model("models:/machine-failure-python/1")
            rows = np.ones((3, 8), dtype=np.float32)
            table = pd.DataFrame(rows)
            signature = scripted.metadata.signature
            print(
                "FLOAT" if signature.inputs.input_types()[0] == np.float32 else "?",
                len(scripted.metadata.metadata["leat.features"]),
                scripted.predict(rows)["probabilities"].shape,
                scripted.predict(table)["probabilities"].shape,
            )
            own = mlflow.onnx.load_model("models:/plain@champion")
            plain = mlflow.pyfunc.load_model("models:/plain@champion")
            print(own.graph.output[1].name, plain.predict(rows)["probabilities"].shape)
            """;

    /// One that Leat itself learns.
    private static final String PLAIN =
            """
            training:
              model: plain
              data: {view: machine-state, label: {when: event.failure == 1}}
              algorithm: logistic
              alias: champion
            """;

    @TempDir private Path brokerFolder;
    @TempDir private Path folder;

    @Test
    void whatPythonTrainsPredictsTheSameInTheStream() throws Exception {
        Assumptions.assumeTrue(
                Files.isExecutable(PYTHON.resolve("jupyter-execute")),
                "the Python packages of examples/machines are missing: install them"
                        + " (scripts/install-test-tools)");
        PrometheusRegistry.defaultRegistry.clear();
        try (EmbeddedKafka broker =
                EmbeddedKafka.start(new EmbeddedKafka.Settings(brokerFolder, 0))) {
            copyExample();
            LeatCommandLines.configure(folder, broker);
            Files.writeString(
                    folder.resolve("leat.yaml"),
                    Files.readString(folder.resolve("leat.yaml")) + "prefix: machines\n");
            try (Platform platform =
                    Platform.start(
                            Workspace.open(folder),
                            new Platform.Options(
                                    Set.of(
                                            Role.COLLECTOR,
                                            Role.ENRICHER,
                                            Role.FEATURES,
                                            Role.SCORER,
                                            Role.CONSOLE),
                                    "1",
                                    0))) {
                send(platform);
                awaitRecords(broker, "machines.vectors.machine-state.v1");

                // The notebook first: predictions begin when there is a champion, those of the
                // candidate too.
                python(broker, platform, "jupyter-execute", "train.ipynb");
                assertThat(python(broker, platform, "python", "train.py"))
                        .contains("machine-failure/2 of 10000 rows");
                awaitRecords(broker, "machines.predictions.machine-failure.v1");
                awaitRecords(broker, "machines.predictions.machine-failure-shadow.v1");

                assertThat(python(broker, platform, "python", "compare.py", "2"))
                        .contains("10000 predictions of machine-failure/2");
                assertThat(python(broker, platform, "python", "compare.py", "1"))
                        .contains("10000 predictions of machine-failure/1");

                trainsByScript();
                assertThat(python(broker, platform, "python", "-c", LOADS))
                        .contains("FLOAT 8 (3, 2) (3, 2)\n")
                        .endsWith("\nprobabilities (3, 2)\n");
            }
        }
    }

    /// Data, gates and registry are Leat's; what learns is scikit-learn.
    private void trainsByScript() throws IOException {
        JsonNode report = trained("machine-failure-python");
        JsonNode again =
                trained("machine-failure-python", "--data-of", report.path("run").asString());
        assertThat(trained("plain").path("version").asString()).isEqualTo("plain/1");

        assertThat(report.path("version").asString()).isEqualTo("machine-failure-python/1");
        assertThat(report.path("alias").asString()).isEqualTo("champion");
        assertThat(report.path("trainingRows").asInt()).isEqualTo(ROWS * 7 / 10);
        assertThat(again.path("onnxSha256")).isEqualTo(report.path("onnxSha256"));
        try (WorkspaceModels models = WorkspaceModels.open(Workspace.open(folder), 0)) {
            assertThat(
                            models.models()
                                    .resolve(ModelReference.parse("machine-failure-python/2"))
                                    .version()
                                    .tags())
                    .containsEntry("leat.reproduced", "same bytes as machine-failure-python/1");
            assertThat(
                            models.tracking()
                                    .read(state -> state.run(report.path("run").asString()))
                                    .orElseThrow()
                                    .metrics())
                    .hasEntrySatisfying(
                            "export/rows",
                            rows ->
                                    assertThat(rows.metric().value())
                                            .isEqualTo(report.path("trainingRows").asDouble()))
                    .hasEntrySatisfying(
                            "export/largest_difference",
                            difference -> assertThat(difference.metric().value()).isLessThan(1e-5));
        }
    }

    private JsonNode trained(String... words) {
        List<String> command =
                new ArrayList<>(List.of("train", "--json", "--workspace", folder.toString()));
        command.addAll(List.of(words));
        LeatCommandLines.Ended ended = LeatCommandLines.run(command.toArray(String[]::new));
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        return JsonMapper.shared()
                .readTree(ended.output().strip().lines().reduce("", (_, line) -> line));
    }

    private void copyExample() throws IOException {
        try (Stream<Path> files = Files.walk(EXAMPLE)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                Path copy = folder.resolve(EXAMPLE.relativize(file).toString());
                Files.createDirectories(Objects.requireNonNull(copy.getParent()));
                Files.copy(file, copy);
            }
        }
        Files.writeString(folder.resolve("models").resolve("plain.yaml"), PLAIN);
        Path scripted = folder.resolve("models").resolve("machine-failure-python.yaml");
        Files.writeString(
                scripted,
                Files.readString(scripted)
                        .replace("[python3,", "[" + PYTHON.resolve("python") + ","));
    }

    private void send(Platform platform) throws IOException {
        Path readings = folder.resolve("readings.csv");
        Files.writeString(readings, readings());
        assertThat(
                        LeatCommandLines.run(
                                        "send",
                                        "machine-reading",
                                        readings.toString(),
                                        "--workspace",
                                        folder.toString(),
                                        "--to",
                                        "http://127.0.0.1:" + platform.collector().getPort())
                                .output())
                .contains("10,000 accepted");
    }

    /// Machines of which those fail that have worn tools and much strain, or little power.
    private static String readings() {
        StringBuilder rows =
                new StringBuilder(
                        "time,product,type,air_temperature,process_temperature,"
                                + "rotational_speed,torque,tool_wear,failure\n");
        SplittableRandom random = new SplittableRandom(7);
        Instant time = Instant.parse("2020-01-01T00:00:00Z");
        for (int row = 0; row < ROWS; row++) {
            double air = 300 + random.nextGaussian() * 2;
            double process = air + 10 + random.nextGaussian();
            double speed = Math.max(1_000, 1_500 + random.nextGaussian() * 180);
            double torque = Math.max(4, 40 + random.nextGaussian() * 10);
            int wear = random.nextInt(250);
            double power = torque * speed * Math.PI / 30;
            boolean fails = wear * torque > 11_000 || power < 3_500 || power > 9_500;
            rows.append(
                    String.format(
                            Locale.ROOT,
                            "%s,p%d,%s,%.1f,%.1f,%.0f,%.1f,%d,%d%n",
                            time.plusSeconds(60L * row),
                            row,
                            "LMH".charAt(random.nextInt(3)),
                            air,
                            process,
                            speed,
                            torque,
                            wear,
                            fails ? 1 : 0));
        }
        return rows.toString();
    }

    /// Waits until a topic has a record of each row.
    private static void awaitRecords(EmbeddedKafka broker, String topic) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (Consumer<byte[], byte[]> consumer =
                new LogConnection(broker.bootstrapServers()).reader("counting", Map.of())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(one -> new TopicPartition(topic, one.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            int seen = 0;
            while (seen < ROWS) {
                assertThat(System.nanoTime()).as("%s has %s", topic, seen).isLessThan(deadline);
                seen += consumer.poll(POLL).count();
            }
            assertThat(seen).isEqualTo(ROWS);
        }
    }

    /// Runs a program of the example's environment in its folder.
    ///
    /// @return what it wrote
    private String python(EmbeddedKafka broker, Platform platform, String... words)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(words));
        command.set(0, PYTHON.resolve(words[0]).toString());
        return new PythonProgram(folder.resolve("python"), folder)
                .run(
                        Objects.requireNonNull(platform.addresses().get(Role.CONSOLE.word())),
                        Map.of("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers()),
                        command);
    }
}

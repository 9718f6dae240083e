package leat.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import leat.core.model.ModelReference;
import leat.core.model.ResolvedModel;
import leat.embedded.kafka.EmbeddedKafka;
import leat.launcher.cli.LeatCommandLines;
import leat.launcher.config.Workspace;
import leat.ml.registry.ModelsInLog;
import leat.stream.log.LogConnection;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// MLflow's own clients against the platform: that in Python, of both major versions that are in
/// use, and that in Java.
final class MlflowClientIT {

    private static final Path TOOLS = Path.of("..", ".test-tools").toAbsolutePath().normalize();

    @TempDir private Path brokerFolder;
    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void tracks(int major) throws Exception {
        try (EmbeddedKafka _ = broker()) {
            run(python(major, "sklearn"), "mlflow_client.py", major);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void registersModels(int major) throws Exception {
        try (EmbeddedKafka broker = broker()) {
            run(python(major, "onnxruntime"), "mlflow_models.py", major);

            assertKafkaAloneHasTheModel(broker);
        }
    }

    /// The client in Java moves files by Python.
    @Test
    void theClientInJavaTracksAndRegistersToo() throws Exception {
        Path python = python(3, "mlflow");
        try (EmbeddedKafka _ = broker();
                Platform platform = console()) {
            String output =
                    new PythonProgram(folder, folder)
                            .run(
                                    address(platform),
                                    Map.of("MLFLOW_PYTHON_EXECUTABLE", python.toString()),
                                    List.of(
                                            Path.of(System.getProperty("java.home"), "bin", "java")
                                                    .toString(),
                                            "-XX:TieredStopAtLevel=1",
                                            "-cp",
                                            System.getProperty("java.class.path"),
                                            MlflowJavaClient.class.getName(),
                                            folder.toString()));

            assertThat(output).endsWith("found everything as it should be\n");
        }
    }

    /// @param needed a package that it has to have
    private static Path python(int major, String needed) {
        Path home = TOOLS.resolve("mlflow-" + major);
        Path python = home.resolve("bin/python");
        Assumptions.assumeTrue(
                Files.isExecutable(python) && hasPackage(home, needed),
                "the Python package "
                        + needed
                        + " for MLflow "
                        + major
                        + " is missing: install it (scripts/install-test-tools)");
        return python;
    }

    private static boolean hasPackage(Path home, String name) {
        try (Stream<Path> versions = Files.list(home.resolve("lib"))) {
            return versions.anyMatch(
                    version -> Files.isDirectory(version.resolve("site-packages").resolve(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private EmbeddedKafka broker() throws IOException {
        PrometheusRegistry.defaultRegistry.clear();
        LeatCommandLines.initialize(folder);
        EmbeddedKafka broker = EmbeddedKafka.start(new EmbeddedKafka.Settings(brokerFolder, 0));
        LeatCommandLines.configure(folder, broker);
        return broker;
    }

    /// Runs a script against a platform, which is gone afterwards.
    private void run(Path python, String script, int major) throws Exception {
        try (Platform platform = console()) {
            String output = run(python, script, address(platform));

            assertThat(output)
                    .contains("MLflow " + major + ".")
                    .endsWith("found everything as it should be\n");
        }
    }

    private Platform console() {
        return Platform.start(
                Workspace.open(folder), new Platform.Options(Set.of(Role.CONSOLE), "1", 0));
    }

    private static String address(Platform platform) {
        return Objects.requireNonNull(platform.addresses().get(Role.CONSOLE.word()));
    }

    /// What the script has registered last, the log has, without the platform.
    private void assertKafkaAloneHasTheModel(EmbeddedKafka broker) throws IOException {
        try (ModelsInLog models =
                new ModelsInLog(
                        new LogConnection(broker.bootstrapServers()),
                        Workspace.open(folder).names())) {
            ResolvedModel champion = models.resolve(ModelReference.parse("cars@champion"));

            assertThat(champion.version().info().number()).isEqualTo(2);
            assertThat(champion.position()).isPresent();
            try (InputStream model = models.open(champion.version(), "model.onnx")) {
                assertThat(model.readAllBytes())
                        .hasSizeGreaterThan(300_000)
                        .isEqualTo(Files.readAllBytes(folder.resolve("model.onnx")));
            }
        }
    }

    /// @return what the script wrote; all of it where it failed
    private String run(Path python, String name, String console)
            throws IOException, InterruptedException {
        Path script = folder.resolve(name);
        try (InputStream source = MlflowClientIT.class.getResourceAsStream(name)) {
            Files.copy(Objects.requireNonNull(source), script);
        }
        return new PythonProgram(folder, folder)
                .run(console, Map.of(), List.of(python.toString(), script.toString()));
    }
}

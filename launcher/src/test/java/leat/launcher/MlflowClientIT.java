package leat.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import leat.embedded.kafka.EmbeddedKafka;
import leat.launcher.cli.LeatCommandLines;
import leat.launcher.config.Workspace;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// MLflow's own client in Python, of both major versions that are in use, against the platform.
final class MlflowClientIT {

    private static final Path TOOLS = Path.of("..", ".test-tools").toAbsolutePath().normalize();
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir private Path brokerFolder;
    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void finds(int major) throws Exception {
        Path python = TOOLS.resolve("mlflow-" + major).resolve("bin/python");
        Assumptions.assumeTrue(
                Files.isExecutable(python),
                "the Python package mlflow-skinny of version "
                        + major
                        + " is missing: install it (scripts/install-test-tools)");
        PrometheusRegistry.defaultRegistry.clear();
        LeatCommandLines.initialize(folder);
        try (EmbeddedKafka broker =
                EmbeddedKafka.start(new EmbeddedKafka.Settings(brokerFolder, 0))) {
            LeatCommandLines.configure(folder, broker);
            try (Platform platform =
                    Platform.start(
                            Workspace.open(folder),
                            new Platform.Options(Set.of(Role.CONSOLE), "1", 0))) {
                String output =
                        run(
                                python,
                                Objects.requireNonNull(
                                        platform.addresses().get(Role.CONSOLE.word())));

                assertThat(output)
                        .contains("MLflow " + major + ".")
                        .endsWith("found everything as it should be\n");
            }
        }
    }

    /// @return what the script wrote; all of it where it failed
    private String run(Path python, String console) throws IOException, InterruptedException {
        Path script = folder.resolve("mlflow_client.py");
        try (InputStream source = MlflowClientIT.class.getResourceAsStream("mlflow_client.py")) {
            Files.copy(Objects.requireNonNull(source), script);
        }
        Path output = folder.resolve("mlflow_client.out");
        ProcessBuilder builder =
                new ProcessBuilder(python.toString(), script.toString())
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment()
                .putAll(
                        Map.of(
                                "MLFLOW_TRACKING_URI", console,
                                "MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2",
                                "MLFLOW_DISABLE_TELEMETRY", "true",
                                "DO_NOT_TRACK", "true",
                                "GIT_PYTHON_REFRESH", "quiet",
                                "HOME", folder.toString()));
        Process process = builder.start();
        try {
            boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            String text = Files.readString(output, UTF_8);
            assertThat(ended).as(text).isTrue();
            assertThat(process.exitValue()).as(text).isZero();
            return text;
        } finally {
            process.destroyForcibly();
        }
    }
}

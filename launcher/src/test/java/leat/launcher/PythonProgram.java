package leat.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Programs in Python that use MLflow's client, run in a folder. They ask nobody on the internet.
///
/// @param folder where they run
/// @param home where they may keep something, and their output goes
record PythonProgram(Path folder, Path home) {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Map<String, String> QUIET =
            Map.of(
                    "MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2",
                    "MLFLOW_DISABLE_TELEMETRY", "true",
                    "DO_NOT_TRACK", "true",
                    "GIT_PYTHON_REFRESH", "quiet");

    /// Runs one to its end, which has to be a good one.
    ///
    /// @param console the URI that MLflow's client asks
    /// @param environment more variables
    /// @return what it wrote
    String run(String console, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        Path output = home.resolve("python.out");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        Map<String, String> variables = new HashMap<>(QUIET);
        variables.put("MLFLOW_TRACKING_URI", console);
        variables.put("HOME", home.toString());
        variables.putAll(environment);
        builder.environment().putAll(variables);
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

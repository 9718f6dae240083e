package leat.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// MLflow's own client moves the files of a model into an object store, past the console.
final class StoredByClientIT {

    private static final Path HOME =
            Path.of("..", ".test-tools", "mlflow-3").toAbsolutePath().normalize();
    private static final String SCRIPT = "mlflow_stored.py";

    @TempDir private Path brokerFolder;
    @TempDir private Path folder;
    @TempDir private Path storeFolder;
    @TempDir private Path python;

    @Test
    void aModelThatTheClientHasStoredScoresAsItDoesForTheClient() throws Exception {
        Path program = program();
        ChurnPlatform.define(folder);
        try (S3Process store = new S3Process(storeFolder)) {
            store.writeKeys(folder);
            try (ChurnPlatform churn =
                    ChurnPlatform.start(brokerFolder, folder, store.settings())) {
                String said =
                        new PythonProgram(python, python)
                                .run(
                                        Objects.requireNonNull(
                                                churn.platform
                                                        .addresses()
                                                        .get(Role.CONSOLE.word())),
                                        store.environment(),
                                        List.of(
                                                program.toString(),
                                                python.resolve(SCRIPT).toString()));
                assertThat(said).endsWith("made version 3 champion\n");
                JsonNode scores =
                        JsonMapper.shared().readTree(python.resolve("scores.json").toFile());
                assertThat(scores).hasSize(20);

                for (int amount = 0; amount < scores.size(); amount++) {
                    churn.send(
                            "{\"order\":\"o%d\",\"customer\":\"c%d\",\"amount\":%d.0}"
                                    .formatted(amount, amount, amount));
                }
                churn.awaitRows("churn", scores.size());

                for (int amount = 0; amount < scores.size(); amount++) {
                    String answer =
                            churn.cell(
                                    "SELECT model_version || ' ' || risk AS x FROM churn_v1"
                                            + " WHERE entity = 'c%d'".formatted(amount));
                    assertThat(answer).startsWith("churn/3 ");
                    assertThat(Double.parseDouble(answer.substring("churn/3 ".length())))
                            .isEqualTo(scores.path(amount).asDouble(), within(1e-4));
                }
            }
        }
    }

    /// Python with what the script needs, which stands in its folder then.
    private Path program() throws IOException {
        Path program = HOME.resolve("bin/python");
        boolean isThere = Files.isExecutable(program);
        if (isThere) {
            try (Stream<Path> versions = Files.list(HOME.resolve("lib"))) {
                isThere =
                        versions.anyMatch(version ->
                                Files.isDirectory(version.resolve("site-packages/boto3")));
            }
        }
        Assumptions.assumeTrue(
                isThere,
                "the Python package boto3 for MLflow 3 is missing: install it"
                        + " (scripts/install-test-tools)");
        try (InputStream source = StoredByClientIT.class.getResourceAsStream(SCRIPT)) {
            Files.copy(Objects.requireNonNull(source), python.resolve(SCRIPT));
        }
        return program;
    }
}

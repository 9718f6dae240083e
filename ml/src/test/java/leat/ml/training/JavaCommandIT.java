package leat.ml.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import leat.core.model.ModelVersion;
import leat.core.tracking.Run;
import leat.core.training.Training;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.json.JsonMapper;

/// A class of the workspace as the program that learns.
final class JavaCommandIT {

    private static final String MODEL = "in-java";

    /// What a float has less than a double, of a number up to 1.
    private static final double ROUNDING = 1e-6;

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
    void aClassWithOthersBesideItAndLibrariesIsCompiledAndLearns() throws Exception {
        // Given
        Path sources = folder.resolve(MODEL);
        Path libraries = Files.createDirectories(sources.resolve("lib"));
        copySource("Train.java", sources);
        copySource("Onnx.java", sources);
        for (Class<?> library : List.of(JsonMapper.class, JsonParser.class, JsonInclude.class)) {
            copyJar(library, libraries);
        }
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Training training =
                Machines.training(
                        folder,
                        MODEL,
                        """
                        {name: command, run: ['%s', -cp, 'lib/*', Train.java], \
                        score: probability, parameters: {rounds: 5000, rate: 2.0}}\
                        """
                                .formatted(java),
                        TrainedMachines.DATA
                                + """
                                gates: [{metric: roc_auc, at-least: 0.95}]
                                alias: served
                                """);

        // When
        TrainingReport report = trained.train(training);

        // Then the exported model is the one that was learned
        assertThat(report.passed()).as("%s", report.gates()).isTrue();
        Run run = trained.run(report.run());
        assertThat(TrainedMachines.value(run, "export/rows")).isEqualTo(report.trainingRows());
        assertThat(TrainedMachines.value(run, "export/largest_difference")).isLessThan(ROUNDING);
        // And a scorer says of the rows that it was learned from what the program did
        ModelVersion version = trained.version(MODEL + "@served");
        assertThat(version.reference()).isEqualTo(MODEL + "/1");
        SortedMap<Instant, Double> served =
                ServedScores.of(
                        trained.machines,
                        trained.models,
                        version,
                        Math.toIntExact(report.trainingRows() + report.testRows()));
        List<Double> said =
                trained.artifact(run, "command-1.log").lines().map(Double::valueOf).toList();
        assertThat(said).hasSize(Math.toIntExact(report.trainingRows()));
        assertThat(served.values().stream().limit(said.size()).toList())
                .usingElementComparator(JavaCommandIT::compare)
                .isEqualTo(said);
    }

    private static int compare(double one, double other) {
        return Math.abs(one - other) <= ROUNDING ? 0 : Double.compare(one, other);
    }

    private static void copySource(String name, Path to) throws IOException {
        try (InputStream source =
                Objects.requireNonNull(
                        JavaCommandIT.class.getResourceAsStream("java/" + name), name)) {
            Files.write(to.resolve(name), source.readAllBytes());
        }
    }

    /// Copies the jar that has a class.
    private static void copyJar(Class<?> of, Path to) throws IOException, URISyntaxException {
        Path jar = Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI());
        Path _ = Files.copy(jar, to.resolve(jar.getFileName()));
    }
}

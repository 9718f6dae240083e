package leat.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import leat.core.event.EventGenerator;
import leat.core.model.ModelVersion;
import leat.embedded.kafka.EmbeddedKafka;
import leat.launcher.cli.LeatCommandLines;
import leat.launcher.config.Workspace;
import leat.launcher.demo.Demo;
import leat.launcher.demo.ModelDemo;
import leat.launcher.demo.ModelOutcome;
import leat.launcher.demo.OfferedVersion;
import leat.stream.send.ClientAccess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The models of the connected-car example, as `leat demo` shows them.
final class ModelDemoIT {

    private static final Path EXAMPLE = Path.of("..", "examples", "connected-car");

    /// Twelve seconds are 36 minutes for the cars.
    private static final Demo.Size SIZE =
            new Demo.Size(500, 1_500, Duration.ofSeconds(12), 1, false, true);

    private static final List<String> OTHER_VIEWS =
            List.of("driving", "wear", "shocks", "firmware-baseline");

    @TempDir private static Path brokerFolder;
    @TempDir private static Path folder;

    @Test
    void modelsLearnFromThePastAndForetellAndABadVersionIsStopped() throws Exception {
        PrometheusRegistry.defaultRegistry.clear();
        try (EmbeddedKafka broker =
                EmbeddedKafka.start(new EmbeddedKafka.Settings(brokerFolder, 0))) {
            // Given
            writeWorkspace(broker);
            Workspace workspace = Workspace.open(folder);
            List<String> told = new CopyOnWriteArrayList<>();
            try (Platform platform =
                    Platform.start(
                            workspace,
                            new Platform.Options(
                                    Set.of(
                                            Role.COLLECTOR,
                                            Role.ENRICHER,
                                            Role.FEATURES,
                                            Role.SCORER,
                                            Role.MONITOR),
                                    "1",
                                    0))) {
                // When
                List<ModelOutcome> outcomes;
                List<OfferedVersion> offered;
                try (ModelDemo demo =
                        ModelDemo.start(
                                new ModelDemo.Place(
                                        workspace,
                                        platform.log(),
                                        platform.collector(),
                                        0,
                                        ClientAccess.NONE,
                                        _ -> {},
                                        told::add),
                                EventGenerator.named("connected-car"),
                                SIZE)) {
                    demo.play();
                    outcomes = demo.outcomes();
                    offered = demo.offered();
                }

                // Then
                String story = String.join("\n", told);
                assertThat(story).doesNotContain("does not wait longer");
                assertThat(story)
                        .contains("breakdown/1 is the first version, and answers")
                        .contains("breakdown/2 is STOPPED by its gates; breakdown/1 goes on")
                        .containsPattern(
                                "breakdown/3 has predicted of [\\d,]+ vectors beside breakdown/1,"
                                        + " and is promoted")
                        .contains("breakdown/3 answers now");
                assertThatVersionsAreAsToldIn(workspace);
                assertThat(offered)
                        .extracting(
                                OfferedVersion::training,
                                OfferedVersion::version,
                                OfferedVersion::passed,
                                OfferedVersion::answers)
                        .containsExactly(
                                tuple(
                                        "hasty-breakdown",
                                        "breakdown/2",
                                        false,
                                        Optional.of("breakdown/1")),
                                tuple(
                                        "breakdown",
                                        "breakdown/3",
                                        true,
                                        Optional.of("breakdown/3")));
                assertThat(offered.getFirst().failedGates())
                        .anySatisfy(gate -> assertThat(gate).startsWith("f1 at-least 0.6: "));
                assertThatItForetells(outcomes);
                assertThatTheScoreIsFive();
            }
        }
    }

    private static void assertThatVersionsAreAsToldIn(Workspace workspace) {
        try (WorkspaceModels models = WorkspaceModels.open(workspace, 0)) {
            List<ModelVersion> versions = models.models().versions("breakdown");
            assertThat(versions)
                    .extracting(ModelVersion::reference)
                    .containsExactly("breakdown/1", "breakdown/2", "breakdown/3");
            assertThat(versions.get(1).tags()).containsEntry("leat.gates", "failed");
            assertThat(versions.get(1).aliases()).isEmpty();
            assertThat(versions.get(2).aliases()).contains("champion", "candidate");
            for (String model : List.of("unusual-signs", "strange-signs")) {
                assertThat(models.models().versions(model).getFirst().aliases())
                        .containsExactly("champion");
            }
        }
    }

    private static void assertThatItForetells(List<ModelOutcome> outcomes) {
        assertThat(outcomes)
                .extracting(ModelOutcome::scoring)
                .containsExactly("breakdown", "strange-signs", "unusual-signs");
        long vectors = outcomes.getFirst().predictions();
        assertThat(vectors).isGreaterThan(SIZE.sources() * 10L);
        assertThat(outcomes)
                .allSatisfy(outcome -> {
                    assertThat(outcome.predictions()).isEqualTo(vectors);
                    assertThat(outcome.alarms()).isPositive();
                    assertThat(outcome.events()).isPositive();
                    assertThat(outcome.precision().orElseThrow()).isBetween(0.2, 1.0);
                    assertThat(outcome.recall().orElseThrow()).isBetween(0.5, 1.0);
                    // A condition lasts eight minutes of driving at least.
                    assertThat(outcome.leadSeconds().orElseThrow()).isBetween(60.0, 600.0);
                });
    }

    private static void assertThatTheScoreIsFive() {
        LeatCommandLines.Ended ended =
                LeatCommandLines.run(
                        "models", "score", "breakdown", "--json", "--workspace", folder.toString());
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        JsonNode scored =
                JsonMapper.shared()
                        .readTree(ended.output().strip().lines().reduce("", (_, line) -> line));
        List<String> lost = new ArrayList<>();
        for (JsonNode test : scored.path("tests")) {
            if (test.path("points").asDouble() < 1) {
                lost.add(
                        test.path("test").asString()
                                + " "
                                + test.path("status").asString()
                                + ": "
                                + test.path("evidence").asString());
            }
        }
        assertThat(scored.path("version").asString()).isEqualTo("breakdown/3");
        assertThat(scored.path("score").asDouble())
                .as(scored.path("sums") + String.join("\n", lost))
                .isGreaterThanOrEqualTo(5);
        assertThat(scored.toString()).doesNotContain("\"by hand\"");
    }

    /// The example without what its models do not need.
    private static void writeWorkspace(EmbeddedKafka broker) throws IOException {
        for (String part : List.of("contracts", "features", "models", "reference")) {
            Path target = Files.createDirectories(folder.resolve(part));
            try (Stream<Path> files = Files.list(EXAMPLE.resolve(part))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.copy(file, target.resolve(file.getFileName()));
                }
            }
        }
        for (String view : OTHER_VIEWS) {
            Files.delete(folder.resolve("features/" + view + ".yaml"));
        }
        LeatCommandLines.configure(folder, broker);
        Files.writeString(
                folder.resolve("leat.yaml"),
                """
                demo:
                  generator: connected-car
                  offers: [hasty-breakdown]
                """,
                StandardOpenOption.APPEND);
    }
}

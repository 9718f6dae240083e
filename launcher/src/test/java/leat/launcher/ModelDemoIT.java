package leat.launcher;

import io.prometheus.metrics.model.registry.PrometheusRegistry;

import leat.core.event.EventGenerator;
import leat.embedded.kafka.EmbeddedKafka;
import leat.launcher.cli.LeatCommandLines;
import leat.launcher.config.Workspace;
import leat.launcher.demo.Demo;
import leat.launcher.demo.ModelDemo;
import leat.stream.send.ClientAccess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The models of the connected-car example, as `leat demo` shows them.
final class ModelDemoIT {

    private static final Path EXAMPLE = Path.of("..", "examples", "connected-car");

    @TempDir private static Path brokerFolder;
    @TempDir private static Path folder;

    @Test
    void modelsAreTrainedAndForetellAndABadVersionIsStopped() throws Exception {
        PrometheusRegistry.defaultRegistry.clear();
        try (EmbeddedKafka broker =
                EmbeddedKafka.start(new EmbeddedKafka.Settings(brokerFolder, 0))) {
            writeWorkspace(broker);
            Workspace workspace = Workspace.open(folder);
            List<String> told = new ArrayList<>();
            long begun = System.nanoTime();
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
                Demo.Size size =
                        new Demo.Size(
                                Integer.getInteger("demo.cars", 1000),
                                Integer.getInteger("demo.rate", 1000),
                                Duration.ofSeconds(Integer.getInteger("demo.seconds", 40)),
                                1,
                                false,
                                true);
                try (ModelDemo demo =
                        ModelDemo.start(
                                new ModelDemo.Place(
                                        workspace,
                                        platform.log(),
                                        platform.collector(),
                                        0,
                                        ClientAccess.NONE,
                                        System.out::println,
                                        line -> {
                                            System.out.println(
                                                    (System.nanoTime() - begun) / 1000000
                                                            + " TOLD "
                                                            + line);
                                            told.add(line);
                                        }),
                                EventGenerator.named("connected-car"),
                                size)) {
                    demo.play();
                    System.out.println(demo.outcomes());
                    System.out.println(demo.offered());
                }
                System.out.println((System.nanoTime() - begun) / 1000000 + " played");
                System.out.println(
                        LeatCommandLines.run(
                                        "models",
                                        "score",
                                        "breakdown",
                                        "--workspace",
                                        folder.toString())
                                .output());
                System.out.println((System.nanoTime() - begun) / 1000000 + " scored");
            }
        }
    }

    private static void writeWorkspace(EmbeddedKafka broker) throws IOException {
        for (String part : List.of("contracts", "features", "models", "reference")) {
            Path target = Files.createDirectories(folder.resolve(part));
            try (Stream<Path> files = Files.list(EXAMPLE.resolve(part))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.copy(file, target.resolve(file.getFileName()));
                }
            }
        }
        for (String other : List.of("driving", "wear", "shocks", "firmware-baseline")) {
            Files.delete(folder.resolve("features/" + other + ".yaml"));
        }
        LeatCommandLines.configure(folder, broker);
        Files.writeString(
                folder.resolve("leat.yaml"),
                "demo: {generator: connected-car, offers: [hasty-breakdown]}\n",
                StandardOpenOption.APPEND);
    }
}

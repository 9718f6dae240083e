package leat.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import leat.core.event.EventHeaders;
import leat.embedded.kafka.EmbeddedKafka;
import leat.launcher.cli.LeatCommandLines;
import leat.launcher.config.Workspace;
import leat.stream.log.EventHeader;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The log is all that there is of a model and of what it predicts of: a scorer that has nothing
/// else says the same as the one before it.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class FreshScorerIT {

    private static final int EVENTS = 1_000;

    /// More than a model that says the same of everything gives.
    private static final int DIFFERENT_SCORES = 100;

    private static final String SCORING =
            """
            scoring:
              model: machine-failure
              view: machine-state
              outputs: {risk: 'probabilities[1]'}
            """;

    private static final String TRAINING =
            """
            training:
              data:
                label: {contract: machine, when: event.machine_failure == 1}
              algorithm: {name: xgboost, parameters: {rounds: 50}}
              alias: champion
            """;

    @TempDir private Path brokerFolder;
    @TempDir private Path places;

    @Test
    void predictsTheSameOfEveryVectorWhenAllButTheLogIsGone() throws Exception {
        PrometheusRegistry.defaultRegistry.clear();
        try (EmbeddedKafka broker =
                EmbeddedKafka.start(new EmbeddedKafka.Settings(brokerFolder, 0))) {
            LogConnection log = new LogConnection(broker.bootstrapServers());
            Path first = places.resolve("first");
            define(first, broker, "machine-failure", SCORING + TRAINING);
            Map<String, String> before = trainAndPredict(log, first);

            // Given that all stores but the log are gone
            delete(first);
            assertThat(places).isEmptyDirectory();

            // When
            Path second = places.resolve("second");
            define(second, broker, "again", SCORING);
            Map<String, String> after = predictAfresh(log, second);

            // Then
            assertThat(before).hasSize(EVENTS);
            assertThat(risks(before)).hasSizeGreaterThan(DIFFERENT_SCORES);
            assertThat(before.values())
                    .allSatisfy(one ->
                            assertThat(one).contains("\"model_version\":\"machine-failure/1\""));
            assertThat(after).isEqualTo(before);
        }
    }

    /// A whole platform trains a model and predicts by it, and everything is in other stores too.
    private static Map<String, String> trainAndPredict(LogConnection log, Path folder)
            throws IOException {
        Workspace workspace = Workspace.open(folder);
        WorkspaceCommands commands = new WorkspaceCommands(folder);
        try (Platform platform = start(folder)) {
            commands.send(platform, "machine", MillingMachines.events().subList(0, EVENTS));
            List<ConsumerRecord<byte[], byte[]>> _ =
                    TopicRecords.await(
                            log, workspace.names().vectors(workspace.vectors().getFirst()), EVENTS);
            commands.succeed("train", "machine-failure");
            Map<String, String> predictions = predictions(log, workspace);
            awaitOtherStores(folder);
            return predictions;
        }
    }

    /// A scorer in a process of its own begins with the definitions and the log.
    private Map<String, String> predictAfresh(LogConnection log, Path folder) throws IOException {
        Workspace workspace = Workspace.open(folder);
        String topic = topic(workspace);
        Path said = places.resolve("said.txt");
        Process scorer = scorer(folder, said);
        try {
            Await.until(topic, () -> !scorer.isAlive() || TopicRecords.hasTopic(log, topic));
            assertThat(scorer.isAlive()).as(Files.readString(said)).isTrue();
            return predictions(log, workspace);
        } finally {
            scorer.destroy();
            scorer.onExit().join();
        }
    }

    /// Writes what stands in version control, and where the log is.
    private static void define(Path folder, EmbeddedKafka broker, String scoring, String model)
            throws IOException {
        for (String part : List.of("contracts", "features", "models")) {
            Files.createDirectories(folder.resolve(part));
        }
        LeatCommandLines.configure(folder, broker);
        Files.writeString(
                folder.resolve("leat.yaml"),
                "lake: {loader: {commit-interval: 500ms}}\n",
                StandardOpenOption.APPEND);
        Files.writeString(folder.resolve("contracts/machine.odcs.yaml"), MillingMachines.CONTRACT);
        Files.writeString(folder.resolve("features/machine-state.yaml"), MillingMachines.VIEW);
        Files.writeString(folder.resolve("models/" + scoring + ".yaml"), model);
    }

    private static Platform start(Path folder) {
        return Platform.start(
                Workspace.open(folder).withFreeCollectorPorts(),
                new Platform.Options(
                        Set.of(
                                Role.COLLECTOR,
                                Role.ENRICHER,
                                Role.FEATURES,
                                Role.SCORER,
                                Role.LAKE,
                                Role.CONSOLE),
                        "1",
                        0));
    }

    /// Waits until the feature store, the online store and the lake have files of their own, so
    /// that there is something to delete.
    private static void awaitOtherStores(Path folder) {
        Path state = folder.resolve(".leat");
        Await.until(
                "state of the feature store", () -> has(state.resolve("features"), ".sst", ".log"));
        Await.until("an online store", () -> has(state.resolve("features-online"), ".sst", ".log"));
        Await.until("files of the lake", () -> has(state.resolve("lake"), ".parquet"));
    }

    private static boolean has(Path folder, String... endings) {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.anyMatch(
                    file -> Stream.of(endings).anyMatch(file.getFileName().toString()::endsWith));
        } catch (IOException | UncheckedIOException _) {
            // A file went away while they were looked at.
            return false;
        }
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path left, IOException failure)
                            throws IOException {
                        Files.delete(left);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    /// A process that runs the role alone, with an empty folder for temporary files.
    ///
    /// @param said the file of what it prints
    private Process scorer(Path folder, Path said) throws IOException {
        Path temporary = Files.createDirectory(places.resolve("temporary"));
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx256m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "-Djava.io.tmpdir=" + temporary,
                                Main.class.getName()));
        command.addAll(List.of("run", "scorer", "--workspace", folder.toString()));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.start();
    }

    private static String topic(Workspace workspace) {
        return workspace.names().predictions(workspace.predictions().getFirst());
    }

    /// What the scoring of a workspace says of each vector, as the log has it: the partition, the
    /// key and the position of the vector, and the whole prediction.
    private static Map<String, String> predictions(LogConnection log, Workspace workspace) {
        Map<String, String> predictions = new TreeMap<>();
        String topic = topic(workspace);
        for (ConsumerRecord<byte[], byte[]> one : TopicRecords.await(log, topic, EVENTS)) {
            String vector =
                    one.partition()
                            + " "
                            + new String(one.key(), UTF_8)
                            + " "
                            + EventHeader.text(one.headers(), EventHeaders.POSITION);
            assertThat(predictions.put(vector, new String(one.value(), UTF_8))).as(vector).isNull();
        }
        return predictions;
    }

    private static Set<Long> risks(Map<String, String> predictions) {
        return predictions.values().stream()
                .map(one -> JsonMapper.shared().readTree(one).path("risk"))
                .map(JsonNode::asDouble)
                .map(Double::doubleToRawLongBits)
                .collect(Collectors.toSet());
    }
}

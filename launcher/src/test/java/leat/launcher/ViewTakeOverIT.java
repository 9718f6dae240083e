package leat.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import leat.core.failpoint.FailPoint;
import leat.embedded.kafka.EmbeddedKafka;
import leat.launcher.cli.LeatCommandLines;
import leat.launcher.config.Workspace;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.GroupListing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A view of a running platform gets a new version: who asks sees the former one, then the new one.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class ViewTakeOverIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long LOOK_NANOS = Duration.ofMillis(20).toNanos();
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir private Path brokerFolder;
    @TempDir private Path folder;

    @Test
    void answersChangeFromTheFormerVersionToTheNewOneOnce() throws Exception {
        LeatCommandLines.initialize(folder);
        try (EmbeddedKafka broker =
                EmbeddedKafka.start(new EmbeddedKafka.Settings(brokerFolder, 0))) {
            LeatCommandLines.configure(folder, broker);
            Files.writeString(
                    folder.resolve("leat.yaml"),
                    "lake:\n  loader: {commit-interval: 500ms}\n",
                    StandardOpenOption.APPEND);
            writeView(1, "event.amount");
            Instant servedByFirst;
            assertThat(run("status").output())
                    .containsPattern("orders.v1 +features.spending.v1 \\(not started\\)");
            try (Platform platform = start()) {
                send(platform, "o1");
                awaitAnn("\"amount_sum_1h\":1.25");
                servedByFirst = Instant.now();
                assertThat(backfill("--json").path(0).path("state").asString())
                        .isEqualTo("serving");
            }

            // When the view has a new version
            writeView(2, "event.amount * 2.0");
            assertThat(run("plan").output()).contains("filled beside v1, then takes over");
            List<Integer> versions = new ArrayList<>();
            try (Platform platform = start()) {
                awaitAnn("\"status\":\"present\"");
                long deadline = System.nanoTime() + PATIENCE.toNanos();
                while (versions.isEmpty() || versions.getLast() != 2) {
                    JsonNode answer = features("spending");
                    assertThat(answer.path("entities").path(0).path("status").asString())
                            .isEqualTo("present");
                    versions.add(answer.path("version").asInt());
                    assertThat(System.nanoTime()).isLessThan(deadline);
                    LockSupport.parkNanos(LOOK_NANOS);
                }
                // Then nobody is told that there is nothing, and nobody sees the former one again
                assertThat(versions).isSorted();
                send(platform, "o2");
                awaitAnn("\"amount_sum_1h\":5.0");
                JsonNode status = backfill("--follow", "--json").path(0);
                assertThat(status.path("state").asString()).isEqualTo("taken-over");
                assertThat(status.path("serving").asInt()).isEqualTo(2);
                assertThat(status.path("processed").asLong())
                        .isPositive()
                        .isLessThanOrEqualTo(status.path("total").asLong());
                assertThat(run("features", "backfill").output())
                        .containsPattern("spending +taken-over +v2")
                        .contains("v2 took over from v1 at");
                assertThat(served("log", servedByFirst, Instant.now()))
                        .containsExactly("1.25", "5.0");
                awaitStages(platform, "features.spending.v2");
                assertThat(run("status").output())
                        .containsPattern("orders.v1 +features.spending.v2 +\\d+ +\\d+");
                // The former version may have seen the second event until it was ended.
                assertThat(run("features", "verify", "spending.v1").output())
                        .containsPattern("[12] vectors compared, 1 in latest, 0 differences");
                dropWhileItIsRead();
                assertThat(platform.stageStates()).containsKey("console.features.spending.v1");
                delete(broker, "leat.latest.spending.v1");
                awaitLeft(platform, "console.features.spending.v1");
                assertThat(platform.stageStates())
                        .containsEntry("console.features.spending.v2", new StageState.Running());
            }
            dropUntilKilledBetweenAnyTwoEffects(broker);
            assertThat(drop("spending.v1", "--yes").output()).contains("spending.v1 is dropped.");
            assertThat(topics(broker)).noneMatch(topic -> topic.contains("spending.v1"));
            // Twice is once
            assertThat(drop("spending.v1", "--yes").output())
                    .contains("is registered as dropped since", "spending.v1 is dropped.");
            // And the lake has what it served
            assertThat(served("lake", servedByFirst, Instant.now())).containsExactly("1.25", "5.0");

            // And the former one does not come back
            writeView(1, "event.amount");
            assertThat(run("plan").output()).contains("refuse", "the version 3");
            assertThat(run("run", "features").output())
                    .contains("version 2 of the view has taken over from version 1");
        }
    }

    private void dropWhileItIsRead() {
        assertThat(drop("spending.v2").output()).contains("is the version of the workspace");
        assertThat(drop("spending.v7").output()).contains("no version spending.v7");
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        LeatCommandLines.Ended plan = drop("spending.v1");
        while (!plan.output().contains("has all vectors")
                || plan.output().contains("it is computed")) {
            assertThat(System.nanoTime()).as(plan.output()).isLessThan(deadline);
            LockSupport.parkNanos(LOOK_NANOS);
            plan = drop("spending.v1");
        }
        assertThat(plan.output())
                .containsPattern("delete +topic +leat.vectors.spending.v1 +[0-9,]+ bytes")
                .containsPattern("delete +topic +leat.latest.spending.v1 ")
                .containsPattern("delete +topic +leat.features.spending.v1-tiles-changelog ")
                .containsPattern("delete +group +leat.features.spending.v1")
                .containsPattern("read +group +leat.lake-vectors.spending.v1")
                .containsPattern("keep +table +leat.spending_v1 +has all vectors")
                .contains("Nothing is deleted yet.");
        LeatCommandLines.Ended read = drop("spending.v1", "--yes");
        assertThat(read.exitCode()).isOne();
        assertThat(read.output())
                .contains("nothing is deleted yet", "as the groups leat.lake-vectors.spending.v1");
    }

    /// Each run goes on where the one before was killed.
    private void dropUntilKilledBetweenAnyTwoEffects(EmbeddedKafka broker) throws Exception {
        String vectors = "leat.vectors.spending.v1";
        // As an instance leaves it that was away when the version ended
        Files.writeString(Files.createDirectories(stateFolder()).resolve("state"), "tiles");
        dropUntilKilled("register");
        assertThat(topics(broker)).contains(vectors);
        assertThat(groups(broker)).contains("leat.lake-vectors.spending.v1");
        assertThat(drop("spending.v1").output()).contains("is registered as dropped since");
        dropUntilKilled("groups");
        assertThat(topics(broker)).contains(vectors);
        assertThat(groups(broker)).noneMatch(group -> group.endsWith(".spending.v1"));
        dropUntilKilled("topics");
        assertThat(topics(broker)).noneMatch(topic -> topic.contains("spending.v1"));
        assertThat(stateFolder()).isDirectory();
        dropUntilKilled("folders");
        assertThat(stateFolder()).doesNotExist();
    }

    private Path stateFolder() {
        return folder.resolve(".leat/features/1/leat.features.spending.v1");
    }

    private void dropUntilKilled(String after) throws Exception {
        ProcessBuilder command =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx256m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "-Dleat.failpoint=features-drop.after-" + after,
                                Main.class.getName(),
                                "features",
                                "drop",
                                "spending.v1",
                                "--yes",
                                "--workspace",
                                folder.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("drop-" + after + ".txt").toFile());
        command.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        assertThat(command.start().waitFor())
                .as(() -> read(folder.resolve("drop-" + after + ".txt")))
                .isEqualTo(FailPoint.EXIT_CODE);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private LeatCommandLines.Ended drop(String... words) {
        List<String> command = new ArrayList<>(List.of("features", "drop"));
        command.addAll(List.of(words));
        return run(command.toArray(String[]::new));
    }

    private static Set<String> topics(EmbeddedKafka broker) throws Exception {
        try (Admin admin = admin(broker)) {
            return admin.listTopics().names().get();
        }
    }

    private static List<String> groups(EmbeddedKafka broker) throws Exception {
        try (Admin admin = admin(broker)) {
            return admin.listGroups().all().get().stream().map(GroupListing::groupId).toList();
        }
    }

    private static Admin admin(EmbeddedKafka broker) {
        return Admin.create(
                Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()));
    }

    private void writeView(int version, String amount) throws Exception {
        Files.createDirectories(folder.resolve("features"));
        Files.writeString(
                folder.resolve("features/spending.yaml"),
                """
                version: %d
                entity: customer
                source: orders
                features:
                  - name: amount
                    expression: %s
                    aggregate: sum
                    windows: 1h
                """
                        .formatted(version, amount));
    }

    private Platform start() {
        PrometheusRegistry.defaultRegistry.clear();
        return Platform.start(
                Workspace.open(folder),
                new Platform.Options(
                        Set.of(
                                Role.COLLECTOR,
                                Role.ENRICHER,
                                Role.FEATURES,
                                Role.LAKE,
                                Role.CONSOLE),
                        "1",
                        0));
    }

    private void send(Platform platform, String order) throws IOException {
        new WorkspaceCommands(folder)
                .send(
                        platform,
                        "orders",
                        List.of(
                                "{\"order\":\""
                                        + order
                                        + "\",\"customer\":\"ann\",\"amount\":1.25}"));
    }

    private LeatCommandLines.Ended run(String... words) {
        return new WorkspaceCommands(folder).run(words);
    }

    private JsonNode features(String view) {
        return JSON.readTree(run("features", "get", view, "ann", "--json").output());
    }

    private JsonNode backfill(String... options) {
        List<String> words = new ArrayList<>(List.of("features", "backfill"));
        words.addAll(List.of(options));
        return JSON.readTree(run(words.toArray(String[]::new)).output());
    }

    /// What a training set has of ann at these times, as of serving.
    private List<String> served(String from, Instant... times) throws Exception {
        Path rows = folder.resolve(from + ".csv");
        Path out = folder.resolve(from + ".parquet");
        Files.writeString(
                rows,
                Stream.of(times)
                        .map(time -> "ann," + time)
                        .collect(Collectors.joining("\n", "entity,time\n", "\n")));
        assertThat(
                        run(
                                        "features",
                                        "history",
                                        "--entities",
                                        rows.toString(),
                                        "--views",
                                        "spending",
                                        "--as-of",
                                        "served",
                                        "--out",
                                        out.toString())
                                .output())
                .contains("rows without a vector: spending.v1+v2 0");
        List<String> found = new ArrayList<>();
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement();
                ResultSet result =
                        statement.executeQuery(
                                "SELECT spending__amount_sum_1h FROM '" + out + "'")) {
            while (result.next()) {
                found.add(result.getString(1));
            }
        }
        return found;
    }

    private void awaitAnn(String wanted) {
        Await.text(wanted, () -> run("features", "get", "spending", "ann", "--json").output());
    }

    /// The former version is not computed any more.
    private static void delete(EmbeddedKafka broker, String topic) throws Exception {
        try (Admin admin = admin(broker)) {
            admin.deleteTopics(List.of(topic)).all().get();
        }
    }

    private static void awaitLeft(Platform platform, String stage) {
        Await.until(stage + " left", () -> !platform.stageStates().containsKey(stage));
    }

    private static void awaitStages(Platform platform, String wanted) {
        Await.until(
                wanted + " alone",
                () ->
                        platform.stageStates().keySet().stream()
                                .filter(stage -> stage.startsWith("features."))
                                .toList()
                                .equals(List.of(wanted)));
    }
}

package leat.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import leat.core.model.ModelVersion;
import leat.launcher.cli.LeatCommandLines;
import leat.ml.training.onnx.OnnxGraph;
import leat.ml.training.onnx.OnnxType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Registered models on a whole platform: asked by Triton's own client, with features and by the
/// keys of entities, and by steps of contracts, in the enricher, by a call to the console, and by
/// the Enrichment API.
final class ModelsAskedIT {

    private static final Path TRITON =
            Path.of("..", ".test-tools", "triton", "bin", "python").toAbsolutePath().normalize();
    private static final Path GUIDE = Path.of("../docs/how-to/roll-back-a-model.md");
    private static final Pattern BLOCK =
            Pattern.compile("^```(\\w*)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern WORD = Pattern.compile("\"[^\"]*\"|\\S+");
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final long LOOK_NANOS = Duration.ofMillis(100).toNanos();

    @TempDir private static Path brokerFolder;
    @TempDir private static Path folder;
    private static AskedPlatform platform;

    @BeforeAll
    static void start() throws Exception {
        platform = AskedPlatform.start(brokerFolder, folder);
        platform.file(
                "r1",
                "model.onnx",
                Objects.requireNonNull(ModelsAskedIT.class.getResourceAsStream("linear.onnx")));
        for (String model : List.of("risk", "price", "fare", "drill", "night", "failure-risk")) {
            platform.model(model);
            platform.version(model, "r1", Map.of());
            platform.version(model, "r1", Map.of());
            platform.champion(model, 1);
        }
        platform.model("spender");
        platform.version(
                "spender",
                "r1",
                Map.of(
                        ModelVersion.VIEW_TAG,
                        "spending.v1",
                        ModelVersion.FEATURES_TAG,
                        "amount,orders_count_1h"));
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    @Test
    void tritonsClientAsksInJsonAndInBinaryWithFeaturesAndByKeys() throws Exception {
        Assumptions.assumeTrue(
                Files.isExecutable(TRITON),
                "the Python package tritonclient is missing: install it"
                        + " (scripts/install-test-tools)");
        Path script = folder.resolve("triton_client.py");
        try (InputStream source = ModelsAskedIT.class.getResourceAsStream("triton_client.py")) {
            Files.copy(Objects.requireNonNull(source), script);
        }
        Path output = folder.resolve("triton_client.out");
        platform.send("orders", "{\"order\":\"o1\",\"customer\":\"bob\",\"amount\":7}");

        Process process =
                new ProcessBuilder(
                                TRITON.toString(),
                                script.toString(),
                                platform.address(Role.CONSOLE.word()).replace("http://", ""),
                                platform.address(Role.CONSOLE.word() + "-grpc"))
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try {
            boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);

            String text = Files.readString(output, UTF_8);
            assertThat(ended).as(text).isTrue();
            assertThat(text).endsWith("tritonclient found everything as it should be\n");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void stepsAskModelsInEveryWayAndFollowTheAlias() throws Exception {
        send("a", 2, 1);
        Await.text("risk/1", () -> enriched("a"));
        assertThat(enriched("a"))
                .contains("risk/1,price/1,risk/1")
                .containsPattern("risk[^:]+:(1\\.99999|2\\.0)")
                .containsPattern("price[^:]+:(1\\.99999|2\\.0)")
                .containsPattern("fee[^:]+:(1\\.99999|2\\.0)");

        platform.champion("risk", 2);
        platform.champion("price", 2);

        String seen = "";
        for (int i = 1; !seen.contains("risk/2,price/2,risk/2"); i++) {
            assertThat(i).isLessThan(100);
            String ride = "b" + i;
            send(ride, 4, 0);
            Await.text("price/", () -> enriched(ride));
            seen = enriched(ride);
        }
        assertThat(seen).containsPattern("risk[^:]+:(8\\.99999|9\\.0)");
    }

    @Test
    void commandsMoveAliasesBesideTheConsoleAndBackAndSayWhatTheyDo() throws Exception {
        platform.source("night", "mlflow-artifacts:/0/none", Map.of());
        platform.source("night", "mlflow-artifacts:/0/r1", Map.of("leat.gates", "failed"));

        assertThat(platform.run("models", "promote", "night", "2"))
                .isEqualTo(
                        """
                        night@champion: version 1 → 2
                        The way back: leat models rollback night
                        """);
        assertThat(platform.run("models", "promote", "night", "2"))
                .isEqualTo("night@champion is at version 2 already; nothing was changed.\n");
        assertThat(setByConsole("next", 1)).isEqualTo(200);
        assertThat(
                        platform.run(
                                "models", "promote", "night", "@next", "--alias", "trial",
                                "--json"))
                .contains("\"from\":null", "\"to\":1", "\"changed\":true", "\"way\":\"on\"");
        assertThat(setByConsole("next", 2)).isEqualTo(200);
        platform.assertRefused(1, "night/3 has no files", "models", "promote", "night", "3");
        platform.assertRefused(1, "the gates of night/4 failed", "models", "promote", "night", "4");
        platform.assertRefused(2, "--because", "models", "promote", "night", "4", "--force");
        assertThat(
                        platform.run(
                                "models",
                                "promote",
                                "night",
                                "4",
                                "--force",
                                "--because",
                                "a drill"))
                .contains("version 2 → 4\nOverruled: the gates of night/4 failed.");
        assertThat(platform.run("models", "rollback", "night", "--json"))
                .contains("\"from\":4", "\"to\":2", "\"changed\":true", "\"way\":\"back\"");
        assertThat(platform.run("models", "rollback", "night"))
                .isEqualTo(
                        """
                        night@champion went back from version 4 to 2 already; nothing was changed.
                        Further back: leat models rollback night --from 2
                        """);
        assertThat(platform.run("models", "rollback", "night", "--from", "2"))
                .startsWith("night@champion: version 2 → 1\n");
        platform.assertRefused(1, "at before", "models", "rollback", "night", "--from", "1");
        platform.assertRefused(1, "write 'night' if that was meant", "models", "rollback", "nihgt");
        platform.assertRefused(1, "night has no version 9", "models", "promote", "night", "9");
        platform.assertRefused(2, "'x' is no version", "models", "promote", "night", "x");

        assertThat(platform.run("models", "list", "night").replaceAll(" +", " "))
                .containsPattern("night 4 \\S+Z [\\d,]+ failed\n")
                .containsPattern("night 1 champion,trial \\S+Z [\\d,]+\n");
        assertThat(platform.run("models", "show", "night").replaceAll(" +", " "))
                .containsPattern("champion 1 \\S+ back\n")
                .containsPattern("champion 4 \\S+ on a drill the gates of night/4 failed\n");
        assertThat(platform.run("models", "show", "night@champion").replaceAll(" +", " "))
                .contains("version night/1\naliases @champion, @trial\n")
                .contains("takes X FP32[")
                .contains("file model.onnx ");
        assertThat(platform.run("models", "show", "night/4", "--json"))
                .contains("\"gates\":\"failed\"", "\"inputs\":[{\"name\":\"X\"");
    }

    /// An ONNX file that adds a number to two others.
    private static Path adding(String name, float number) throws IOException {
        OnnxGraph graph = new OnnxGraph(Map.of());
        graph.node(
                "Add",
                "sum",
                List.of(
                        graph.input("X", OnnxType.FLOAT, OnnxGraph.ROWS, 2),
                        graph.constant("number", new float[] {number}, 1)));
        graph.output("sum", OnnxType.FLOAT, OnnxGraph.ROWS, 2);
        return Files.write(folder.resolve(name), graph.bytes());
    }

    @Test
    void newWeightsAloneAreAVersionThatAnswers() throws Exception {
        platform.file("tune", "one.onnx", Files.newInputStream(adding("one.onnx", 1)));
        platform.model("tune");
        platform.version("tune", "tune", Map.of("leat.gates", "passed"));
        platform.champion("tune", 1);
        String file = adding("two.onnx", 2).toString();
        String other = Files.write(folder.resolve("other.npz"), new byte[9]).toString();

        platform.assertRefused(
                1,
                "tune/2 is weights alone that went through no gates",
                published(file, "--alias", "champion"));
        assertThat(platform.run(published(file)))
                .startsWith("tune/2 is registered: tune/1 with other weights (number), ")
                .endsWith(" bytes\n");
        assertThat(
                        platform.run(
                                published(
                                        file,
                                        "--alias",
                                        "champion",
                                        "--force",
                                        "--because",
                                        "a drill")))
                .startsWith("tune/2 was registered already: ")
                .contains("tune@champion: version 1 → 2\nOverruled: tune/2 is weights alone");
        assertThat(platform.run(published(file, "--base", "2", "--json")))
                .contains("\"version\":2", "\"isNew\":false", "\"base\":1", "[\"number\"]");
        assertThat(platform.run("models", "show", "tune@champion").replaceAll(" +", " "))
                .contains("version tune/2\n", "file weights.safetensors ", "takes X FP32[?, 2]")
                .contains("tag leat.base = 1\n");
        try (AskedModel asked =
                new AskedModel(
                        platform.console(),
                        "/v2/models/tune/infer",
                        "{\"inputs\":[{\"name\":\"X\",\"datatype\":\"FP32\",\"shape\":[1,2],"
                                + "\"data\":[1,1]}]}")) {
            awaitAnswer(asked, "2", System.nanoTime());
        }
        platform.assertRefused(1, "other.npz is no file of .npz", published(other, "--base", "1"));
        platform.assertRefused(1, "there is no file gone.npz", published("gone.npz"));
        platform.assertRefused(1, "tune has no version 9", published(file, "--base", "9"));
        platform.assertRefused(2, "about --alias", published(file, "--because", "x"));
    }

    private static String[] published(String file, String... options) {
        List<String> words = new ArrayList<>(List.of("models", "publish-weights", "tune", file));
        words.addAll(List.of(options));
        return words.toArray(String[]::new);
    }

    @Test
    void versionsThatNothingNeedsAreDeletedWhenItIsWanted() throws Exception {
        platform.model("worn");
        for (int version = 1; version <= 5; version++) {
            platform.file("worn" + version, "one.onnx", onnx(version));
            platform.version("worn", "worn" + version, Map.of());
        }
        platform.champion("worn", 1);
        platform.champion("worn", 3);
        long bytes = Files.size(folder.resolve("worn1.onnx"));
        String[] prune = {"models", "prune", "worn", "--keep", "1", "--older-than", "0s"};

        assertThat(platform.run("models", "prune", "worn"))
                .contains("it is among the newest 10")
                .endsWith("There is nothing to delete.\n");
        assertThat(platform.run(prune).replaceAll(" +", " "))
                .isEqualTo(
                        """
                        WHAT VERSION BYTES WHY
                        delete worn/4 %1$d
                        delete worn/2 %1$d
                        keep worn/1 a rollback of @champion leads to it
                        keep worn/3 it is @champion
                        keep worn/5 it is among the newest 1
                        Nothing is deleted yet. The same with --yes deletes 2 versions and %2$d bytes of files, for ever.
                        """
                                .formatted(bytes, 2 * bytes));
        assertThat(platform.run("models", "list", "worn", "--json")).contains("\"versionCount\":5");
        assertThat(platform.run(with(prune, "--yes", "--json")))
                .contains("\"done\":true", "\"sizeBytes\":" + 2 * bytes)
                .contains("{\"action\":\"delete\",\"version\":4,")
                .contains("\"files\":\"0/worn2/artifacts/model\"");
        assertThat(platform.run(with(prune, "--yes"))).endsWith("There is nothing to delete.\n");
        assertThat(platform.run("models", "list", "worn", "--json"))
                .contains("\"versionCount\":3", "\"version\":1,", "\"version\":3,")
                .doesNotContain("\"version\":2,", "\"version\":4,");
        try (AskedModel asked =
                new AskedModel(
                        platform.console(),
                        "/v2/models/worn/infer",
                        "{\"inputs\":[{\"name\":\"X\",\"datatype\":\"FP32\",\"shape\":[1,2],"
                                + "\"data\":[1,1]}]}")) {
            awaitAnswer(asked, "3", System.nanoTime());
            platform.run("models", "rollback", "worn");
            awaitAnswer(asked, "1", System.nanoTime());
        }

        platform.assertRefused(1, "write 'worn' if that was meant", "models", "prune", "wron");
        platform.assertRefused(
                2, "0 versions cannot be kept", "models", "prune", "worn", "--keep", "0");
        platform.assertRefused(
                2, "'x' is not a duration", "models", "prune", "worn", "--older-than", "x");
        platform.assertRefused(2, "Choose one of", with(prune, "--yes", "--dry-run"));
    }

    private static InputStream onnx(int number) throws IOException {
        return Files.newInputStream(adding("worn" + number + ".onnx", number));
    }

    private static String[] with(String[] words, String... more) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Test
    void theGuideToGoBackIsAsItIsWritten() throws IOException {
        platform.version("failure-risk", "r1", Map.of("leat.gates", "failed"));
        StringBuilder printed = new StringBuilder();
        List<String> commands = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        Matcher block = BLOCK.matcher(Files.readString(GUIDE));
        while (block.find()) {
            if (block.group(1).equals("bash")) {
                block.group(2).lines().forEach(commands::add);
            } else {
                outputs.add(block.group(2));
            }
        }

        for (String command : commands) {
            String[] words = words(command.replaceAll(" +#.*", ""));
            LeatCommandLines.Ended ended = platform.ended(words);
            assertThat(ended.exitCode()).as(command + "\n" + ended.output()).isZero();
            printed.append(ended.output());
        }

        assertThat(commands).hasSizeGreaterThan(6);
        assertThat(outputs).hasSize(2);
        assertThat(printed.toString()).contains(outputs);
    }

    @Test
    void secretsOfTheObjectStoreAreAskedForByThoseAloneWhoReadAFileThere() throws IOException {
        platform.model("large");
        platform.version("large", "r1", Map.of());
        platform.stored("large", "s3://models/large");
        WorkspaceCommands secretless =
                platform.alike(
                        "secretless",
                        "models: {object-store: {access-key: '${env:LEAT_NO_SUCH_VARIABLE}',"
                                + " secret-key: '${file:no-such-file}'}}\n");

        assertThat(secretless.succeed("models", "list", "large")).contains("large");
        assertThat(secretless.succeed("models", "show", "large")).contains("large");
        assertThat(secretless.succeed("models", "show", "large/1")).contains("takes ");
        assertThat(secretless.succeed("models", "show", "large/2").replaceAll(" +", " "))
                .contains("file model.onnx 9 bytes\n")
                .containsPattern("unread .*LEAT_NO_SUCH_VARIABLE, which is not set: set it in");
        assertThat(secretless.succeed("models", "promote", "large", "2")).contains("champion");
        assertThat(secretless.succeed("models", "promote", "large", "1")).contains("2 → 1");
        assertThat(secretless.succeed("models", "rollback", "large")).contains("1 → 2");
        assertThat(secretless.succeed("models", "prune", "large")).contains("nothing to delete");

        LeatCommandLines.Ended weights =
                secretless.run(
                        "models", "publish-weights", "large", adding("large.onnx", 1).toString());
        assertThat(weights.exitCode()).as(weights.output()).isEqualTo(1);
        assertThat(weights.output()).contains("LEAT_NO_SUCH_VARIABLE, which is not set");
    }

    /// The words of a command behind `leat`.
    private static String[] words(String command) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(command);
        while (word.find()) {
            words.add(word.group().replace("\"", ""));
        }
        assertThat(words.removeFirst()).as(command).isEqualTo("leat");
        return words.toArray(String[]::new);
    }

    private static int setByConsole(String alias, int version) throws Exception {
        String body =
                "{\"name\":\"night\",\"alias\":\"%s\",\"version\":\"%d\"}"
                        .formatted(alias, version);
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(
                                            platform.console()
                                                    .resolve(
                                                            "/api/2.0/mlflow/registered-models/alias"))
                                    .POST(HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    @Test
    void afterARollbackTheOldVersionAnswersWithinSecondsAndNoRequestFails() throws Exception {
        try (AskedModel asked =
                new AskedModel(
                        platform.console(),
                        "/v2/models/drill/infer",
                        "{\"inputs\":[{\"name\":\"X\",\"datatype\":\"FP32\",\"shape\":[1,2],"
                                + "\"data\":[1,1]}]}")) {
            awaitAnswer(asked, "1", System.nanoTime());
            platform.run("models", "promote", "drill", "2");
            asked.awaitOnly("2", PATIENCE);

            long start = System.nanoTime();
            String printed = platform.run("models", "rollback", "drill");
            long answered = awaitAnswer(asked, "1", start);

            long millis = Duration.ofNanos(answered - start).toMillis();
            System.out.println(
                    "leat models rollback: the old version's first answer after " + millis + " ms");
            assertThat(printed).startsWith("drill@champion: version 2 → 1");
            assertThat(millis).isLessThan(5_000);
            assertThat(asked.answers())
                    .extracting(AskedModel.Answer::version)
                    .containsOnly("1", "2");
        }
    }

    /// When a version answered first, after an instant.
    private static long awaitAnswer(AskedModel asked, String version, long afterNanos) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            for (AskedModel.Answer answer : asked.answers()) {
                if (answer.nanos() - afterNanos > 0 && answer.version().equals(version)) {
                    return answer.nanos();
                }
            }
            assertThat(System.nanoTime()).as(version).isLessThan(deadline);
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static void send(String ride, int km, int stops) throws IOException {
        platform.send(
                "ride", "{\"ride\":\"%s\",\"km\":%d,\"stops\":%d}".formatted(ride, km, stops));
    }

    /// The enriched event of a ride with its headers; empty when there is none yet.
    private static String enriched(String ride) {
        return platform.run("tail", "ride", "--json", "--where", "ride=" + ride);
    }
}

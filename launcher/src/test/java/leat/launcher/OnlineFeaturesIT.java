package leat.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import leat.embedded.kafka.EmbeddedKafka;
import leat.features.v1.FeaturesGrpc;
import leat.features.v1.GetReply;
import leat.features.v1.GetRequest;
import leat.features.v1.Value;
import leat.launcher.cli.LeatCommandLines;
import leat.launcher.config.Workspace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// From a file of events to features that are asked for on the command line.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class OnlineFeaturesIT {

    private static final List<String> ORDERS =
            List.of(
                    "{\"order\":\"o1\",\"customer\":\"ann\",\"amount\":1.25}",
                    "{\"order\":\"o2\",\"customer\":\"ann\",\"amount\":2.5}",
                    "{\"order\":\"o3\",\"customer\":\"bob\",\"amount\":7,\"country\":\"DE\"}");

    @TempDir private Path brokerFolder;
    @TempDir private Path folder;

    @Test
    void whatWasSentIsServedAsFeatures() throws Exception {
        PrometheusRegistry.defaultRegistry.clear();
        LeatCommandLines.initialize(folder);
        Files.createDirectories(folder.resolve("features"));
        Files.writeString(
                folder.resolve("features/spending.yaml"),
                """
                entity: customer
                source: orders
                features:
                  - name: orders
                    aggregate: count
                    windows: 1h
                  - name: amount
                    expression: event.amount
                    aggregate: sum
                    windows: 1h
                  - name: country
                    expression: event.country
                """);
        Files.writeString(
                folder.resolve("features/habits.yaml"),
                """
                entity: customer
                source: spending
                features:
                  - name: spent
                    expression: event.amount_sum_1h
                    aggregate: [count, max]
                    windows: 1h
                """);
        Files.createDirectories(folder.resolve("features/sets"));
        Files.writeString(
                folder.resolve("features/sets/churn.yaml"),
                """
                entity: customer
                features:
                  - {view: spending, names: [country, amount_sum_1h], rename: {country: land}}
                """);
        try (EmbeddedKafka broker =
                EmbeddedKafka.start(new EmbeddedKafka.Settings(brokerFolder, 0))) {
            LeatCommandLines.configure(folder, broker);
            try (Platform platform =
                    Platform.start(
                            Workspace.open(folder),
                            new Platform.Options(
                                    Set.of(
                                            Role.COLLECTOR,
                                            Role.ENRICHER,
                                            Role.FEATURES,
                                            Role.CONSOLE),
                                    "1",
                                    0))) {
                new WorkspaceCommands(folder).send(platform, "orders", ORDERS);
                isServed(platform);
            }
        }
    }

    private void isServed(Platform platform) {
        Await.text(
                "\"amount_sum_1h\":3.75,\"country\":null",
                () -> features("spending", "ann", "--json").output());
        assertThat(features("spending", "ann", "--json").output())
                .contains("\"status\":\"present\"", "\"orders_count_1h\":2")
                .contains("\"statuses\":{\"country\":\"null\"}");
        Await.text("\"country\":\"DE\"", () -> features("spending", "bob", "--json").output());

        Await.text(
                "\"spent_count_1h\":2,\"spent_max_1h\":3.75",
                () -> features("habits", "ann", "--json").output());
        Await.text("\"spent_max_1h\":7.0", () -> features("habits", "bob", "--json").output());
        assertThat(new WorkspaceCommands(folder).output("features", "verify").lines())
                .containsExactly(
                        "habits.v1: 3 events replayed, 3 vectors compared, 2 in latest, 0 differences",
                        "spending.v1: 3 events replayed, 3 vectors compared, 2 in latest, 0 differences");

        LeatCommandLines.Ended table =
                features("spending.v1", "bob", "eve", "--features", "amount_sum_1h");

        assertThat(table.exitCode()).isZero();
        assertThat(table.output().lines().map(line -> line.replaceAll(" +", " ")))
                .first()
                .isEqualTo("ENTITY FEATURE VALUE STATUS QUERY TIME");
        assertThat(table.output()).containsPattern("bob +amount_sum_1h +7.0 +present +\\S+Z");
        assertThat(table.output()).containsPattern("eve +amount_sum_1h +unknown-entity");
        LeatCommandLines.Ended ofSet = features("--set", "churn", "bob", "eve");

        assertThat(ofSet.exitCode()).isZero();
        assertThat(ofSet.output())
                .containsPattern("bob +land +DE +present +\\S+Z")
                .containsPattern("bob +amount_sum_1h +7.0 +present +\\S+Z")
                .containsPattern("eve +land +unknown-entity");
        whoeverFollowsEndsWithTheReaderOfItsPipe();
        isServedOverGrpc(platform);
        whoAsksIsShown(platform);
        assertThat(features("spendin", "ann").output())
                .contains("there is no feature view 'spendin'", "write 'spending'");
        assertThat(platform.stageStates().get("console.features.spending.v1"))
                .isEqualTo(new StageState.Running());
    }

    private static void whoAsksIsShown(Platform platform) {
        String console = platform.addresses().get("console");

        assertThat(body(console + "/api/v1/catalog?kind=set"))
                .containsPattern(
                        "\"online\":\\[\\{\"name\":\"anonymous\",\"questions\":2,\"last\":\"\\S+Z\"}]");
        assertThat(body(console + "/metrics"))
                .contains(
                        "leat_features_online_questions_total{key=\"anonymous\",kind=\"set\",name=\"churn\"}"
                                + " 2.0");
    }

    private static String body(String address) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create(address)).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void whoeverFollowsEndsWithTheReaderOfItsPipe() {
        LeatCommandLines.Ended ended =
                LeatCommandLines.runIntoHead(
                        "tail",
                        "spending",
                        "--follow",
                        "--since",
                        "1h",
                        "--json",
                        "--workspace",
                        folder.toString());

        assertThat(ended.output().lines()).hasSize(1);
        assertThat(ended.exitCode()).isZero();
    }

    private static void isServedOverGrpc(Platform platform) {
        ManagedChannel channel =
                NettyChannelBuilder.forTarget(
                                Objects.requireNonNull(platform.addresses().get("console-grpc")))
                        .usePlaintext()
                        .build();
        try {
            GetReply reply =
                    FeaturesGrpc.newBlockingStub(channel)
                            .get(
                                    GetRequest.newBuilder()
                                            .setSet("churn")
                                            .addEntities("bob")
                                            .build());

            assertThat(reply.getFeaturesList()).containsExactly("land", "amount_sum_1h");
            assertThat(reply.getEntities(0).getValuesList())
                    .containsExactly(
                            Value.newBuilder().setText("DE").build(),
                            Value.newBuilder().setNumber(7).build());
        } finally {
            channel.shutdownNow();
        }
    }

    private LeatCommandLines.Ended features(String... words) {
        List<String> command = new ArrayList<>(List.of("features", "get"));
        command.addAll(List.of(words));
        return new WorkspaceCommands(folder).run(command.toArray(String[]::new));
    }
}

package leat.launcher;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import leat.core.artifact.ArtifactPath;
import leat.core.model.RegisteredModelCommand;
import leat.core.model.VersionCommand;
import leat.embedded.kafka.EmbeddedKafka;
import leat.launcher.cli.LeatCommandLines;
import leat.launcher.config.Workspace;
import leat.ml.registry.ArtifactLog;
import leat.ml.registry.RegistryLog;
import leat.stream.log.LogConnection;

/// A platform on a broker of its own that scores what customers spend, by the model `churn`, of
/// which there are two versions that predict the same. Nothing is its champion at first.
final class ChurnPlatform implements AutoCloseable {

    /// Orders that [#sendOrders] sends.
    static final int BATCH = 200;

    final EmbeddedKafka broker;
    final Workspace workspace;
    final LogConnection log;
    final WorkspaceCommands commands;
    final Platform platform;
    final RegistryLog registry;

    private ChurnPlatform(EmbeddedKafka broker, Path folder) {
        this.broker = broker;
        this.workspace = Workspace.open(folder);
        this.log = new LogConnection(broker.bootstrapServers());
        this.commands = new WorkspaceCommands(folder);
        this.platform =
                Platform.start(
                        workspace,
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
        this.registry = new RegistryLog(log, workspace.names(), InstantSource.system());
    }

    /// Writes a workspace with the contract of orders that `leat init` makes, a view of them and a
    /// scoring of it.
    static void define(Path folder) throws IOException {
        LeatCommandLines.initialize(folder);
        Files.createDirectories(folder.resolve("features"));
        Files.writeString(
                folder.resolve("features/spending.yaml"),
                """
                entity: customer
                source: orders
                features:
                  - {name: amount, expression: event.amount}
                  - {name: orders, aggregate: count, windows: 1h}
                """);
        Files.createDirectories(folder.resolve("models"));
        Files.writeString(
                folder.resolve("models/churn.yaml"),
                """
                scoring:
                  model: churn
                  view: spending
                  outputs: {risk: variable}
                  challengers: [{alias: next, shadow: true}]
                """);
    }

    /// Adds the same model of two views of the same orders.
    static void defineSet(Path folder) throws IOException {
        Files.writeString(
                folder.resolve("features/baskets.yaml"),
                """
                entity: customer
                source: orders
                features:
                  - {name: baskets, aggregate: count, windows: 1h}
                """);
        Files.createDirectories(folder.resolve("features/sets"));
        Files.writeString(
                folder.resolve("features/sets/customer.yaml"),
                """
                entity: customer
                features:
                  - {view: spending, names: [amount]}
                  - {view: baskets, names: [baskets_count_1h], rename: {baskets_count_1h: visits}}
                """);
        Files.writeString(
                folder.resolve("models/leaving.yaml"),
                """
                scoring:
                  model: churn
                  set: customer
                  outputs: {risk: variable}
                """);
    }

    /// Starts all of it on a workspace that is defined, and registers the versions.
    static ChurnPlatform start(Path brokerFolder, Path folder) throws IOException {
        return start(brokerFolder, folder, "");
    }

    /// @param settings more of `leat.yaml`
    static ChurnPlatform start(Path brokerFolder, Path folder, String settings) throws IOException {
        PrometheusRegistry.defaultRegistry.clear();
        EmbeddedKafka broker = EmbeddedKafka.start(new EmbeddedKafka.Settings(brokerFolder, 0));
        LeatCommandLines.configure(folder, broker);
        Files.writeString(folder.resolve("leat.yaml"), settings, StandardOpenOption.APPEND);
        ChurnPlatform churn = new ChurnPlatform(broker, folder);
        churn.register();
        return churn;
    }

    private void register() throws IOException {
        try (ArtifactLog artifacts =
                        new ArtifactLog(
                                log,
                                workspace.names(),
                                commands.folder().resolve("up"),
                                InstantSource.system());
                InputStream onnx = ChurnPlatform.class.getResourceAsStream("linear.onnx")) {
            artifacts.put(
                    new ArtifactPath("0/r1/artifacts/model/model.onnx"),
                    Objects.requireNonNull(onnx));
        }
        registry.write(new RegisteredModelCommand.Create("c", "churn", "", Map.of()));
        registerVersion("v1");
        registerVersion("v2");
    }

    /// Registers the next version.
    ///
    /// @param id that no other one has
    void registerVersion(String id) {
        registry.write(
                new VersionCommand.Create(
                        id,
                        "churn",
                        "mlflow-artifacts:/0/r1/artifacts/model",
                        "",
                        "",
                        "",
                        "",
                        Map.of()));
    }

    void alias(String alias, int version) {
        registry.write(new RegisteredModelCommand.SetAlias("churn", alias, version));
    }

    void send(String order) throws IOException {
        commands.send(platform, "orders", List.of(order));
    }

    /// Sends orders of fifty customers.
    ///
    /// @param batch a number that no other call has
    void sendOrders(int batch) throws IOException {
        commands.send(
                platform,
                "orders",
                IntStream.range(0, BATCH)
                        .mapToObj(i ->
                                "{\"order\":\"b%d-%d\",\"customer\":\"c%d\",\"amount\":1.0}"
                                        .formatted(batch, i, i % 50))
                        .toList());
    }

    /// What `leat models` prints.
    String models(String... words) {
        List<String> all = new ArrayList<>(List.of("models"));
        all.addAll(List.of(words));
        return commands.output(all.toArray(String[]::new));
    }

    String sql(String query) {
        return commands.output("sql", query);
    }

    /// The only value of an answer, or its first.
    String cell(String query) {
        return sql(query).lines().skip(1).findFirst().orElseThrow().strip();
    }

    /// Waits until a table has so many rows.
    void awaitRows(String table, int rows) {
        Await.text(
                "rows=" + rows + ";",
                () -> sql("SELECT 'rows=' || count(*) || ';' AS x FROM " + table));
    }

    @Override
    public void close() {
        registry.close();
        platform.close();
        broker.close();
    }
}

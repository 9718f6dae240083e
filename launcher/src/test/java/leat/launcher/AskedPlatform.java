package leat.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import leat.core.artifact.ArtifactPath;
import leat.core.artifact.StoredFile;
import leat.core.artifact.StoredFiles;
import leat.core.event.Names;
import leat.core.model.RegisteredModelCommand;
import leat.core.model.VersionCommand;
import leat.embedded.FreePorts;
import leat.embedded.kafka.EmbeddedKafka;
import leat.launcher.cli.LeatCommandLines;
import leat.launcher.config.Workspace;
import leat.ml.registry.ArtifactLog;
import leat.ml.registry.RegistryLog;
import leat.stream.log.LogConnection;

/// A platform whose models are asked in every way that there is, by steps of the contract `ride`
/// too, with the view `spending` of the contract `orders`; and its registry, to write to.
final class AskedPlatform implements AutoCloseable {

    private static final String CONTRACT =
            """
            apiVersion: v3.1.0
            kind: DataContract
            id: ride
            version: 1.0.0
            status: active
            schema:
              - name: ride
                properties:
                  - {name: ride, logicalType: string, required: true}
                  - {name: km, logicalType: integer}
                  - {name: stops, logicalType: integer}
                  - {name: risk, logicalType: number}
                  - {name: price, logicalType: number}
                  - {name: fee, logicalType: number}
            customProperties:
              - {property: leat.partitions, value: 1}
              - property: leat.enrich
                value:
                  - {model: risk@champion, features: [km, stops], fields: {risk: variable}, timeout: 20s}
                  - model: price@champion
                    features: [km, stops]
                    fields: {price: variable}
                    timeout: 20s
                    onFailure: skip
                  - {api: fees, key: event.ride, send: [km, stops], fields: {fee: variable}, timeout: 20s}
            """;

    private static final String VIEW =
            """
            entity: customer
            source: orders
            features:
              - name: amount
                expression: event.amount
              - name: orders
                aggregate: count
                windows: 1h
            """;

    private final WorkspaceCommands commands;
    private final EmbeddedKafka broker;
    private final Platform platform;
    private final RegistryLog registry;
    private int versions;

    private AskedPlatform(Path folder, EmbeddedKafka broker, Platform platform) {
        this.commands = new WorkspaceCommands(folder);
        this.broker = broker;
        this.platform = platform;
        this.registry = new RegistryLog(log(), names(), InstantSource.system());
    }

    static AskedPlatform start(Path brokerFolder, Path folder) throws IOException {
        PrometheusRegistry.defaultRegistry.clear();
        LeatCommandLines.initialize(folder);
        EmbeddedKafka broker = EmbeddedKafka.start(new EmbeddedKafka.Settings(brokerFolder, 0));
        LeatCommandLines.configure(folder, broker);
        int console = Workspace.open(folder).config().console().port();
        Files.writeString(
                folder.resolve("leat.yaml"),
                "enricher: {models: {price: {url: 'http://127.0.0.1:"
                        + console
                        + "'}}}\n"
                        + "enrichment-api: {http: {port: 0}, grpc: {port: "
                        + FreePorts.inARow(1)
                        + "}, models: {fees: {model: risk@champion, features: [km, stops],"
                        + " outputs: [variable], timeout: 20s}}}\n",
                StandardOpenOption.APPEND);
        Files.writeString(folder.resolve("contracts/ride.odcs.yaml"), CONTRACT);
        Files.createDirectories(folder.resolve("features"));
        Files.writeString(folder.resolve("features/spending.yaml"), VIEW);
        return new AskedPlatform(
                folder,
                broker,
                Platform.start(
                        Workspace.open(folder),
                        new Platform.Options(
                                Set.of(
                                        Role.COLLECTOR,
                                        Role.ENRICHER,
                                        Role.ENRICHMENT_API,
                                        Role.FEATURES,
                                        Role.CONSOLE),
                                "1",
                                0)));
    }

    @Override
    public void close() {
        registry.close();
        platform.close();
        broker.close();
    }

    private LogConnection log() {
        return new LogConnection(broker.bootstrapServers());
    }

    private Names names() {
        return Workspace.open(commands.folder()).names();
    }

    /// Puts an ONNX file into the log, as a run's.
    void file(String run, String name, InputStream onnx) throws IOException {
        try (ArtifactLog artifacts =
                        new ArtifactLog(
                                log(),
                                names(),
                                commands.folder().resolve("up"),
                                InstantSource.system());
                onnx) {
            artifacts.put(new ArtifactPath("0/" + run + "/artifacts/model/" + name), onnx);
        }
    }

    void model(String name) {
        registry.write(new RegisteredModelCommand.Create("c-" + name, name, "", Map.of()));
    }

    /// Registers the model of a run as the next version.
    void version(String model, String run, Map<String, String> tags) {
        source(model, "mlflow-artifacts:/0/" + run + "/artifacts/model", tags);
    }

    /// Registers what is at a URI as the next version.
    void source(String model, String source, Map<String, String> tags) {
        registry.write(
                new VersionCommand.Create(
                        "version-" + versions++, model, source, "", "", "", "", tags));
    }

    /// Registers an ONNX file of an object store as the next version.
    void stored(String model, String uri) {
        registry.write(
                new VersionCommand.Create(
                        "version-" + versions++,
                        model,
                        uri,
                        "",
                        "",
                        "",
                        "",
                        Map.of(),
                        Optional.of(
                                new StoredFiles(
                                        uri, List.of(new StoredFile("model.onnx", 9, "abc"))))));
    }

    void champion(String model, int version) {
        registry.write(new RegisteredModelCommand.SetAlias(model, "champion", version));
    }

    String address(String part) {
        return Objects.requireNonNull(platform.addresses().get(part));
    }

    /// The URI of the console.
    URI console() {
        return URI.create(address(Role.CONSOLE.word()));
    }

    void send(String contract, String event) throws IOException {
        commands.send(platform, contract, List.of(event));
    }

    /// What a command prints.
    String run(String... words) {
        return commands.output(words);
    }

    void assertRefused(int exitCode, String why, String... words) {
        LeatCommandLines.Ended ended = commands.run(words);
        assertThat(ended.output()).contains(why);
        assertThat(ended.exitCode()).as(ended.output()).isEqualTo(exitCode);
    }

    /// Makes a workspace of the same log, with more settings.
    WorkspaceCommands alike(String name, String settings) throws IOException {
        Path other = commands.folder().resolve(name);
        LeatCommandLines.initialize(other);
        Files.writeString(
                other.resolve("leat.yaml"),
                Files.readString(commands.folder().resolve("leat.yaml")) + settings);
        return new WorkspaceCommands(other);
    }

    /// Runs a command on the workspace.
    LeatCommandLines.Ended ended(String... words) {
        return commands.run(words);
    }
}

package leat.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import leat.core.artifact.ArtifactPath;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Registered models on a whole platform: asked by Triton's own client, and by steps of contracts,
/// in the enricher, by a call to the console, and by the Enrichment API.
final class ModelsAskedIT {

    private static final Path TRITON =
            Path.of("..", ".test-tools", "triton", "bin", "python").toAbsolutePath().normalize();
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final long LOOK_NANOS = Duration.ofMillis(100).toNanos();

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

    @TempDir private static Path brokerFolder;
    @TempDir private static Path folder;
    private static EmbeddedKafka broker;
    private static Platform platform;
    private static RegistryLog registry;

    @BeforeAll
    static void start() throws Exception {
        PrometheusRegistry.defaultRegistry.clear();
        LeatCommandLines.initialize(folder);
        broker = EmbeddedKafka.start(new EmbeddedKafka.Settings(brokerFolder, 0));
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
        platform =
                Platform.start(
                        Workspace.open(folder),
                        new Platform.Options(
                                Set.of(
                                        Role.COLLECTOR,
                                        Role.ENRICHER,
                                        Role.ENRICHMENT_API,
                                        Role.CONSOLE),
                                "1",
                                0));
        Names names = Workspace.open(folder).names();
        LogConnection log = new LogConnection(broker.bootstrapServers());
        try (ArtifactLog artifacts =
                        new ArtifactLog(log, names, folder.resolve("up"), InstantSource.system());
                InputStream onnx = ModelsAskedIT.class.getResourceAsStream("linear.onnx")) {
            artifacts.put(
                    new ArtifactPath("0/r1/artifacts/model/model.onnx"),
                    Objects.requireNonNull(onnx));
        }
        registry = new RegistryLog(log, names, InstantSource.system());
        for (String model : List.of("risk", "price", "fare")) {
            registry.write(new RegisteredModelCommand.Create("c-" + model, model, "", Map.of()));
            for (int version = 1; version <= 2; version++) {
                registry.write(
                        new VersionCommand.Create(
                                model + version,
                                model,
                                "mlflow-artifacts:/0/r1/artifacts/model",
                                "",
                                "",
                                "",
                                "",
                                Map.of()));
            }
            champion(model, 1);
        }
    }

    @AfterAll
    static void stop() {
        registry.close();
        platform.close();
        broker.close();
    }

    private static void champion(String model, int version) {
        registry.write(new RegisteredModelCommand.SetAlias(model, "champion", version));
    }

    @Test
    void tritonsClientAsksInJsonAndInBinary() throws Exception {
        Assumptions.assumeTrue(
                Files.isExecutable(TRITON),
                "the Python package tritonclient is missing: install it"
                        + " (scripts/install-test-tools)");
        Path script = folder.resolve("triton_client.py");
        try (InputStream source = ModelsAskedIT.class.getResourceAsStream("triton_client.py")) {
            Files.copy(Objects.requireNonNull(source), script);
        }
        Path output = folder.resolve("triton_client.out");

        Process process =
                new ProcessBuilder(
                                TRITON.toString(),
                                script.toString(),
                                address(Role.CONSOLE.word()).replace("http://", ""),
                                address(Role.CONSOLE.word() + "-grpc"))
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
        await(() -> enriched("a"), "risk/1");
        assertThat(enriched("a"))
                .contains("risk/1,price/1,risk/1")
                .containsPattern("risk[^:]+:(1\\.99999|2\\.0)")
                .containsPattern("price[^:]+:(1\\.99999|2\\.0)")
                .containsPattern("fee[^:]+:(1\\.99999|2\\.0)");

        champion("risk", 2);
        champion("price", 2);

        String seen = "";
        for (int i = 1; !seen.contains("risk/2,price/2,risk/2"); i++) {
            assertThat(i).isLessThan(100);
            String ride = "b" + i;
            send(ride, 4, 0);
            await(() -> enriched(ride), "price/");
            seen = enriched(ride);
        }
        assertThat(seen).containsPattern("risk[^:]+:(8\\.99999|9\\.0)");
    }

    private static String address(String part) {
        return Objects.requireNonNull(platform.addresses().get(part));
    }

    private static void send(String ride, int km, int stops) throws IOException {
        Path events = folder.resolve(ride + ".jsonl");
        Files.writeString(
                events, "{\"ride\":\"%s\",\"km\":%d,\"stops\":%d}\n".formatted(ride, km, stops));
        assertThat(
                        run(
                                "send",
                                "ride",
                                events.toString(),
                                "--to",
                                "http://127.0.0.1:" + platform.collector().getPort()))
                .contains("1 accepted");
    }

    /// The enriched event of a ride with its headers; empty when there is none yet.
    private static String enriched(String ride) {
        return run("tail", "ride", "--json", "--where", "ride=" + ride);
    }

    private static String run(String... words) {
        List<String> command = new java.util.ArrayList<>(List.of(words));
        command.add("--workspace");
        command.add(folder.toString());
        return LeatCommandLines.run(command.toArray(String[]::new)).output();
    }

    private static void await(Supplier<String> look, String wanted) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String seen = look.get();
        while (!seen.contains(wanted)) {
            assertThat(System.nanoTime())
                    .as(() -> run("tail", "ride") + run("dead", "list", "ride"))
                    .isLessThan(deadline);
            LockSupport.parkNanos(LOOK_NANOS);
            seen = look.get();
        }
    }
}

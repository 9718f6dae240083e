package leat.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import leat.embedded.kafka.EmbeddedKafka;
import leat.launcher.cli.LeatCommandLines;
import leat.launcher.config.Workspace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A feature of a running platform that is not as its view expects: everybody who asks of alerts is
/// told.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class ExpectationAlertsIT {

    private static final String ALERT = "spending.v1:amount-sum-1h-range";

    private final List<String> posted = new CopyOnWriteArrayList<>();

    @TempDir private Path brokerFolder;
    @TempDir private Path folder;

    @Test
    void anAlertIsListedServedPostedAndTakenUpAndExpectationsMayChange() throws Exception {
        LeatCommandLines.initialize(folder);
        HttpServer webhook = webhook();
        try (EmbeddedKafka broker =
                        EmbeddedKafka.start(new EmbeddedKafka.Settings(brokerFolder, 0));
                HttpClient client = HttpClient.newHttpClient()) {
            LeatCommandLines.configure(folder, broker);
            Files.writeString(
                    folder.resolve("leat.yaml"),
                    "monitor: {clock-grace: 500ms}\nalerts: {webhook: 'http://localhost:"
                            + webhook.getAddress().getPort()
                            + "/alerts'}\n",
                    StandardOpenOption.APPEND);
            // Given what is expected
            writeView(2);
            try (Platform platform = start()) {
                send(platform, "o1");
                Await.text("1.25", () -> run("features", "get", "spending", "ann", "--json"));
                assertThat(run("alerts", "list")).contains("No alert is firing.");

                // When
                send(platform, "o2");

                // Then
                Await.text(ALERT, () -> run("alerts", "list"));
                // The order before is kept, and counts where both fell into one window.
                assertThat(run("alerts", "list"))
                        .containsPattern(
                                ALERT + " +firing +error .* (50|100) +must be 0 percent within 1s");
                assertThat(served(platform, client)).contains("\"id\":\"" + ALERT + "\"");
                Await.text("\"status\":\"firing\"", () -> posted.toString());
                run("alerts", "ack", ALERT);
                Await.text("acknowledged", () -> run("alerts", "list"));
            }

            // When more is expected, of the same version
            writeView(100);
            assertThat(run("plan")).doesNotContain("refuse");
            try (Platform platform = start()) {
                send(platform, "o3");

                // Then
                Await.text("resolved", () -> run("alerts", "list", "--all"));
                Await.text("\"status\":\"resolved\"", () -> posted.toString());
            }
        } finally {
            webhook.stop(0);
        }
        assertThat(posted)
                .hasSize(3)
                .allMatch(body -> body.contains("\"field\":\"amount_sum_1h\""));
    }

    private void writeView(int most) throws IOException {
        Files.createDirectories(folder.resolve("features"));
        Files.writeString(
                folder.resolve("features/spending.yaml"),
                """
                entity: customer
                source: orders
                features:
                  - name: amount
                    expression: event.amount
                    aggregate: sum
                    windows: 1h
                    expect: {range: {maximum: %d}, unit: percent, window: 1s}
                """
                        .formatted(most));
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
                                Role.MONITOR,
                                Role.CONSOLE),
                        "1",
                        0));
    }

    private HttpServer webhook() throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/alerts",
                exchange -> {
                    posted.add(
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8));
                    exchange.sendResponseHeaders(204, -1);
                    exchange.close();
                });
        server.start();
        return server;
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

    private String run(String... words) {
        return new WorkspaceCommands(folder).output(words);
    }

    private static String served(Platform platform, HttpClient client)
            throws IOException, InterruptedException {
        String console = String.valueOf(platform.addresses().get(Role.CONSOLE.word()));
        return client.send(
                        HttpRequest.newBuilder(URI.create(console + "/api/v1/alerts")).build(),
                        BodyHandlers.ofString())
                .body();
    }
}

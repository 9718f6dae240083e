package leat.embedded.opensearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedOpenSearchIT {

    private static final Path CLASS_PATH =
            Path.of("..", "search-node", "target", "lib").toAbsolutePath().normalize();
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir Path folder;

    @Test
    void keepsItsDocumentsOverACrashAndAnOrderlyRestart() throws Exception {
        URI url;
        long crashed;
        try (EmbeddedOpenSearch engine = EmbeddedOpenSearch.start(settings(0))) {
            // Given a document
            url = engine.ready().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertThat(put(url, "/cars", "{}")).isEqualTo(200);
            assertThat(put(url, "/cars/_doc/1?refresh=true", "{\"speed\": 50}")).isEqualTo(201);

            // When the process is killed
            crashed = process(engine);
            ProcessHandle.of(crashed).orElseThrow().destroyForcibly();
            await(() -> engine.state() instanceof NodeState.Restarting);

            // Then another one comes up with the document
            await(() -> engine.state() instanceof NodeState.Ready);
            assertThat(process(engine)).isNotEqualTo(crashed);
            assertThat(body(url, "/cars/_count")).contains("\"count\":1");
        }
        try (EmbeddedOpenSearch engine = EmbeddedOpenSearch.start(settings(url.getPort()))) {
            URI again = engine.ready().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertThat(again).isEqualTo(url);
            assertThat(body(url, "/cars/_count")).contains("\"count\":1");
        }
    }

    @Test
    void endsWithItsParentEvenWhenThatIsKilled() throws Exception {
        // Given a parent JVM that holds an engine
        Process parent =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                HoldsAnEngine.class.getName(),
                                folder.toString(),
                                CLASS_PATH.toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        long child = 0;
        try (var lines = parent.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(HoldsAnEngine.CHILD)) {
                    child = Long.parseLong(line.substring(HoldsAnEngine.CHILD.length()));
                    break;
                }
            }
            assertThat(child).isNotZero();

            // When the parent is killed
            parent.destroyForcibly().waitFor();
        }

        // Then the child ends too
        long orphan = child;
        await(() -> ProcessHandle.of(orphan).isEmpty());
    }

    @Test
    void namesThePortThatAnotherProcessHolds() throws IOException {
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                EmbeddedOpenSearch engine =
                        EmbeddedOpenSearch.start(settings(holder.getLocalPort()), Duration.ZERO)) {
            assertThatThrownBy(() -> engine.ready().get(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .hasRootCauseInstanceOf(SearchNodeFailed.class)
                    .hasMessageContaining("port " + holder.getLocalPort() + " is taken")
                    .hasMessageContaining("choose another");
            assertThat(engine.state()).isInstanceOf(NodeState.Failed.class);
        }
    }

    @Test
    void namesTheProcessThatHoldsTheFolder() throws Exception {
        try (EmbeddedOpenSearch first = EmbeddedOpenSearch.start(settings(0))) {
            first.ready().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            long holder = process(first);
            try (EmbeddedOpenSearch second =
                    EmbeddedOpenSearch.start(settings(0), Duration.ofSeconds(2))) {
                assertThatThrownBy(() -> second.ready().get(LIMIT.toSeconds(), TimeUnit.SECONDS))
                        .hasMessageContaining("is in use by process " + holder);
            }
            assertThat(first.state()).isInstanceOf(NodeState.Ready.class);
        }
    }

    @Test
    void saysHowToBuildTheJarsWhenTheyAreMissing() {
        NodeSettings settings = new NodeSettings(folder, 0, folder.resolve("absent"));

        assertThatThrownBy(() -> EmbeddedOpenSearch.start(settings))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("mvn -pl search-node package");
    }

    private NodeSettings settings(int port) {
        assertThat(Files.isDirectory(CLASS_PATH)).isTrue();
        return new NodeSettings(folder, port, CLASS_PATH);
    }

    private static long process(EmbeddedOpenSearch engine) {
        return ((NodeState.Ready) engine.state()).processId();
    }

    private static int put(URI url, String path, String body) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(url.resolve(path))
                        .header("Content-Type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, BodyHandlers.discarding()).statusCode();
        }
    }

    private static String body(URI url, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(url.resolve(path)).build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, BodyHandlers.ofString()).body();
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }
}

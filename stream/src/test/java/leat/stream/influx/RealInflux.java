package leat.stream.influx;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import leat.stream.testing.Await;
import leat.stream.testing.RealProgram;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Debian's InfluxDB in a folder of its own.
final class RealInflux implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final Path folder;
    private final String program;
    private final int port;
    private RealProgram process;

    /// @param port and the next one are free
    RealInflux(Path folder, int port) {
        this.folder = folder;
        this.port = port;
        this.program = RealProgram.require("influxd", "influxdb").toString();
        try {
            Files.writeString(
                    folder.resolve("influxdb.conf"),
                    """
                    reporting-disabled = true
                    bind-address = "127.0.0.1:%2$d"
                    [meta]
                      dir = "%1$s/meta"
                    [data]
                      dir = "%1$s/data"
                      wal-dir = "%1$s/wal"
                    [http]
                      bind-address = "127.0.0.1:%3$d"
                      log-enabled = false
                    [monitor]
                      store-enabled = false
                    """
                            .formatted(folder, port + 1, port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.process = launch();
    }

    private RealProgram launch() {
        RealProgram started =
                RealProgram.start(
                        folder.resolve("out"),
                        List.of(
                                program,
                                "run",
                                "-config",
                                folder.resolve("influxdb.conf").toString()));
        Await.untilTrue(this::answers);
        return started;
    }

    private boolean answers() {
        try {
            return client.send(
                                    HttpRequest.newBuilder(URI.create(url() + "/ping")).build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 204;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    InfluxSettings settings() {
        return new InfluxSettings(
                Optional.of(url()),
                "leat test",
                "metric-point",
                Optional.empty(),
                Optional.empty(),
                100,
                Duration.ofSeconds(10));
    }

    void kill() {
        process.kill();
    }

    void restart() {
        process = launch();
    }

    /// The first series of a query's answer: rows of values, or nothing.
    JsonNode query(String statement) {
        try {
            HttpResponse<String> answer =
                    client.send(
                            HttpRequest.newBuilder(
                                            URI.create(
                                                    url()
                                                            + "/query?epoch=ns&db=leat+test&q="
                                                            + URLEncoder.encode(statement, UTF_8)))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            return JSON.readTree(answer.body()).path("results").path(0).path("series").path(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// How many points a measurement has.
    long count(String measurement) {
        return query("SELECT count(value) FROM \"" + measurement + "\"")
                .path("values")
                .path(0)
                .path(1)
                .asLong(0);
    }

    @Override
    public void close() {
        process.kill();
        client.close();
    }
}

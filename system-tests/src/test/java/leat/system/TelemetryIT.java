package leat.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The workspace of `leat init --template telemetry`, all of it: logs and metrics come in by
/// several doors and are found by SQL, in the search engine and in InfluxDB.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class TelemetryIT {

    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final Path INFLUXD = Path.of("/usr/bin/influxd");

    @TempDir private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final int offset = LeatProcess.freePortOffset(new Random(System.nanoTime()));
    private Process influx;
    private LeatProcess leat;

    @BeforeEach
    void start() throws IOException {
        Assumptions.assumeTrue(
                Files.isExecutable(INFLUXD),
                "influxd is missing: install influxdb (scripts/install-test-tools)");
        Path workspace = Files.createDirectories(folder.resolve("ops"));
        Files.createDirectories(workspace.resolve("contracts"));
        copy("/leat/launcher/template-telemetry/leat.yaml", workspace.resolve("leat.yaml"));
        for (String contract : List.of("log-record", "metric-point")) {
            copy(
                    "/leat/stream/collector/otlp/" + contract + ".odcs.yaml",
                    workspace.resolve("contracts/" + contract + ".odcs.yaml"));
        }
        Files.writeString(
                workspace.resolve("leat.yaml"),
                Files.readString(workspace.resolve("leat.yaml"))
                        + "metrics:\n  influx:\n    url: http://127.0.0.1:"
                        + influxPort()
                        + "\n");
        influx = influx();
        leat =
                LeatProcess.start(
                        workspace,
                        offset,
                        List.of(),
                        "run",
                        "kafka",
                        "opensearch",
                        "collector",
                        "enricher",
                        "lake",
                        "search",
                        "metrics",
                        "console");
        leat.awaitReady(LIMIT);
    }

    @AfterEach
    void stop() {
        if (leat != null) {
            leat.close();
        }
        if (influx != null) {
            influx.destroyForcibly();
        }
        http.close();
    }

    private int influxPort() {
        return 8_100 + offset;
    }

    private static void copy(String resource, Path target) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(TelemetryIT.class.getResourceAsStream(resource), resource)) {
            Files.copy(in, target);
        }
    }

    private Process influx() throws IOException {
        Path configuration = folder.resolve("influxdb.conf");
        Files.writeString(
                configuration,
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
                """
                        .formatted(folder, influxPort() + 1, influxPort()));
        return new ProcessBuilder(INFLUXD.toString(), "run", "-config", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("influx.log").toFile())
                .start();
    }

    @Test
    void logsAndMetricsAreFoundWhereverTheyAreLoaded() throws Exception {
        // When
        Instant now = Instant.now();
        String nanos = now.getEpochSecond() + "000000000";
        assertThat(
                        post(
                                leat.collector().resolve("/v1/logs"),
                                "application/json",
                                "{\"resourceLogs\":[{\"resource\":{\"attributes\":[{\"key\":"
                                        + "\"service.name\",\"value\":{\"stringValue\":\"shop\"}}]},"
                                        + "\"scopeLogs\":[{\"logRecords\":[{\"timeUnixNano\":\""
                                        + nanos
                                        + "\",\"severityNumber\":17,\"body\":{\"stringValue\":"
                                        + "\"payment failed\"},\"attributes\":[{\"key\":\"user\","
                                        + "\"value\":{\"stringValue\":\"u17\"}}]}]}]}]}"))
                .isEqualTo("{}");
        assertThat(
                        post(
                                leat.collector().resolve("/v1/metrics"),
                                "application/json",
                                "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"name\":"
                                        + "\"load\",\"gauge\":{\"dataPoints\":[{\"timeUnixNano\":\""
                                        + nanos
                                        + "\",\"asDouble\":1.5}]}}]}]}]}"))
                .isEqualTo("{}");
        try (Socket syslog = new Socket(InetAddress.getLoopbackAddress(), 5514 + offset)) {
            syslog.getOutputStream()
                    .write(("<11>1 " + now + " m1 cron 7 - - job failed\n").getBytes(UTF_8));
        }

        // Then
        await(() ->
                sql("SELECT count(*) FROM log_record_v1 WHERE severity_number = 17")
                        .contains("[[2]]"));
        await(() ->
                sql("SELECT service FROM log_record_v1 WHERE list_contains("
                                + "[a.value FOR a IN attributes IF a.key = 'user'],"
                                + " 'u17')")
                        .contains("[[\"shop\"]]"));
        await(() -> sql("SELECT sum(value) FROM metric_point_v1").contains("[[1.5]]"));
        await(() -> search("attributes.value:u17").contains("payment failed"));
        await(() -> search("service:cron").contains("job failed"));
        await(() -> influxValues().contains("[1.5]") || influxValues().contains(",1.5]"));
    }

    private String sql(String query) {
        return post(leat.console().resolve("/api/v1/sql"), "text/plain", query);
    }

    private String search(String query) {
        return get(
                "http://127.0.0.1:"
                        + (9200 + offset)
                        + "/leat.enriched.log-record.v1/_search?q="
                        + URLEncoder.encode(query, UTF_8));
    }

    private String influxValues() {
        return get(
                "http://127.0.0.1:"
                        + influxPort()
                        + "/query?db=leat&q="
                        + URLEncoder.encode("SELECT value FROM load", UTF_8));
    }

    private String get(String url) {
        return send(HttpRequest.newBuilder(URI.create(url)).build());
    }

    private String post(URI url, String type, String body) {
        return send(
                HttpRequest.newBuilder(url)
                        .header("content-type", type)
                        .POST(BodyPublishers.ofString(body))
                        .build());
    }

    private String send(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// What does not answer yet does not hold yet.
    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try {
                if (condition.getAsBoolean()) {
                    return;
                }
            } catch (UncheckedIOException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
            }
            assertThat(System.nanoTime()).as("time until it is found").isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }
}

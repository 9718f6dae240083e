package leat.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ConsoleTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir private static Path folder;
    private static RunningConsole running;
    private static Console console;
    private static HttpClient client;

    /// A platform that is starting.
    private record Starting() implements StatusSource {
        @Override
        public Optional<String> notReady() {
            return Optional.of("the log is not there yet");
        }

        @Override
        public Map<String, Object> status() {
            return Map.of("stages", List.of(Map.of("name", "enricher", "lag", 3)));
        }
    }

    @BeforeAll
    static void start() throws IOException {
        running = RunningConsole.start(folder, List.of(), new Starting());
        console = running.console();
        client = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        client.close();
        running.close();
    }

    @Test
    void aQueryIsAnsweredInJson() throws Exception {
        HttpResponse<String> response =
                post(
                        "{\"sql\": \"SELECT 1 AS a, 'x' AS b, [1, 2] AS c\"}",
                        "application/json",
                        "*/*");

        JsonNode answer = JSON.readTree(response.body());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(answer.path("columns").toString())
                .isEqualTo(
                        "[{\"name\":\"a\",\"type\":\"INTEGER\"},{\"name\":\"b\",\"type\":\"VARCHAR\"},"
                                + "{\"name\":\"c\",\"type\":\"INTEGER[]\"}]");
        assertThat(answer.path("rows").toString()).isEqualTo("[[1,\"x\",[1,2]]]");
        assertThat(answer.path("truncated").booleanValue()).isFalse();
        assertThat(answer.path("freshTo").isArray()).isTrue();
    }

    @Test
    void jsonEndsAtTheRowLimitAndSaysSo() throws Exception {
        HttpResponse<String> response = post("SELECT * FROM range(11)", "text/plain", "*/*");

        JsonNode answer = JSON.readTree(response.body());
        assertThat(answer.path("rows").size()).isEqualTo(10);
        assertThat(answer.path("truncated").booleanValue()).isTrue();
    }

    @Test
    void csvIsStreamedBeyondTheRowLimit() throws Exception {
        HttpResponse<String> response =
                post(
                        "SELECT range AS n, 'a,\"b' AS t FROM range(200000)",
                        "text/plain",
                        "text/csv");

        assertThat(response.headers().firstValue("content-type")).contains("text/csv");
        assertThat(response.body()).startsWith("n,t\r\n0,\"a,\"\"b\"\r\n1,");
        assertThat(response.body().lines().count()).isEqualTo(200_001);
    }

    @Test
    void arrowIsAStreamOfBatches() throws Exception {
        HttpResponse<byte[]> response =
                client.send(
                        HttpRequest.newBuilder(uri("/api/v1/sql"))
                                .header("content-type", "application/json")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                "{\"sql\": \"SELECT range AS n FROM range(20000)\","
                                                        + " \"format\": \"arrow\"}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());

        int rows = 0;
        try (RootAllocator allocator = new RootAllocator();
                ArrowStreamReader reader =
                        new ArrowStreamReader(
                                new ByteArrayInputStream(response.body()), allocator)) {
            while (reader.loadNextBatch()) {
                rows += reader.getVectorSchemaRoot().getRowCount();
            }
        }
        assertThat(rows).isEqualTo(20_000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "SELECT * FROM cars; 404; unknown-table",
                "SELECT * FROM '/etc/passwd'; 403; not-allowed",
                "SELECT a; 400; invalid-sql",
                "SELEC 1; 400; invalid-sql",
                "SELECT 'x'::INT; 400; invalid-sql"
            })
    void refusalsHaveAStatusACodeAndARemedy(String sql, int status, String code) throws Exception {
        HttpResponse<String> response = post(sql, "text/plain", "*/*");

        JsonNode error = JSON.readTree(response.body()).path("error");
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(error.path("code").asString()).isEqualTo(code);
        assertThat(error.path("message").asString()).isNotBlank();
        assertThat(error.path("remedy").asString()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource({
        "{oops, application/json, */*, 400",
        "{}, application/json, */*, 400",
        "SELECT 1, text/plain, image/png, 406"
    })
    void badRequestsAreNamed(String body, String type, String accept, int status) throws Exception {
        HttpResponse<String> response = post(body, type, accept);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(JSON.readTree(response.body()).path("error").path("remedy").asString())
                .isNotBlank();
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:PORT, '', 200",
        "127.0.0.1:PORT, '', 200",
        "evil.example:PORT, '', 403",
        "127.0.0.1.evil.example, '', 403",
        "localhost:PORT, Origin: http://localhost:PORT, 200",
        "localhost:PORT, Origin: http://localhost:1, 403",
        "localhost:PORT, Origin: https://evil.example, 403",
        "localhost:PORT, Origin: null, 403",
        "localhost:PORT, Sec-Fetch-Site: cross-site, 403",
        "localhost:PORT, Sec-Fetch-Site: same-origin, 200"
    })
    void aWebPageCannotTalkToTheConsole(String host, String header, int status) throws Exception {
        String port = Integer.toString(console.port());
        String request =
                "GET /health/live HTTP/1.1\r\nHost: "
                        + host.replace("PORT", port)
                        + "\r\n"
                        + (header.isEmpty() ? "" : header.replace("PORT", port) + "\r\n")
                        + "Connection: close\r\n\r\n";

        String response;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), console.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout(10_000);
            response =
                    new BufferedReader(
                                    new InputStreamReader(
                                            socket.getInputStream(), StandardCharsets.UTF_8))
                            .readLine();
        }

        assertThat(response).startsWith("HTTP/1.1 " + status);
    }

    @Test
    void healthStatusMetricsAndContractsAreServed() throws Exception {
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/health/ready").statusCode()).isEqualTo(503);
        assertThat(get("/health/ready").body()).contains("the log is not there yet");
        assertThat(get("/api/v1/status").body()).contains("\"lag\":3");
        assertThat(get("/api/v1/contracts").body()).isEqualTo("{\"contracts\":[]}");
        assertThat(get("/metrics").body()).contains("leat_sql_query_seconds");
        assertThat(get("/nowhere").statusCode()).isEqualTo(404);
    }

    @Test
    void alertsAreListedAndOneThatIsNotThereCannotBeTakenUp() throws Exception {
        assertThat(get("/api/v1/alerts").body()).isEqualTo("{\"alerts\":[]}");
        HttpResponse<String> answer =
                client.send(
                        HttpRequest.newBuilder(uri("/api/v1/alerts/ride.v1:volume/acknowledge"))
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("there is no alert 'ride.v1:volume'");
    }

    @Test
    void theDescriptionNamesEveryPath() throws Exception {
        JsonNode description = JSON.readTree(get("/openapi.json").body());

        for (String path : description.path("paths").propertyNames()) {
            if (path.contains("{")) {
                continue; // FeaturesApiTest and CatalogApiTest ask for them; here is no view
            }
            boolean isPost = description.path("paths").path(path).has("post");
            int status =
                    isPost
                            ? post("SELECT 1", "text/plain", "*/*").statusCode()
                            : get(path).statusCode();
            assertThat(status).as(path).isIn(200, 503);
        }
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(String body, String type, String accept)
            throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri("/api/v1/sql"))
                        .header("content-type", type)
                        .header("accept", accept)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static URI uri(String path) {
        return URI.create("http://127.0.0.1:" + console.port() + path);
    }
}

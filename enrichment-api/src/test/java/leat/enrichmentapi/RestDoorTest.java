package leat.enrichmentapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import leat.enrichmentapi.EnrichmentApiSettings.Trial;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class RestDoorTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir private Path folder;
    private RunningServer server;

    @BeforeEach
    void start() throws IOException {
        server = RunningServer.start(folder);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String requests(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"key\":\"car-%04d\"}".formatted(i))
                .collect(Collectors.joining(",", "{\"requests\":[", "]}"));
    }

    private static void isError(HttpResponse<String> response, int status, String code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        JsonNode error = JSON.readTree(response.body()).get("error");
        assertThat(error.get("code").stringValue()).isEqualTo(code);
        assertThat(error.get("message").stringValue()).isNotBlank();
        assertThat(error.get("remedy").stringValue()).isNotBlank();
    }

    @Test
    void answersManyKeysInTheirOrder() throws Exception {
        HttpResponse<String> response =
                server.post(
                        "cars",
                        """
                        {"requests": [{"key": "car-0002", "event": {"speed": 3}},
                                      {"key": "car-9999"}, {"key": "car-0001"}]}
                        """);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(response.body()))
                .isEqualTo(
                        JSON.readTree(
                                """
                                {"results": [
                                  {"fields": {"make": "Borealis", "model_year": 2019,
                                    "electric": false, "price": 25000.0,
                                    "note": "two, \\"quoted\\" words"}},
                                  {"missing": true},
                                  {"fields": {"make": "Aurora", "model_year": 2021,
                                    "electric": true, "price": 30000.5}}]}
                                """));
    }

    @Test
    void answersOneKeyWhateverItsCharacters() throws Exception {
        HttpResponse<String> response = server.get("/v1/lookups/cars/a%2Fb%20c");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(JSON.readTree(response.body()).at("/fields/model_year").intValue())
                .isEqualTo(2020);
        isError(server.get("/v1/lookups/cars/car-9999"), 404, "unknown-key");
    }

    @Test
    void takesAThousandRequestsAndNoMore() throws Exception {
        HttpResponse<String> most = server.post("cars", requests(1_000));
        assertThat(most.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(most.body()).get("results").size()).isEqualTo(1_000);

        isError(server.post("cars", requests(1_001)), 413, "too-many");
        assertThat(server.post("cars", requests(0)).body()).isEqualTo("{\"results\":[]}");
    }

    @Test
    void saysWhatIsWrongWithACall() throws Exception {
        isError(server.post("cras", requests(1)), 404, "unknown-lookup");
        assertThat(server.post("cras", requests(1)).body()).contains("did you mean 'cars'?");
        isError(server.get("/v1/lookups/nothing/alike"), 404, "unknown-lookup");
        isError(server.post("cars", "{\"requests\": [}"), 400, "bad-json");
        isError(server.post("cars", ""), 400, "bad-request");
        isError(server.post("cars", "[]"), 400, "bad-request");
        isError(server.post("cars", "{\"requests\": [{\"key\": 7}]}"), 400, "bad-request");
        isError(
                server.post("cars", "{\"requests\": [{\"key\": \"a\", \"event\": 1}]}"),
                400,
                "bad-request");
        isError(
                server.send(
                        server.request("/v1/lookups/cars")
                                .header("content-type", "text/plain")
                                .POST(HttpRequest.BodyPublishers.ofString(requests(1)))),
                415,
                "wrong-content-type");
        isError(server.get("/v2/lookups"), 404, "not-found");
        isError(
                server.send(server.request("/v1/lookups").header("origin", "http://evil.example")),
                403,
                "origin-not-allowed");
    }

    @Test
    void refusesABodyThatIsTooLarge() throws Exception {
        String large = "{\"requests\":[{\"key\":\"" + "x".repeat(5 << 20) + "\"}]}";

        isError(server.post("cars", large), 413, "too-large");
        assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void listsItsLookups() throws Exception {
        assertThat(JSON.readTree(server.get("/v1/lookups").body()))
                .isEqualTo(
                        JSON.readTree(
                                """
                                {"lookups": [{"name": "cars", "kind": "csv", "ready": true,
                                  "fields": ["make", "model_year", "electric", "price", "note"]}]}
                                """));
        assertThat(server.get("/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void aTrialFailsAndWaitsOnPurpose() throws Exception {
        try (RunningServer failing = RunningServer.start(folder, new Trial(Duration.ZERO, 1))) {
            isError(failing.post("cars", requests(1)), 503, "trial");
        }
        Duration latency = Duration.ofMillis(150);
        try (RunningServer slow = RunningServer.start(folder, new Trial(latency, 0))) {
            long start = System.nanoTime();
            assertThat(slow.post("cars", requests(1)).statusCode()).isEqualTo(200);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(latency);
        }
    }
}

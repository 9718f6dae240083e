package leat.enrichmentapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import leat.enrichmentapi.EnrichmentApiSettings.Trial;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The served description holds for what the server does: every operation is called, and each
/// answer has a status and a body that the description knows.
final class OpenApiTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir private Path folder;

    /// A call of an operation, and the status it is to have.
    private record Call(
            String method, String path, String actual, int status, String type, String body) {
        static Call get(String path, String actual, int status) {
            return new Call("get", path, actual, status, "", "");
        }

        static Call post(String actual, int status, String type, String body) {
            return new Call("post", "/v1/lookups/{name}", actual, status, type, body);
        }
    }

    private static final String JSON_TYPE = "application/json";
    private static final String ONE =
            "{\"requests\":[{\"key\":\"car-0001\"},{\"key\":\"nothing\"}]}";
    private static final List<Call> CALLS =
            List.of(
                    Call.get("/v1/lookups", "/v1/lookups", 200),
                    Call.get("/v1/lookups/{name}/{key}", "/v1/lookups/cars/car-0001", 200),
                    Call.get("/v1/lookups/{name}/{key}", "/v1/lookups/cars/nothing", 404),
                    Call.get("/v1/lookups/{name}/{key}", "/v1/lookups/nothing/car-1", 404),
                    Call.post("/v1/lookups/cars", 200, JSON_TYPE, ONE),
                    Call.post("/v1/lookups/cars", 200, "application/json; charset=utf-8", ONE),
                    Call.post("/v1/lookups/cars", 400, JSON_TYPE, "{"),
                    Call.post("/v1/lookups/nothing", 404, JSON_TYPE, ONE),
                    Call.post(
                            "/v1/lookups/cars",
                            413,
                            JSON_TYPE,
                            "{\"requests\":["
                                    + "{\"key\":\"a\"},".repeat(1_000)
                                    + "{\"key\":\"a\"}]}"),
                    Call.post("/v1/lookups/cars", 415, "text/plain", ONE),
                    Call.get("/health/live", "/health/live", 200),
                    Call.get("/health/ready", "/health/ready", 200),
                    Call.get("/openapi.json", "/openapi.json", 200));

    @Test
    void everyOperationAnswersAsItIsDescribed() throws Exception {
        try (RunningServer server = RunningServer.start(folder)) {
            JsonNode description = JSON.readTree(server.get("/openapi.json").body());
            Set<String> called = new HashSet<>();
            for (Call call : CALLS) {
                check(description, server, call);
                called.add(call.method() + " " + call.path());
            }
            Set<String> described = new HashSet<>();
            description
                    .get("paths")
                    .forEachEntry((path, operations) ->
                            operations.forEachEntry(
                                    (method, _) -> described.add(method + " " + path)));
            assertThat(called).isEqualTo(described);
        }
    }

    @Test
    void failuresAreDescribedToo() throws Exception {
        try (RunningServer server = RunningServer.start(folder, new Trial(Duration.ZERO, 1))) {
            JsonNode description = JSON.readTree(server.get("/openapi.json").body());
            check(description, server, Call.post("/v1/lookups/cars", 503, JSON_TYPE, ONE));
            check(
                    description,
                    server,
                    Call.get("/v1/lookups/{name}/{key}", "/v1/lookups/cars/a", 503));
        }
    }

    private static void check(JsonNode description, RunningServer server, Call call)
            throws Exception {
        HttpRequest.Builder request = server.request(call.actual());
        if (call.method().equals("post")) {
            request.header("content-type", call.type())
                    .POST(HttpRequest.BodyPublishers.ofString(call.body()));
        }
        HttpResponse<String> response = server.send(request);
        assertThat(response.statusCode())
                .as("%s: %s", call, response.body())
                .isEqualTo(call.status());
        JsonNode answer =
                resolved(
                        description,
                        description
                                .get("paths")
                                .get(call.path())
                                .get(call.method())
                                .get("responses")
                                .path(Integer.toString(call.status())));
        assertThat(answer.isMissingNode()).as("%s is not described", call).isFalse();
        String type = response.headers().firstValue("content-type").orElse("");
        JsonNode schema = answer.get("content").path(type).path("schema");
        assertThat(schema.isMissingNode()).as("%s: content type %s", call, type).isFalse();
        assertThat(faults(description, schema, response.body())).as("%s", call).isEmpty();
    }

    private static JsonNode resolved(JsonNode description, JsonNode node) {
        JsonNode reference = node.path("$ref");
        return reference.isString() ? description.at(reference.stringValue().substring(1)) : node;
    }

    private static List<?> faults(JsonNode description, JsonNode schema, String body) {
        ObjectNode whole = JSON.createObjectNode();
        whole.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        whole.set("components", description.get("components"));
        whole.set("allOf", JSON.createArrayNode().add(schema));
        Schema compiled =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(whole);
        return compiled.validate(JSON.readTree(body));
    }
}

package leat.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.core.odcs.OdcsReader;
import leat.core.registry.ContractRegistry;
import leat.core.registry.JsonSchemas;
import leat.core.registry.Registration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The endpoint as Confluent's protocol documents it: paths, fields, error codes.
class SchemaRegistryTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String RAW = "leat.raw.car.v1-value";

    @TempDir private static Path folder;
    private static RunningConsole running;
    private static HttpClient client;

    /// A platform that runs.
    private record Running() implements StatusSource {
        @Override
        public Optional<String> notReady() {
            return Optional.empty();
        }

        @Override
        public Map<String, Object> status() {
            return Map.of();
        }
    }

    @BeforeAll
    static void start() throws IOException {
        ContractRegistry registry =
                registered(registered(ContractRegistry.EMPTY, "1.0.0"), "1.1.0");
        running = RunningConsole.start(folder, List.of(), new Running(), () -> registry);
        client = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        client.close();
        running.close();
    }

    private static ContractRegistry registered(ContractRegistry registry, String version) {
        String odcs =
                """
                apiVersion: v3.1.0
                kind: DataContract
                id: car
                version: %s
                status: active
                schema:
                  - name: car
                    properties:
                      - {name: speed, logicalType: integer}
                """
                        .formatted(version);
        Contract contract = OdcsReader.read(Path.of("car.odcs.yaml"), odcs).orThrow();
        Registration command =
                new Registration(contract, odcs, new JsonSchemas(new Names("leat")).of(contract));
        return switch (command.decide(registry, Instant.EPOCH)) {
            case Registration.Decision.Register(var event, var _) -> registry.apply(event);
            case Registration.Decision.Keep _, Registration.Decision.Refuse _ ->
                    throw new AssertionError("not registered");
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    /subjects | ["leat.enriched.car.v1-value","leat.raw.car.v1-value"]
                    /subjects?subjectPrefix=leat.raw | ["leat.raw.car.v1-value"]
                    /subjects/leat.raw.car.v1-value/versions | [1,2]
                    /subjects/leat.raw.car.v1-value/versions/1/referencedby | []
                    /schemas/ids/3/subjects | ["leat.raw.car.v1-value"]
                    /schemas/ids/3/versions | [{"subject":"leat.raw.car.v1-value","version":2}]
                    /schemas/types | ["JSON","AVRO","PROTOBUF"]
                    /config | {"compatibilityLevel":"BACKWARD"}
                    /config/leat.raw.car.v1-value?defaultToGlobal=true | {"compatibilityLevel":"BACKWARD"}
                    /mode | {"mode":"READONLY"}
                    """)
    void answersWhatIsAsked(String path, String body) throws Exception {
        HttpResponse<String> answer = get(path);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type"))
                .hasValue("application/vnd.schemaregistry.v1+json");
        assertThat(answer.body()).isEqualTo(body);
    }

    @ParameterizedTest
    @CsvSource({
        "/subjects/none/versions, 404, 40401",
        "/subjects/none/versions/1, 404, 40401",
        "/subjects/leat.raw.car.v1-value/versions/9, 404, 40402",
        "/subjects/leat.raw.car.v1-value/versions/0, 422, 42202",
        "/subjects/leat.raw.car.v1-value/versions/newest, 422, 42202",
        "/schemas/ids/99, 404, 40403",
        "/nothing, 404, 40400"
    })
    void refusesWithTheProtocolsCodes(String path, int status, int code) throws Exception {
        HttpResponse<String> answer = get(path);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(JSON.readTree(answer.body()).path("error_code").asInt()).isEqualTo(code);
        assertThat(JSON.readTree(answer.body()).path("message").asString()).isNotEmpty();
    }

    @Test
    void aSchemaIsFoundByItsIdItsVersionAndItsText() throws Exception {
        JsonNode latest = JSON.readTree(get("/subjects/" + RAW + "/versions/latest").body());
        String text = latest.path("schema").asString();

        assertThat(latest.path("version").asInt()).isEqualTo(2);
        assertThat(latest.path("schemaType").asString()).isEqualTo("JSON");
        assertThat(text).contains("urn:leat:contract:car:1.1.0");
        assertThat(get("/subjects/" + RAW + "/versions/2").body()).isEqualTo(latest.toString());
        assertThat(get("/subjects/" + RAW + "/versions/-1/schema").body()).isEqualTo(text);
        JsonNode byId = JSON.readTree(get("/schemas/ids/" + latest.path("id").asInt()).body());
        assertThat(byId.path("schema").asString()).isEqualTo(text);
        assertThat(byId.path("schemaType").asString()).isEqualTo("JSON");
        // The client formats it as it likes.
        HttpResponse<String> lookedUp = post("/subjects/" + RAW, JSON.readTree(text).toString());
        assertThat(lookedUp.body()).isEqualTo(latest.toString());
    }

    @Test
    void whatIsThereMayBeRegisteredAgainAndNothingElse() throws Exception {
        String text = get("/subjects/" + RAW + "/versions/1/schema").body();

        HttpResponse<String> again = post("/subjects/" + RAW + "/versions", text);
        HttpResponse<String> other = post("/subjects/" + RAW + "/versions", "{}");
        HttpResponse<String> unknown = post("/subjects/" + RAW, "{}");

        assertThat(again.body()).isEqualTo("{\"id\":1}");
        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(other.body()).contains("42205", "leat up", "read-only");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).contains("40403");
        assertThat(send("DELETE", "/subjects/" + RAW, "").body()).contains("42205");
        assertThat(send("PUT", "/config", "{}").body()).contains("42205");
    }

    @Test
    void aLaterVersionIsCompatibleWithAnEarlierOne() throws Exception {
        String first = get("/subjects/" + RAW + "/versions/1/schema").body();
        String second = get("/subjects/" + RAW + "/versions/2/schema").body();
        String path = "/compatibility/subjects/" + RAW + "/versions/";

        assertThat(post(path + "1", second).body()).isEqualTo("{\"is_compatible\":true}");
        assertThat(post(path + "latest", second).body()).isEqualTo("{\"is_compatible\":true}");
        assertThat(post(path + "2", first).body()).isEqualTo("{\"is_compatible\":false}");
        assertThat(post(path + "2?verbose=true", "{}").body()).contains("no contract yields");
    }

    @Test
    void aBodyThatIsNoSchemaIsRefused() throws Exception {
        assertThat(send("POST", "/subjects/" + RAW, "{").body()).contains("42201");
        assertThat(send("POST", "/subjects/" + RAW, "{}").body()).contains("42201");
        assertThat(
                        send("POST", "/subjects/" + RAW, "{\"schemaType\":\"XML\",\"schema\":\"\"}")
                                .body())
                .contains("42201");
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return send("GET", path, "");
    }

    private static HttpResponse<String> post(String path, String schema) throws Exception {
        return send(
                "POST",
                path,
                JSON.writeValueAsString(Map.of("schemaType", "JSON", "schema", schema)));
    }

    private static HttpResponse<String> send(String method, String path, String body)
            throws Exception {
        return client.send(
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:"
                                                + running.console().port()
                                                + "/schema-registry"
                                                + path))
                        .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}

package leat.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.contract.ContractName;
import leat.core.feature.FeatureSet;
import leat.core.feature.FeatureSet.Member;
import leat.ml.featurestore.online.FeatureQueries;
import leat.ml.featurestore.online.OnlineFeature;
import leat.ml.featurestore.online.OnlineUnavailable;
import leat.ml.featurestore.online.OnlineView;
import leat.ml.featurestore.online.StoredVector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FeaturesApiTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final OnlineView DRIVING = view("driving");
    private static final OnlineView LOADING = view("loading");

    @TempDir private static Path folder;
    private static RunningConsole running;
    private static HttpClient client;

    /// Knows `car-1` and `a/b c%+ü` of `driving`, and cannot read `loading` yet.
    private record TwoCars() implements VectorsOnly {
        @Override
        public List<Optional<StoredVector>> vectors(OnlineView view, List<String> entities) {
            if (view.equals(LOADING)) {
                throw new OnlineUnavailable("still being read", "try again");
            }
            return entities.stream()
                    .map(entity ->
                            List.of("car-1", "a/b c%+ü", "4711").contains(entity)
                                    ? StoredVector.read(vector(entity).getBytes(UTF_8))
                                    : Optional.<StoredVector>empty())
                    .toList();
        }

        private static String vector(String entity) {
            return "{\"entity\":\""
                    + entity
                    + "\",\"query_time\":\"2026-11-21T10:00:00.000001Z\",\"speed\":1.5}";
        }
    }

    private static OnlineView view(String name) {
        return new OnlineView(
                new ContractName(name),
                1,
                "car",
                "t",
                List.of(
                        new OnlineFeature("speed", OnlineFeature.Kind.NUMBER),
                        new OnlineFeature("shocks", OnlineFeature.Kind.INTEGER)),
                Optional.empty());
    }

    private static FeatureSet set(String name, Member member) {
        return new FeatureSet(
                new ContractName(name),
                "",
                Optional.empty(),
                List.of(),
                "car",
                List.of(member),
                Path.of(name + ".yaml"));
    }

    @BeforeAll
    static void start() throws IOException {
        running =
                RunningConsole.start(
                        folder,
                        new FeatureQueries(
                                List.of(DRIVING, LOADING),
                                List.of(
                                        set("breakdown", new Member("pace", "driving", "speed")),
                                        set("late", new Member("pace", "loading", "speed"))),
                                new TwoCars(),
                                InstantSource.fixed(Instant.parse("2026-11-21T10:00:01Z"))));
        client = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        client.close();
        running.close();
    }

    @Test
    void oneEntityIsAnswered() throws Exception {
        HttpResponse<String> answer = get("driving/car-1");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        assertThat(answer.body())
                .isEqualTo(
                        "{\"view\":\"driving\",\"version\":1,\"entities\":[{\"entity\":\"car-1\","
                                + "\"status\":\"present\","
                                + "\"query_time\":\"2026-11-21T10:00:00.000001Z\","
                                + "\"values\":{\"speed\":1.5,\"shocks\":null},"
                                + "\"statuses\":{\"shocks\":\"null\"}}]}");
    }

    @Test
    void aSetIsAnsweredAsItIsDescribed() throws Exception {
        JsonNode one = JSON.readTree(send("feature-sets/breakdown/a%2Fb%20c%25+%C3%BC").body());
        JsonNode many =
                JSON.readTree(
                        send("feature-sets/breakdown", "{\"entities\":[\"car-9\",\"car-1\"]}")
                                .body());

        assertThat(one.path("set").asString()).isEqualTo("breakdown");
        assertThat(one.path("entities").path(0).path("values").toString())
                .isEqualTo("{\"pace\":1.5}");
        assertThat(
                        many.path("entities")
                                .valueStream()
                                .map(entity -> entity.path("status").asString()))
                .containsExactly("unknown-entity", "present");
        isAsDescribed(many, "SetFeatures");
        isAsDescribed(JSON.readTree(get("driving/car-1").body()), "Features");
    }

    /// The answer and each of its entities have the members that the description has.
    private static void isAsDescribed(JsonNode answer, String schema) throws Exception {
        JsonNode described =
                JSON.readTree(sendTo("/openapi.json").body()).path("components").path("schemas");
        JsonNode whole = described.path(schema);
        assertThat(answer.propertyNames())
                .containsExactlyElementsOf(whole.path("properties").propertyNames());
        JsonNode entity = whole.path("properties").path("entities").path("items");
        for (JsonNode one : answer.path("entities")) {
            assertThat(one.propertyNames())
                    .containsExactlyElementsOf(entity.path("properties").propertyNames());
            assertThat(
                            entity.path("properties")
                                    .path("status")
                                    .path("enum")
                                    .valueStream()
                                    .map(JsonNode::asString))
                    .contains(one.path("status").asString());
        }
    }

    @Test
    void errorsOfSetsAreThoseOfViews() throws Exception {
        assertError(
                send("feature-sets/breakdwn/car-1"),
                404,
                "unknown-set",
                "write 'breakdown' if that was meant");
        assertError(
                send("feature-sets/breakdown/car-1?features=pce"),
                400,
                "unknown-feature",
                "write 'pace' if that was meant");
        assertError(send("feature-sets/late/car-1"), 503, "not-ready", "try again");
        assertError(
                send("feature-sets/breakdown", entities(1_001)),
                413,
                "too-many",
                "ask for them in parts");
        assertThat(send("feature-sets/breakdown", "{}").statusCode()).isEqualTo(400);
    }

    @Test
    void anEntityMayHaveAnyCharacters() throws Exception {
        assertThat(entities(get("driving/a/b%20c%25+%C3%BC")).path(0).path("status").asString())
                .isEqualTo("present");
        assertThat(entities(get("driving/a%2Fb%20c%25+%C3%BC")).path(0).path("status").asString())
                .isEqualTo("present");
    }

    @Test
    void onlySomeFeaturesMayBeAskedFor() throws Exception {
        assertThat(entities(get("driving/car-1?features=speed")).path(0).path("values").toString())
                .isEqualTo("{\"speed\":1.5}");
        assertThat(
                        entities(
                                        post(
                                                "driving",
                                                "{\"entities\":[\"x\"],\"features\":[\"shocks\"]}"))
                                .path(0)
                                .path("values")
                                .toString())
                .isEqualTo("{\"shocks\":null}");
    }

    @Test
    void manyEntitiesAreAnsweredInTheirOrderAndIntegersAreKeysToo() throws Exception {
        JsonNode entities = entities(post("driving", "{\"entities\":[\"car-9\",\"car-1\",4711]}"));

        assertThat(entities.valueStream().map(one -> one.path("status").asString()))
                .containsExactly("unknown-entity", "present", "present");
        assertThat(entities.valueStream().map(one -> one.path("entity").asString()))
                .containsExactly("car-9", "car-1", "4711");
    }

    @Test
    void thousandEntitiesMayBeAskedForAndNotOneMore() throws Exception {
        assertThat(entities(post("driving", entities(1_000))).size()).isEqualTo(1_000);

        assertError(post("driving", entities(1_001)), 413, "too-many", "ask for them in parts");
    }

    private static String entities(int count) {
        return JSON.writeValueAsString(Map.of("entities", Collections.nCopies(count, "car-1")));
    }

    @Test
    void aBodyOfMoreThanAMebibyteIsRefused() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertError(
                    post("driving", "{\"entities\":[\"" + "x".repeat(15 << 20) + "\"]}"),
                    413,
                    "too-large",
                    "ask in parts");
        }
        assertThat(get("driving/car-1").statusCode()).isEqualTo(200);
    }

    @Test
    void unknownNamesAreRefusedWithTheNearest() throws Exception {
        assertError(get("drivin/car-1"), 404, "unknown-view", "write 'driving' if that was meant");
        assertError(
                post("driving", "{\"entities\":[\"x\"],\"features\":[\"sped\"]}"),
                400,
                "unknown-feature",
                "write 'speed' if that was meant");
    }

    @Test
    void aStoreThatIsNotReadySaysSo() throws Exception {
        HttpResponse<String> answer = get("loading/car-1");

        assertError(answer, 503, "not-ready", "try again");
        assertThat(answer.headers().firstValue("retry-after")).contains("1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            textBlock =
                    """
                    ^^                                | the body is not
                    {                                 | the body is not JSON
                    []                                | the body is not an object
                    {}                                | the body names no entity
                    {"entities":[]}                   | the body names no entity
                    {"entities":"x"}                  | 'entities' is not a list
                    {"entities":["x",null]}           | 'entities[1]' is neither
                    {"entities":["x",1.5]}            | 'entities[1]' is neither
                    {"entities":["x"],"feature":["y"]} | a member 'feature'
                    {"entities":["x"],"features":"y"} | 'features' is not a list
                    """)
    void aBodyThatIsNotAQuestionIsRefused(String body, String message) throws Exception {
        HttpResponse<String> answer = post("driving", body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(JSON.readTree(answer.body()).path("error").path("code").asString())
                .isEqualTo("bad-request");
        assertThat(JSON.readTree(answer.body()).path("error").path("message").asString())
                .contains(message)
                .doesNotContain("marker at");
    }

    private static void assertError(
            HttpResponse<String> answer, int status, String code, String remedy) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode error = JSON.readTree(answer.body()).path("error");
        assertThat(error.path("code").asString()).isEqualTo(code);
        assertThat(error.path("remedy").asString()).isEqualTo(remedy);
    }

    private static JsonNode entities(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body()).path("entities");
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return send("features/" + path);
    }

    private static HttpResponse<String> post(String view, String body) throws Exception {
        return send("features/" + view, body);
    }

    private static HttpResponse<String> send(String path) throws Exception {
        return sendTo("/api/v1/" + path);
    }

    private static HttpResponse<String> sendTo(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> send(String path, String body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri("/api/v1/" + path))
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static URI uri(String path) {
        return URI.create("http://127.0.0.1:" + running.console().port() + path);
    }
}

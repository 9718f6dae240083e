package leat.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.catalog.Catalog;
import leat.core.catalog.Definitions;
import leat.core.contract.Contract;
import leat.core.contract.Contracts;
import leat.core.event.Names;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureSet;
import leat.core.feature.FeatureSetReader;
import leat.core.feature.FeatureViewReader;
import leat.core.model.RegisteredModelCommand;
import leat.core.model.VersionCommand;
import leat.core.odcs.OdcsReader;
import leat.core.prediction.Scoring;
import leat.core.prediction.ScoringReader;
import leat.core.training.Training;
import leat.core.training.TrainingReader;
import leat.ml.featurestore.online.FeatureQueries;
import leat.ml.featurestore.online.OnlineView;
import leat.ml.featurestore.online.StoredVector;
import leat.stream.collector.access.Access;
import leat.stream.collector.access.Caller;
import leat.stream.collector.access.Credentials;
import leat.stream.collector.access.Denial;
import leat.stream.collector.access.DoorKind;
import leat.stream.lake.TrainingTables;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CatalogApiTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir private static Path folder;
    private static RunningConsole running;
    private static HttpClient client;

    /// Knows no entity.
    private record NoVectors() implements VectorsOnly {
        @Override
        public List<Optional<StoredVector>> vectors(OnlineView view, List<String> entities) {
            return entities.stream().map(_ -> Optional.<StoredVector>empty()).toList();
        }
    }

    /// Lets everybody in, under the name that is the key.
    private record Keys() implements Access {
        @Override
        public Admission admit(DoorKind door, Credentials credentials) {
            return new Admission.Admitted(
                    credentials instanceof Credentials.Key(String key)
                            ? new Named(key)
                            : Caller.ANYONE);
        }
    }

    private record Named(String name) implements Caller {
        @Override
        public Optional<Denial> denial(Contract contract) {
            return Optional.empty();
        }

        @Override
        public long take(int events, long bytes) {
            return 0;
        }
    }

    private static Definitions definitions() {
        Contract readings =
                OdcsReader.read(
                                Path.of("readings.odcs.yaml"),
                                """
                                apiVersion: v3.1.0
                                kind: DataContract
                                id: readings
                                version: 1.0.0
                                status: active
                                schema:
                                  - name: readings
                                    properties:
                                      - {name: car, logicalType: string, required: true}
                                      - {name: speed, logicalType: number}
                                customProperties:
                                  - {property: leat.key, value: car}
                                """)
                        .orThrow();
        Contracts contracts = new Contracts(List.of(readings));
        CompiledView driving =
                FeatureViewReader.read(
                                Path.of("driving.yaml"),
                                """
                                tags: [maintenance]
                                entity: car
                                source: readings
                                features:
                                  - name: speed
                                    expression: event.speed
                                    expect: {range: {minimum: 0, maximum: 60}}
                                  - {name: n, aggregate: count, windows: 1h}
                                  - {name: fast, expression: event.speed > 30.0}
                                """,
                                contracts)
                        .orThrow();
        FeatureSet set =
                FeatureSetReader.read(
                                Path.of("breakdown.yaml"),
                                "entity: car\nfeatures:\n  - {view: driving, names: speed}\n",
                                List.of(driving))
                        .orThrow();
        String model =
                """
                scoring: {model: wear, view: driving, features: speed, outputs: {score: score}}
                training:
                  model: wear
                  data: {view: driving, features: speed}
                  algorithm: autoencoder
                """;
        ScoringReader.Known known =
                ScoringReader.Known.sound(contracts, List.of(driving), List.of());
        Scoring scoring = ScoringReader.read(Path.of("wear.yaml"), model, known).orThrow();
        Training training = TrainingReader.read(Path.of("wear.yaml"), model, known).orThrow();
        return new Definitions(
                List.of(readings),
                List.of(driving),
                List.of(set),
                List.of(training),
                List.of(scoring));
    }

    @BeforeAll
    static void start() throws IOException {
        FoldedRegistry registry = new FoldedRegistry();
        registry.write(new RegisteredModelCommand.Create("id", "wear", "", Map.of()));
        registry.write(
                new VersionCommand.Create(
                        "version",
                        "wear",
                        "mlflow-artifacts:/0/version",
                        "",
                        "",
                        "",
                        "",
                        Map.of(
                                "leat.training",
                                "wear",
                                "leat.view",
                                "driving.v1",
                                "leat.features",
                                "speed,fast")));
        registry.write(new RegisteredModelCommand.SetAlias("wear", "champion", 1));
        Definitions definitions = definitions();
        FeatureQueries features =
                new FeatureQueries(
                        definitions.views().stream()
                                .map(view -> OnlineView.of(new Names("leat"), view))
                                .toList(),
                        definitions.sets(),
                        new NoVectors(),
                        InstantSource.fixed(Instant.parse("2026-11-21T10:00:00Z")));
        running =
                RunningConsole.start(
                        folder, Catalog.of(definitions), registry, features, new Keys());
        makeTrainingSet();
        client = HttpClient.newHttpClient();
    }

    /// A table of two rows.
    private static void makeTrainingSet() throws IOException {
        TrainingTables tables = new TrainingTables(running.lake());
        TrainingTables.NewTable planned = tables.plan("worn");
        Files.createDirectories(planned.file().getParent());
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement()) {
            statement.execute(
                    "COPY (SELECT range AS speed FROM range(2)) TO '" + planned.file() + "'");
        } catch (SQLException e) {
            throw new IOException(e);
        }
        tables.create(
                "worn",
                planned,
                Map.of(
                        TrainingTables.VIEWS,
                        "driving.v1",
                        TrainingTables.SET,
                        "breakdown",
                        TrainingTables.AS_OF,
                        "event",
                        TrainingTables.FEATURES,
                        "driving:speed"));
    }

    /// Questions that Kafka has not answered, since there is none here, hold nothing up.
    @AfterAll
    @Timeout(20)
    static void stop() {
        client.close();
        running.close();
    }

    @Test
    void everythingIsThereInTheFormThatIsDescribed() throws Exception {
        JsonNode entries = json("/api/v1/catalog").path("entries");

        assertThat(entries.valueStream().map(entry -> entry.path("kind").asString()))
                .containsExactly("contract", "view", "set", "training", "model", "scoring");
        assertThat(entries.path(0).path("fields").path(1).path("features").toString())
                .isEqualTo("[\"driving.v1:speed\",\"driving.v1:fast\"]");
        assertThat(entries.path(1).path("features").path(0))
                .isEqualTo(
                        JSON.readTree(
                                "{\"name\":\"speed\",\"type\":\"number\",\"description\":\"\","
                                        + "\"expression\":\"event.speed\",\"aggregate\":null,"
                                        + "\"window\":null,\"where\":null,\"classification\":null,"
                                        + "\"reads\":[\"readings.v1:speed\"],"
                                        + "\"lookUps\":[],\"lookedUpBy\":[],"
                                        + "\"features\":[],"
                                        + "\"sets\":[\"breakdown:speed\"],"
                                        + "\"readers\":{\"trainings\":[\"wear\"],"
                                        + "\"models\":[\"wear\"],\"scorings\":[\"wear.v1\"],"
                                        + "\"monitoring\":[]}}"));
        isDescribed(entries.path(0), "CatalogContract", "fields");
        isDescribed(entries.path(1), "CatalogView", "features");
        isDescribed(entries.path(1), "CatalogView", "expectations");
        assertThat(entries.path(1).path("expectations").path(0).toString())
                .isEqualTo(
                        "{\"name\":\"speed-range\",\"feature\":\"speed\","
                                + "\"severity\":\"error\","
                                + "\"says\":\"outside of [0.0, 60.0]: must be 0 within 1m\"}");
        isDescribed(entries.path(2), "CatalogSet", "features");
        isDescribed(entries.path(3), "CatalogTraining", "features");
        isDescribed(entries.path(4), "CatalogModel", "features");
        isDescribed(entries.path(4), "CatalogModel", "versions");
        isDescribed(entries.path(5), "CatalogScoring", "features");
        isDescribed(entries.path(5), "CatalogScoring", "fields");
    }

    @Test
    void whatTheRegistryKnowsOfModelsIsInTheAnswer() throws Exception {
        JsonNode answer = json("/api/v1/catalog?kind=model");

        assertThat(answer.path("registered").asBoolean()).isTrue();
        assertThat(answer.path("entries").path(0).path("versions").toString())
                .isEqualTo(
                        "[{\"version\":1,\"aliases\":[\"champion\"],\"training\":\"wear\","
                                + "\"view\":\"driving.v1\",\"set\":null,\"features\":[\"speed\",\"fast\"]}]");
        assertThat(
                        json("/api/v1/catalog?kind=view&q=fast")
                                .path("entries")
                                .path(0)
                                .path("features")
                                .path(0)
                                .path("readers")
                                .path("models")
                                .toString())
                .isEqualTo("[\"wear\"]");
    }

    private static void isDescribed(JsonNode entry, String schema, String parts) throws Exception {
        JsonNode described = json("/openapi.json").path("components").path("schemas").path(schema);
        assertThat(entry.propertyNames())
                .containsExactlyInAnyOrderElementsOf(described.path("properties").propertyNames());
        JsonNode part = described.path("properties").path(parts).path("items");
        assertThat(entry.path(parts).path(0).propertyNames())
                .containsExactlyInAnyOrderElementsOf(part.path("properties").propertyNames());
    }

    @Test
    void aSearchFindsWhatItSays() throws Exception {
        assertThat(names("?q=speed&kind=set")).isEqualTo("breakdown");
        assertThat(names("?tag=maintenance")).isEqualTo("driving");
        assertThat(names("?entity=car&q=n&kind=view")).isEqualTo("driving");
        assertThat(names("?owner=nobody")).isEmpty();
        assertThat(names("?q=")).isEqualTo("readings driving breakdown wear wear wear");
    }

    private static String names(String query) throws Exception {
        return String.join(
                " ",
                json("/api/v1/catalog" + query)
                        .path("entries")
                        .valueStream()
                        .map(entry -> entry.path("name").asString())
                        .toList());
    }

    @Test
    void aProfileOfAViewWithoutVectorsIsOfNone() throws Exception {
        JsonNode profile = json("/api/v1/catalog/views/driving/profile");

        assertThat(profile.path("vectors").asLong(-1)).isZero();
        assertThat(profile.path("newest").isNull()).isTrue();
        assertThat(profile.path("features").valueStream().map(f -> f.path("name").asString()))
                .containsExactly("speed", "n_count_1h", "fast");
        assertThat(profile.path("features").path(0).path("nullRate").isNull()).isTrue();
        JsonNode described =
                json("/openapi.json").path("components").path("schemas").path("ViewProfile");
        assertThat(profile.propertyNames())
                .containsExactlyInAnyOrderElementsOf(described.path("properties").propertyNames());
        assertThat(profile.path("features").path(0).propertyNames())
                .containsExactlyInAnyOrderElementsOf(
                        described
                                .path("properties")
                                .path("features")
                                .path("items")
                                .path("properties")
                                .propertyNames());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ?query=x     | 400 | bad-request  | use one of entity, kind, owner, q, tag
                    ?ower=x      | 400 | bad-request  | write 'owner' if that was meant
                    ?kind=views  | 400 | bad-request  | write 'view' if that was meant
                    ?q=a&q=b     | 400 | bad-request  | give it once
                    /views/drivin/profile | 404 | unknown-view | write 'driving' if that was meant
                    /views/driving.v2/profile | 404 | unknown-view | write 'driving.v1', the version that there is, or 'driving' to follow it
                    /views/driving/profile?last=1w | 400 | bad-request | write e.g. last=1h or last=7d
                    /views/driving/profile?last=367d | 400 | bad-request | write e.g. last=1h or last=7d
                    /views/driving/profile?since=1h | 400 | bad-request | use one of last
                    """)
    void aQuestionThatMakesNoSenseIsRefused(String path, int status, String code, String remedy)
            throws Exception {
        HttpResponse<String> answer = get("/api/v1/catalog" + path);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode error = JSON.readTree(answer.body()).path("error");
        assertThat(error.path("code").asString()).isEqualTo(code);
        assertThat(error.path("remedy").asString()).isEqualTo(remedy);
    }

    @Test
    void trainingSetsOfTheLakeAreInTheAnswer() throws Exception {
        JsonNode answer = json("/api/v1/catalog?q=worn");

        assertThat(answer.path("lake").asBoolean()).isTrue();
        JsonNode view = answer.path("entries").path(0);
        JsonNode set = answer.path("entries").path(1);
        JsonNode made = view.path("trainingSets").path(0);
        assertThat(made.toString())
                .isEqualTo(
                        "{\"table\":\"leat_training.worn\",\"made\":\""
                                + made.path("made").asString()
                                + "\",\"rows\":2,\"asOf\":\"event\",\"set\":\"breakdown\","
                                + "\"views\":[\"driving.v1\"],\"features\":[\"driving:speed\"]}");
        assertThat(set.path("trainingSets").path(0)).isEqualTo(made);
        isDescribed(view, "CatalogView", "trainingSets");
        isDescribed(set, "CatalogSet", "trainingSets");
    }

    @Test
    void whoAsksForFeaturesIsInTheAnswer() throws Exception {
        ask("features/driving/car-1", "Bearer garage");
        ask("features/driving.v1/car-1", "Bearer garage");
        ask("features/driving/car-1", "Basic OmFwcA==");
        ask("features/driving/car-1?features=none", "Bearer wrong");
        ask("feature-sets/breakdown/car-1", "Bearer garage");

        JsonNode answer = json("/api/v1/catalog?q=speed");

        assertThat(answer.path("online").asBoolean()).isTrue();
        assertThat(answer.path("entries").path(1).path("online").toString())
                .isEqualTo(
                        "[{\"name\":\"garage\",\"questions\":2,\"last\":\"2026-11-21T10:00:00Z\"},"
                                + "{\"name\":\"app\",\"questions\":1,\"last\":\"2026-11-21T10:00:00Z\"}]");
        assertThat(answer.path("entries").path(2).path("online").toString())
                .isEqualTo(
                        "[{\"name\":\"garage\",\"questions\":1,\"last\":\"2026-11-21T10:00:00Z\"}]");
        isDescribed(answer.path("entries").path(1), "CatalogView", "online");
        isDescribed(answer.path("entries").path(2), "CatalogSet", "online");
    }

    private static void ask(String path, String authorization) throws Exception {
        client.send(
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:"
                                                + running.console().port()
                                                + "/api/v1/"
                                                + path))
                        .header("authorization", authorization)
                        .build(),
                HttpResponse.BodyHandlers.discarding());
    }

    private static JsonNode json(String path) throws Exception {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + running.console().port() + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}

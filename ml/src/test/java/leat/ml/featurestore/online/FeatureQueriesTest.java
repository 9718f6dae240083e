package leat.ml.featurestore.online;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import leat.core.catalog.OnlineReader;
import leat.core.catalog.OnlineReaders;
import leat.core.contract.ContractName;
import leat.ml.featurestore.online.FeatureQueries.Question;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class FeatureQueriesTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final OnlineView DRIVING =
            new OnlineView(
                    new ContractName("driving"),
                    2,
                    "car",
                    "leat.latest.driving.v2",
                    List.of(
                            new OnlineFeature("speed_mean_5m", OnlineFeature.Kind.NUMBER),
                            new OnlineFeature("shocks_1h", OnlineFeature.Kind.INTEGER),
                            new OnlineFeature("place", OnlineFeature.Kind.TEXT)),
                    Optional.of(Duration.ofHours(1)));

    private final Map<String, String> stored = new HashMap<>();
    private final FeatureQueries queries =
            new FeatureQueries(List.of(DRIVING), new InMemory(stored), InstantSource.fixed(NOW));

    /// Vectors as JSON, by entity.
    private record InMemory(Map<String, String> vectors) implements VectorsOnly {
        @Override
        public List<Optional<StoredVector>> vectors(OnlineView view, List<String> entities) {
            return entities.stream()
                    .map(entity ->
                            Optional.ofNullable(vectors.get(entity))
                                    .map(json ->
                                            StoredVector.read(json.getBytes(UTF_8)).orElseThrow()))
                    .toList();
        }
    }

    @Test
    void aVectorIsServedWithTheBytesOfItsValues() {
        stored.put(
                "car-1",
                "{\"entity\":\"car-1\",\"query_time\":\"2026-11-21T09:59:00.000001Z\","
                        + "\"speed_mean_5m\":1.0E-7,\"shocks_1h\":0,\"place\":\"a\\\"},b\"}");

        assertThat(answer("driving", List.of("car-1")))
                .isEqualTo(
                        "{\"view\":\"driving\",\"version\":2,\"entities\":[{\"entity\":\"car-1\","
                                + "\"status\":\"present\","
                                + "\"query_time\":\"2026-11-21T09:59:00.000001Z\",\"values\":{"
                                + "\"speed_mean_5m\":1.0E-7,\"shocks_1h\":0,"
                                + "\"place\":\"a\\\"},b\"},\"statuses\":{}}]}");
    }

    @Test
    void theFirstVersionServesUnderTheNameUntilAnotherIsToServe() {
        OnlineView next =
                new OnlineView(
                        DRIVING.name(),
                        3,
                        "car",
                        "leat.latest.driving.v3",
                        Features.numbers("wear"),
                        DRIVING.ttl());
        FeatureQueries both =
                new FeatureQueries(
                        List.of(DRIVING, next), new InMemory(stored), InstantSource.fixed(NOW));

        assertThat(version(both, "driving")).isEqualTo(2);
        assertThat(version(both, "driving.v3")).isEqualTo(3);

        both.serve(next);

        assertThat(version(both, "driving")).isEqualTo(3);
        assertThat(version(both, "driving.v2")).isEqualTo(2);
        assertThat(both.readers().views())
                .containsEntry("driving", List.of(new OnlineReader("anonymous", 4, NOW)));
    }

    @Test
    void questionsThatAreAnsweredAreCountedByWhoAsks() {
        queries.answer(new Question("driving", List.of("car-1", "car-2"), List.of(), "shop"));
        queries.find(new Question("driving.v2", List.of("car-1"), List.of(), "shop"));
        Question unknown = new Question("driving", List.of("car-1"), List.of("speed"), "garage");

        assertThatThrownBy(() -> queries.answer(unknown)).isInstanceOf(FeaturesRefused.class);

        assertThat(queries.readers())
                .isEqualTo(
                        new OnlineReaders(
                                Map.of("driving", List.of(new OnlineReader("shop", 2, NOW))),
                                Map.of()));
    }

    private static int version(FeatureQueries queries, String view) {
        byte[] answer = queries.answer(new Question(view, List.of("car-1"), List.of()));
        return JSON.readTree(answer).path("version").asInt();
    }

    @Test
    void whatTheViewGaveNoValueIsNullAndSaysSo() {
        stored.put(
                "car-1",
                "{\"entity\":\"car-1\",\"query_time\":\"2026-11-21T09:59:00.000001Z\","
                        + "\"shocks_1h\":3}");

        JsonNode entity = first(answer("driving.v2", List.of("car-1")));

        assertThat(entity.path("values").toString())
                .isEqualTo("{\"speed_mean_5m\":null,\"shocks_1h\":3,\"place\":null}");
        assertThat(entity.path("statuses").toString())
                .isEqualTo("{\"speed_mean_5m\":\"null\",\"place\":\"null\"}");
    }

    @Test
    void anEntityWithoutDataIsAnAnswerAndNoError() {
        JsonNode entity = first(answer("driving", List.of("a \"quoted\"\nü😀 car")));

        assertThat(entity.path("entity").asString()).isEqualTo("a \"quoted\"\nü😀 car");
        assertThat(entity.path("status").asString()).isEqualTo("unknown-entity");
        assertThat(entity.path("query_time").isNull()).isTrue();
        assertThat(entity.path("values").toString())
                .isEqualTo("{\"speed_mean_5m\":null,\"shocks_1h\":null,\"place\":null}");
        assertThat(entity.path("statuses").path("place").asString()).isEqualTo("unknown-entity");
    }

    @Test
    void halfACharacterIsNoEntityAndNoFailure() {
        assertThat(first(answer("driving", List.of("x\uD83D"))).path("entity").asString())
                .isEqualTo("x?");
    }

    @Test
    void aVectorIsStaleOnceItIsOlderThanTheTtl() {
        stored.put("at", vector("at", "2026-11-21T09:00:00.000000Z"));
        stored.put("beyond", vector("beyond", "2026-11-21T08:59:59.999999Z"));

        JsonNode entities = JSON.readTree(answer("driving", List.of("at", "beyond")));
        JsonNode at = entities.path("entities").path(0);
        JsonNode beyond = entities.path("entities").path(1);

        assertThat(at.path("status").asString()).isEqualTo("present");
        assertThat(at.path("values").path("shocks_1h").asInt()).isEqualTo(3);
        assertThat(beyond.path("status").asString()).isEqualTo("stale");
        assertThat(beyond.path("query_time").asString()).isEqualTo("2026-11-21T08:59:59.999999Z");
        assertThat(beyond.path("values").path("shocks_1h").isNull()).isTrue();
        assertThat(beyond.path("statuses").path("shocks_1h").asString()).isEqualTo("stale");
    }

    @Test
    void entitiesComeInTheOrderOfTheQuestionEvenTwice() {
        stored.put("b", vector("b", "2026-11-21T09:59:00.000000Z"));

        JsonNode answer = JSON.readTree(answer("driving", List.of("c", "b", "c", "b")));

        assertThat(answer.path("entities").valueStream().map(one -> one.path("entity").asString()))
                .containsExactly("c", "b", "c", "b");
    }

    @Test
    void onlyTheFeaturesThatWereAskedForAreGivenInTheViewsOrder() {
        stored.put("b", vector("b", "2026-11-21T09:59:00.000000Z"));

        JsonNode entity =
                first(answer("driving", List.of("b"), List.of("shocks_1h", "speed_mean_5m")));

        assertThat(entity.path("values").toString())
                .isEqualTo("{\"speed_mean_5m\":null,\"shocks_1h\":3}");
        assertThat(entity.path("statuses").toString()).isEqualTo("{\"speed_mean_5m\":\"null\"}");
    }

    @Test
    void anUnknownNameIsRefusedWithTheNearestOne() {
        FeaturesRefused view = refused(new Question("drivin", List.of("a"), List.of()));
        FeaturesRefused feature =
                refused(new Question("driving", List.of("a"), List.of("shocks_1d")));

        assertThat(view.kind()).isEqualTo(FeaturesRefused.Kind.UNKNOWN_VIEW);
        assertThat(view).hasMessage("there is no feature view 'drivin'");
        assertThat(view.remedy()).isEqualTo("write 'driving' if that was meant");
        assertThat(feature.kind()).isEqualTo(FeaturesRefused.Kind.UNKNOWN_FEATURE);
        assertThat(feature).hasMessage("the view driving has no feature 'shocks_1d'");
        assertThat(feature.remedy()).isEqualTo("write 'shocks_1h' if that was meant");
    }

    @Test
    void questionsAndAnswersAreLimited() {
        stored.put(
                "large",
                "{\"entity\":\"large\",\"query_time\":\"2026-11-21T09:59:00.000000Z\",\"place\":\""
                        + "x".repeat(100_000)
                        + "\"}");

        assertThat(
                        refused(new Question("driving", Collections.nCopies(1_001, "a"), List.of()))
                                .kind())
                .isEqualTo(FeaturesRefused.Kind.TOO_MANY);
        assertThat(
                        refused(
                                        new Question(
                                                "driving",
                                                Collections.nCopies(90, "large"),
                                                List.of()))
                                .kind())
                .isEqualTo(FeaturesRefused.Kind.TOO_LARGE);
        assertThat(answer("driving", Collections.nCopies(1_000, "a"))).isNotEmpty();
        assertThat(answer("driving", Collections.nCopies(80, "large")).length())
                .isGreaterThan(8_000_000);
        assertThat(answer("driving", Collections.nCopies(90, "large"), List.of("shocks_1h")))
                .isNotEmpty();
    }

    /// Against Jackson: vectors as the feature store writes them, complete and with members left
    /// out, and others: in another order, with unknown members, blanks, and all kinds of values.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whatIsServedIsWhatStandsInTheVector(long seed) {
        Random random = new Random(seed);
        List<String> features = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            features.add("f" + i);
        }
        OnlineView view =
                new OnlineView(
                        new ContractName("random"),
                        1,
                        "car",
                        "t",
                        Features.numbers(features),
                        Optional.empty());
        FeatureQueries random12 =
                new FeatureQueries(List.of(view), new InMemory(stored), InstantSource.fixed(NOW));
        for (int round = 0; round < 500; round++) {
            ObjectNode vector = JSON.createObjectNode();
            List<String> members = new ArrayList<>(List.of("entity", "query_time"));
            members.addAll(features);
            boolean asWritten = random.nextBoolean();
            if (!asWritten) {
                members.add("not_a_feature");
                Collections.shuffle(members, random);
            }
            int kinds = asWritten && random.nextBoolean() ? 5 : 8;
            for (String member : members) {
                put(vector, member, random.nextInt(kinds), random);
            }
            boolean compact = asWritten || random.nextBoolean();
            stored.put("e", compact ? vector.toString() : vector.toPrettyString());

            JsonNode entity =
                    first(
                            new String(
                                    random12.answer(
                                            new Question("random", List.of("e"), List.of())),
                                    UTF_8));

            for (String feature : features) {
                JsonNode expected = vector.path(feature);
                boolean none = expected.isMissingNode() || expected.isNull();
                assertThat(entity.path("values").has(feature)).as("seed %d", seed).isTrue();
                assertThat(entity.path("values").path(feature).isNull()).isEqualTo(none);
                assertThat(entity.path("statuses").path(feature).asString(""))
                        .isEqualTo(none ? "null" : "");
                if (!none) {
                    assertThat(entity.path("values").path(feature))
                            .as("seed %d: %s", seed, vector)
                            .isEqualTo(JSON.readTree(expected.toString()));
                }
            }
        }
    }

    private static void put(ObjectNode vector, String member, int kind, Random random) {
        switch (member) {
            case "entity" -> vector.put(member, "e");
            case "query_time" -> vector.put(member, "2026-11-21T09:59:00.000000Z");
            default -> {
                switch (kind) {
                    case 0 -> vector.put(member, random.nextDouble());
                    case 1 -> vector.put(member, random.nextLong());
                    case 2 -> vector.put(member, random.nextBoolean());
                    case 3 -> vector.put(member, "ü\\\"}{,:\n\t\u0001😀 " + random.nextInt());
                    case 4 -> vector.put(member, "");
                    case 5 -> vector.putNull(member);
                    case 6 -> vector.put(member, "null");
                    default -> {}
                }
            }
        }
    }

    private static String vector(String entity, String queryTime) {
        return "{\"entity\":\""
                + entity
                + "\",\"query_time\":\""
                + queryTime
                + "\",\"shocks_1h\":3,\"place\":\"here\"}";
    }

    private String answer(String view, List<String> entities) {
        return answer(view, entities, List.of());
    }

    private String answer(String view, List<String> entities, List<String> features) {
        return new String(queries.answer(new Question(view, entities, features)), UTF_8);
    }

    private FeaturesRefused refused(Question question) {
        FeaturesRefused refused =
                catchThrowableOfType(FeaturesRefused.class, () -> queries.answer(question));
        assertThat(refused).isNotNull();
        return refused;
    }

    private static JsonNode first(String answer) {
        return JSON.readTree(answer).path("entities").path(0);
    }
}

package leat.ml.featurestore.online;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.catalog.OnlineReader;
import leat.core.contract.ContractName;
import leat.core.feature.FeatureSet;
import leat.core.feature.FeatureSet.Member;
import leat.ml.featurestore.online.FeatureQueries.SetQuestion;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SetQueriesTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final String DRIVING = "driving";
    private static final String WEAR = "wear";

    private final Map<String, String> stored = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private final FeatureQueries queries =
            new FeatureQueries(
                    List.of(
                            view(DRIVING, 2, Optional.of(Duration.ofHours(1)), "speed", "gear"),
                            view(WEAR, 1, Optional.empty(), "gear", "shake", "place")),
                    List.of(
                            set(
                                    "breakdown",
                                    new Member("shake", "wear.v1", "shake"),
                                    new Member("speed", "driving", "speed"),
                                    new Member("wear_gear", "wear.v1", "gear")),
                            set("places", new Member("place", "wear", "place"))),
                    new InMemory(),
                    InstantSource.fixed(NOW));

    /// Vectors as JSON, by view and entity.
    private final class InMemory implements VectorsOnly {
        @Override
        public List<Optional<StoredVector>> vectors(OnlineView view, List<String> entities) {
            asked.add(view.name().value());
            return entities.stream()
                    .map(entity -> Optional.ofNullable(stored.get(view.name() + " " + entity)))
                    .map(json ->
                            json.map(text -> StoredVector.read(text.getBytes(UTF_8)).orElseThrow()))
                    .toList();
        }
    }

    private static OnlineView view(
            String name, int version, Optional<Duration> ttl, String... features) {
        return new OnlineView(
                new ContractName(name), version, "car", "t", Features.numbers(features), ttl);
    }

    private static FeatureSet set(String name, Member... members) {
        return new FeatureSet(
                new ContractName(name),
                "",
                Optional.empty(),
                List.of(),
                "car",
                List.of(members),
                Path.of(name + ".yaml"));
    }

    private void store(String view, String entity, String time, String values) {
        stored.put(
                view + " " + entity,
                "{\"entity\":\""
                        + entity
                        + "\",\"query_time\":\"2026-11-21T"
                        + time
                        + "Z\""
                        + values
                        + "}");
    }

    @Test
    void valuesOfSeveralViewsStandInTheSetsOrderWithTheirBytes() {
        store(DRIVING, "car-1", "09:59:00.000001", ",\"speed\":1.0E-7,\"gear\":4");
        store(WEAR, "car-1", "09:58:00.000001", ",\"gear\":3,\"place\":\"a\"");

        assertThat(answer("breakdown", List.of("car-1"), List.of()))
                .isEqualTo(
                        "{\"set\":\"breakdown\",\"views\":[{\"view\":\"wear\",\"version\":1},"
                                + "{\"view\":\"driving\",\"version\":2}],\"entities\":["
                                + "{\"entity\":\"car-1\",\"status\":\"present\","
                                + "\"query_time\":\"2026-11-21T09:58:00.000001Z\","
                                + "\"values\":{\"shake\":null,\"speed\":1.0E-7,\"wear_gear\":3},"
                                + "\"statuses\":{\"shake\":\"null\"},"
                                + "\"views\":{\"wear\":{\"status\":\"present\","
                                + "\"query_time\":\"2026-11-21T09:58:00.000001Z\"},"
                                + "\"driving\":{\"status\":\"present\","
                                + "\"query_time\":\"2026-11-21T09:59:00.000001Z\"}}}]}");
    }

    @Test
    void aSetWaitsForTheVersionOfAViewThatHasItsFeatures() {
        // Given a set of what only a version has that does not serve yet
        OnlineView filled = view(WEAR, 2, Optional.empty(), "gear", "heat");
        FeatureQueries changing =
                new FeatureQueries(
                        List.of(view(WEAR, 1, Optional.empty(), "gear"), filled),
                        List.of(set("heats", new Member("heat", "wear", "heat"))),
                        new InMemory(),
                        InstantSource.fixed(NOW));
        SetQuestion question = new SetQuestion("heats", List.of("car-1"), List.of());

        OnlineUnavailable refused =
                catchThrowableOfType(OnlineUnavailable.class, () -> changing.answer(question));
        changing.serve(filled);

        assertThat(refused).hasMessage("the version that serves, wear.v1, has no feature 'heat'");
        assertThat(new String(changing.answer(question), UTF_8)).contains("\"version\":2");
    }

    @Test
    void aQuestionForASetCountsForTheSetAndNotForItsViews() {
        queries.answer(new SetQuestion("breakdown", List.of("car-1"), List.of(), "shop"));
        queries.find(new SetQuestion("breakdown", List.of("car-1"), List.of(), "shop"));

        assertThat(queries.readers().sets())
                .containsEntry("breakdown", List.of(new OnlineReader("shop", 2, NOW)))
                .containsEntry("places", List.of());
        assertThat(queries.readers().views())
                .containsEntry(DRIVING, List.of())
                .containsEntry(WEAR, List.of());
    }

    @Test
    void eachViewHasAStatusAndTheEntityTheirsWhenTheyAgree() {
        store(DRIVING, "old", "08:00:00.000000", ",\"speed\":1.5");
        store(WEAR, "old", "08:00:00.000000", ",\"shake\":2.5,\"gear\":1");
        store(DRIVING, "half", "09:59:00.000000", ",\"speed\":1.5");

        JsonNode entities =
                JSON.readTree(
                                answer(
                                        "breakdown",
                                        List.of("old", "half", "none \"x\"\n"),
                                        List.of()))
                        .path("entities");

        JsonNode old = entities.path(0);
        assertThat(old.path("status").asString()).isEqualTo("partial");
        assertThat(old.path("values").toString())
                .isEqualTo("{\"shake\":2.5,\"speed\":null,\"wear_gear\":1}");
        assertThat(old.path("statuses").toString()).isEqualTo("{\"speed\":\"stale\"}");
        assertThat(old.path("views").path(DRIVING).path("status").asString()).isEqualTo("stale");
        JsonNode half = entities.path(1);
        assertThat(half.path("status").asString()).isEqualTo("partial");
        assertThat(half.path("query_time").asString()).isEqualTo("2026-11-21T09:59:00.000000Z");
        assertThat(half.path("statuses").toString())
                .isEqualTo("{\"shake\":\"unknown-entity\",\"wear_gear\":\"unknown-entity\"}");
        assertThat(half.path("views").path(WEAR).toString())
                .isEqualTo("{\"status\":\"unknown-entity\",\"query_time\":null}");
        JsonNode none = entities.path(2);
        assertThat(none.path("entity").asString()).isEqualTo("none \"x\"\n");
        assertThat(none.path("status").asString()).isEqualTo("unknown-entity");
        assertThat(none.path("query_time").isNull()).isTrue();
        assertThat(none.path("statuses").size()).isEqualTo(3);
    }

    @Test
    void onlyTheViewsOfWhatIsAskedForAreRead() {
        store(DRIVING, "a", "09:59:00.000000", ",\"speed\":1.5");

        JsonNode answer = JSON.readTree(answer("breakdown", List.of("a"), List.of("speed")));

        assertThat(asked).containsExactly(DRIVING);
        assertThat(answer.path("views").size()).isOne();
        assertThat(answer.path("entities").path(0).path("values").toString())
                .isEqualTo("{\"speed\":1.5}");
        assertThat(answer.path("entities").path(0).path("status").asString()).isEqualTo("present");
    }

    @Test
    void whatIsAskedForInAnyOrderIsAnsweredInTheSets() {
        JsonNode answer =
                JSON.readTree(answer("breakdown", List.of("a"), List.of("wear_gear", "shake")));

        assertThat(answer.path("entities").path(0).path("values").propertyNames())
                .containsExactly("shake", "wear_gear");
    }

    @Test
    void whatIsNotThereOrTooMuchIsRefused() {
        store(WEAR, "large", "09:59:00.000000", ",\"place\":\"" + "x".repeat(100_000) + "\"");

        FeaturesRefused unknown = refused("breakdwn", List.of("a"), List.of());
        FeaturesRefused feature = refused("breakdown", List.of("a"), List.of("gear"));

        assertThat(unknown.kind()).isEqualTo(FeaturesRefused.Kind.UNKNOWN_SET);
        assertThat(unknown).hasMessage("there is no feature set 'breakdwn'");
        assertThat(unknown.remedy()).isEqualTo("write 'breakdown' if that was meant");
        assertThat(feature.kind()).isEqualTo(FeaturesRefused.Kind.UNKNOWN_FEATURE);
        assertThat(feature).hasMessage("the set breakdown has no feature 'gear'");
        assertThat(refused("places", Collections.nCopies(1_001, "a"), List.of()).kind())
                .isEqualTo(FeaturesRefused.Kind.TOO_MANY);
        assertThat(refused("places", Collections.nCopies(90, "large"), List.of()).kind())
                .isEqualTo(FeaturesRefused.Kind.TOO_LARGE);
        assertThat(
                        catchThrowableOfType(
                                        FeaturesRefused.class,
                                        () ->
                                                FeatureQueries.NONE.answer(
                                                        new SetQuestion(
                                                                "a", List.of("b"), List.of())))
                                .remedy())
                .contains("features/sets/NAME.yaml");
    }

    private String answer(String set, List<String> entities, List<String> features) {
        return new String(queries.answer(new SetQuestion(set, entities, features)), UTF_8);
    }

    private FeaturesRefused refused(String set, List<String> entities, List<String> features) {
        return catchThrowableOfType(
                FeaturesRefused.class,
                () -> queries.answer(new SetQuestion(set, entities, features)));
    }
}

package leat.ml.scoring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import leat.core.catalog.OnlineReader;
import leat.core.contract.ContractName;
import leat.core.feature.FeatureSet;
import leat.core.feature.FeatureSet.Member;
import leat.core.model.ModelVersion;
import leat.core.scoring.ElementType;
import leat.core.scoring.ModelFailed;
import leat.core.scoring.Shape;
import leat.core.scoring.Tensor;
import leat.ml.featurestore.online.FeatureQueries;
import leat.ml.featurestore.online.OnlineFeature;
import leat.ml.featurestore.online.OnlineFeature.Kind;
import leat.ml.featurestore.online.OnlineUnavailable;
import leat.ml.featurestore.online.OnlineView;
import leat.ml.featurestore.online.StoredVector;
import leat.ml.featurestore.online.VectorsOnly;
import leat.ml.scoring.protocol.InferenceRequest;
import leat.ml.scoring.protocol.InferenceResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Versions that take features of views or sets, asked by the keys of entities.
final class AskedByEntityTest {

    private static final String FRESH = "2026-11-21T09:59:00.000001Z";
    private static final String OLD = "2026-11-21T08:59:00.000001Z";

    private final Map<String, String> stored = new HashMap<>();
    private final MapOfModels registry = new MapOfModels();
    private boolean away;
    private final FeatureQueries queries =
            new FeatureQueries(
                    List.of(
                            view(
                                    "driving",
                                    2,
                                    Optional.of(Duration.ofHours(1)),
                                    new OnlineFeature("speed", Kind.NUMBER),
                                    new OnlineFeature("shocks", Kind.INTEGER),
                                    new OnlineFeature("seen", Kind.TIME)),
                            view(
                                    "wear",
                                    1,
                                    Optional.empty(),
                                    new OnlineFeature("shake", Kind.NUMBER),
                                    new OnlineFeature("hot", Kind.BOOLEAN),
                                    new OnlineFeature("in_long", Kind.INTEGER),
                                    new OnlineFeature("in_flag", Kind.BOOLEAN),
                                    new OnlineFeature("in_byte", Kind.INTEGER))),
                    List.of(
                            new FeatureSet(
                                    new ContractName("breakdown"),
                                    "",
                                    Optional.empty(),
                                    List.of(),
                                    "car",
                                    List.of(
                                            new Member("shake", "wear", "shake"),
                                            new Member("speed", "driving.v2", "speed")),
                                    Path.of("breakdown.yaml"))),
                    new InMemory(),
                    InstantSource.fixed(Instant.parse("2026-11-21T10:00:00Z")));
    private final Inference inference =
            new Inference(registry, queries, new Inference.Limits(2, 256, Duration.ofSeconds(5)));

    /// Vectors as JSON, by view and entity.
    private final class InMemory implements VectorsOnly {
        @Override
        public List<Optional<StoredVector>> vectors(OnlineView view, List<String> entities) {
            if (away) {
                throw new OnlineUnavailable("the store is behind", "wait until it is not");
            }
            return entities.stream()
                    .map(entity -> Optional.ofNullable(stored.get(view.name() + " " + entity)))
                    .map(json ->
                            json.map(text -> StoredVector.read(text.getBytes(UTF_8)).orElseThrow()))
                    .toList();
        }
    }

    private static OnlineView view(
            String name, int version, Optional<Duration> ttl, OnlineFeature... features) {
        return new OnlineView(new ContractName(name), version, "car", "t", List.of(features), ttl);
    }

    private void store(String view, String entity, String time, String values) {
        stored.put(
                view + " " + entity,
                "{\"entity\":\"%s\",\"query_time\":\"%s\"%s}".formatted(entity, time, values));
    }

    @AfterEach
    void close() {
        inference.close();
    }

    /// A version with tags, in pairs.
    private void version(String onnx, String... tags) {
        int number = registry.register("model.onnx", onnx);
        for (int i = 0; i < tags.length; i += 2) {
            registry.tag(number, tags[i], tags[i + 1]);
        }
    }

    /// One that gives `2 speed - 3 shocks + 1`.
    private void linear(String... more) {
        version(
                "linear.onnx",
                ModelVersion.VIEW_TAG,
                "driving.v2",
                ModelVersion.FEATURES_TAG,
                "speed,shocks");
        for (int i = 0; i < more.length; i += 2) {
            registry.tag(1, more[i], more[i + 1]);
        }
    }

    private InferenceResponse ask(Map<String, Tensor> inputs, String... wanted) {
        List<InferenceRequest.Wanted> outputs =
                List.of(wanted).stream()
                        .map(name -> new InferenceRequest.Wanted(name, false))
                        .toList();
        return inference.infer(
                "risk", "", new InferenceRequest("", inputs, outputs, false), "shop");
    }

    private static Map<String, Tensor> cars(String... keys) {
        return Map.of("car", new Tensor.Texts(Shape.of(keys.length), List.of(keys)));
    }

    private static SequencedMap<String, List<Object>> values(InferenceResponse response) {
        SequencedMap<String, List<Object>> values = new LinkedHashMap<>();
        for (InferenceResponse.Output output : response.outputs()) {
            Tensor tensor = output.tensor();
            values.put(
                    output.name(),
                    IntStream.range(0, tensor.shape().size()).mapToObj(tensor::value).toList());
        }
        return values;
    }

    private static Map<String, Tensor> features(float... values) {
        return Map.of(
                "X", new Tensor.Floats(Shape.of(values.length / 2, 2), FloatBuffer.wrap(values)));
    }

    @Test
    void entitiesArePredictedOfByTheirNewestVectors() {
        linear();
        store("driving", "c1", FRESH, ",\"speed\":2.5,\"shocks\":1,\"seen\":\"" + FRESH + "\"");
        store("driving", "c2", FRESH, ",\"shocks\":-4,\"speed\":0.1");

        InferenceResponse answer = ask(cars("c2", "c1", "c2"));

        assertThat(values(answer).sequencedKeySet())
                .containsExactly("variable", "entity_status", "query_time", "view", "failure");
        assertThat(values(answer).get("variable"))
                .isEqualTo(values(ask(features(0.1f, -4, 2.5f, 1, 0.1f, -4))).get("variable"));
        assertThat(answer.outputs().getFirst().tensor().shape()).isEqualTo(Shape.of(3, 1));
        assertThat(values(answer))
                .containsEntry("entity_status", List.of("present", "present", "present"))
                .containsEntry("query_time", List.of(FRESH, FRESH, FRESH))
                .containsEntry("view", List.of("driving.v2", "driving.v2", "driving.v2"))
                .containsEntry("failure", List.of("", "", ""));
        assertThat(answer.version()).isEqualTo("1");
        assertThat(queries.readers().views().get("driving"))
                .extracting(OnlineReader::name, OnlineReader::questions)
                .containsExactly(tuple("shop", 1L));
    }

    @Test
    void entitiesWithoutDataHaveNoPredictionAndTheReason() {
        linear();
        store("driving", "c1", FRESH, ",\"speed\":2.5,\"shocks\":1");
        store("driving", "old", OLD, ",\"speed\":2.5,\"shocks\":1");
        store("driving", "lacks", FRESH, ",\"shocks\":1,\"speed\":null");

        InferenceResponse answer = ask(cars("nobody", "c1", "old", "lacks"));

        Object one = values(ask(features(2.5f, 1))).sequencedValues().getFirst().getFirst();
        assertThat(values(answer))
                .containsEntry("variable", List.of(Double.NaN, one, Double.NaN, Double.NaN))
                .containsEntry(
                        "entity_status", List.of("unknown-entity", "present", "stale", "present"))
                .containsEntry("query_time", List.of("", FRESH, OLD, FRESH))
                .containsEntry(
                        "failure",
                        List.of(
                                "driving.v2 has no vector of it",
                                "",
                                "its vector in driving.v2 is stale",
                                "the vector has no speed, which the model takes"));
        assertThat(values(ask(cars("nobody", "old"))).get("variable"))
                .containsExactly(Double.NaN, Double.NaN);
    }

    @Test
    void aMissingNumberIsNaNWhereTheVersionHasLearnedFromSuch() {
        linear(ModelVersion.MISSING_TAG, "nan");
        store("driving", "lacks-number", FRESH, ",\"shocks\":1");
        store("driving", "lacks-integer", FRESH, ",\"speed\":1");

        assertThat(values(ask(cars("lacks-number", "lacks-integer", "nobody"))).get("failure"))
                .containsExactly(
                        "",
                        "the vector has no shocks, which the model takes",
                        "driving.v2 has no vector of it");
    }

    @Test
    void featuresOfASetComeFromAllOfItsViews() {
        version("linear.onnx", ModelVersion.FEATURE_SET_TAG, "breakdown");
        store("driving", "c1", FRESH, ",\"speed\":1");
        store("wear", "c1", OLD, ",\"shake\":4");
        store("wear", "worn", FRESH, ",\"shake\":4");

        assertThat(values(ask(cars("c1", "worn", "nobody"))))
                .containsEntry(
                        "variable",
                        List.of(
                                values(ask(features(4, 1))).sequencedValues().getFirst().getFirst(),
                                Double.NaN,
                                Double.NaN))
                .containsEntry("entity_status", List.of("present", "partial", "unknown-entity"))
                .containsEntry("query_time", List.of(OLD, FRESH, ""))
                .containsEntry("view", Collections.nCopies(3, "wear.v1,driving.v2"))
                .containsEntry(
                        "failure",
                        List.of(
                                "",
                                "the vector has no speed, which the model takes: unknown-entity",
                                "breakdown has no vector of it"));
    }

    @Test
    void integersAreKeysTooInOneColumnOrNone() {
        linear();
        store("driving", "17", FRESH, ",\"speed\":2.5,\"shocks\":1");

        for (Shape shape : List.of(Shape.of(2), Shape.of(2, 1))) {
            Map<String, Tensor> keys =
                    Map.of("car", new Tensor.Longs(shape, LongBuffer.wrap(new long[] {17, 18})));
            assertThat(values(ask(keys)).get("entity_status"))
                    .containsExactly("present", "unknown-entity");
        }
        assertThat(values(ask(cars())).get("variable")).isEmpty();
        assertThat(ask(cars()).outputs().getFirst().tensor().shape()).isEqualTo(Shape.of(0, 1));
    }

    @Test
    void theOutputsThatAreWantedAreAnsweredInTheirOrder() {
        linear();
        store("driving", "c1", FRESH, ",\"speed\":2.5,\"shocks\":1");

        assertThat(values(ask(cars("c1"), "failure", "variable")).sequencedKeySet())
                .containsExactly("failure", "variable");
        assertThatThrownBy(() -> ask(cars("c1"), "score"))
                .hasMessage(
                        "the model has no output 'score', but [variable, entity_status, query_time,"
                                + " view, failure]");
    }

    @Test
    void aModelOfOneRowIsAskedForEachAndGapsAreOfItsTypes() {
        version(
                "through.onnx",
                ModelVersion.VIEW_TAG,
                "wear.v1",
                ModelVersion.FEATURES_TAG,
                "in_long,in_flag,in_byte");
        store("wear", "a", OLD, ",\"in_long\":5,\"in_flag\":true,\"in_byte\":200");
        store("wear", "b", OLD, ",\"in_long\":-7,\"in_flag\":true,\"in_byte\":0");

        assertThat(values(ask(cars("a", "nobody", "b"))))
                .containsEntry("out_long", List.of(5L, 0L, -7L))
                .containsEntry("out_flag", List.of(true, false, true))
                .containsEntry("out_byte", List.of(200L, 0L, 0L));
    }

    @Test
    void textsAndOpenRowsHaveGapsToo() {
        version(
                "classes.onnx",
                ModelVersion.VIEW_TAG,
                "driving.v2",
                ModelVersion.FEATURES_TAG,
                "speed,shocks");
        store("driving", "c1", FRESH, ",\"speed\":3,\"shocks\":1");

        InferenceResponse some = ask(cars("nobody", "c1"));
        InferenceResponse none = ask(cars("nobody"));

        assertThat(values(some).get("output_label")).containsExactly("", "high");
        assertThat(values(some).get("output_probability"))
                .hasSize(4)
                .startsWith(Double.NaN, Double.NaN);
        assertThat(values(none).get("output_label")).containsExactly("");
        assertThat(none.outputs().get(1).tensor().shape()).isEqualTo(Shape.of(1, 0));
        assertThat(none.outputs().get(1).tensor().type()).isEqualTo(ElementType.FP32);
    }

    private void assertRefused(Map<String, Tensor> inputs, String why) {
        assertThatThrownBy(() -> ask(inputs)).isInstanceOf(ModelFailed.class).hasMessage(why);
    }

    @Test
    void whatIsNeitherInputsNorKeysIsRefused() {
        linear();
        Tensor keys = cars("c1").values().iterator().next();
        Tensor rows = features(1, 2).values().iterator().next();

        assertRefused(
                Map.of("car", keys, "X", rows),
                "'car' has the keys of entities whose features are looked up, and there are inputs"
                        + " of the model beside it; give the one or the others");
        assertRefused(
                Map.of("truck", keys),
                "the model has no input 'truck', but [X], or 'car' for the keys of entities");
        assertRefused(
                Map.of("car", rows),
                "the keys in 'car' are BYTES or INT64 of shape [n] or [n, 1], and FP32[1, 2] is"
                        + " given");
        assertRefused(
                Map.of("car", new Tensor.Texts(Shape.of(1, 2), List.of("a", "b"))),
                "the keys in 'car' are BYTES or INT64 of shape [n] or [n, 1], and BYTES[1, 2] is"
                        + " given");
        assertRefused(
                cars(Collections.nCopies(1_001, "c").toArray(String[]::new)),
                "risk/1 takes features of driving.v2: 1001 entities are asked for, 1000 may be; ask"
                        + " for them in parts");
        assertThat(values(ask(cars(Collections.nCopies(1_000, "c").toArray(String[]::new)))))
                .extractingByKey("variable")
                .satisfies(all -> assertThat(all).hasSize(1_000));
    }

    @Test
    void aVersionWhoseFeaturesAreNotHereIsRefusedWithTheReason() {
        version("linear.onnx");
        assertRefused(
                cars("c1"),
                "the model has no input 'car', but [X]; nor can it be asked by the keys of"
                        + " entities, since risk/1 has neither the tag leat.view nor"
                        + " leat.feature-set");
        version("linear.onnx", ModelVersion.VIEW_TAG, "driving.v1");
        assertThatThrownBy(() ->
                        inference.infer(
                                "risk",
                                "2",
                                new InferenceRequest("", cars("c1"), List.of(), false),
                                "shop"))
                .isInstanceOf(ModelFailed.class)
                .hasMessageContaining(
                        "risk/2 takes features of driving.v1: there is no feature view"
                                + " 'driving.v1'");
        version("linear.onnx", ModelVersion.VIEW_TAG, "driving.v2");
        assertThatThrownBy(() ->
                        inference.infer(
                                "risk",
                                "3",
                                new InferenceRequest("", cars("c1"), List.of(), false),
                                "shop"))
                .isInstanceOf(ModelFailed.class)
                .hasMessageContaining("the feature 'seen' of driving.v2 is a time");
        version(
                "linear.onnx",
                ModelVersion.VIEW_TAG,
                "driving.v2",
                ModelVersion.FEATURES_TAG,
                "speed,shock");
        assertThatThrownBy(() ->
                        inference.infer(
                                "risk",
                                "4",
                                new InferenceRequest("", cars("c1"), List.of(), false),
                                "shop"))
                .isInstanceOf(ModelFailed.class)
                .hasMessageContaining("the view driving has no feature 'shock'");
    }

    @Test
    void aStoreThatIsNotInStepIsToBeAskedLater() {
        linear();
        away = true;

        assertThatThrownBy(() -> ask(cars("c1")))
                .isInstanceOf(ModelUnready.class)
                .hasMessage(
                        "risk/1 takes features of driving.v2: the store is behind; wait until it is"
                                + " not");
        assertThat(values(ask(features(1, 2)))).containsOnlyKeys("variable");
    }
}

package leat.ml.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import leat.core.scoring.ModelFailed;
import leat.core.scoring.Shape;
import leat.core.scoring.Tensor;
import leat.core.tracking.TrackingRefused;
import leat.ml.featurestore.online.FeatureQueries;
import leat.ml.scoring.protocol.InferenceRequest;
import leat.ml.scoring.protocol.InferenceResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class InferenceTest {

    private static final InferenceRequest ONE =
            new InferenceRequest(
                    "r1",
                    Map.of(
                            "X",
                            new Tensor.Floats(
                                    Shape.of(1, 2), FloatBuffer.wrap(new float[] {2, 1}))),
                    List.of(),
                    true);

    private final MapOfModels registry = new MapOfModels();
    private final Inference inference =
            new Inference(
                    registry,
                    FeatureQueries.NONE,
                    new Inference.Limits(2, 256, Duration.ofSeconds(5)));

    @BeforeEach
    void register() {
        for (int i = 0; i < 4; i++) {
            registry.register("model.onnx", "linear.onnx");
        }
    }

    @AfterEach
    void close() {
        inference.close();
    }

    @Test
    void aVersionIsMeantByNumberByAliasOrByNothing() {
        assertThat(inference.infer("risk", "", ONE, "tester").version()).isEqualTo("4");
        registry.alias("champion", 2);
        registry.alias("shadow", 3);

        assertThat(inference.infer("risk", "1", ONE, "tester").version()).isEqualTo("1");
        assertThat(inference.infer("risk", "shadow", ONE, "tester").version()).isEqualTo("3");
        assertThat(inference.infer("risk", "champion", ONE, "tester").version()).isEqualTo("2");
        assertThat(inference.describe("risk", "shadow"))
                .satisfies(all -> {
                    assertThat(all.version()).isEqualTo("3");
                    assertThat(all.versions()).containsExactly("1", "2", "3", "4");
                    assertThat(all.signature().inputs()).hasSize(1);
                });
    }

    @Test
    void anAnswerHasTheWantedOutputsAndTheRequestsId() {
        InferenceResponse answer = inference.infer("risk", "1", ONE, "tester");

        assertThat(answer.id()).isEqualTo("r1");
        assertThat(answer.outputs()).hasSize(1);
        assertThat(answer.outputs().getFirst().name()).isEqualTo("variable");
        assertThat(answer.outputs().getFirst().binary()).isTrue();
        assertThat((Double) answer.outputs().getFirst().tensor().value(0))
                .isCloseTo(2, within(1e-5));
        assertThatThrownBy(() ->
                        inference.infer(
                                "risk",
                                "1",
                                new InferenceRequest(
                                        "",
                                        ONE.inputs(),
                                        List.of(new InferenceRequest.Wanted("score", false)),
                                        false),
                                "tester"))
                .isInstanceOf(ModelFailed.class)
                .hasMessage("the model has no output 'score', but [variable]");
    }

    @Test
    void manyWhoAskAtOnceAreEachAnsweredByTheVersionThatIsNamedWhileTheAliasMoves()
            throws Exception {
        int plus100 = registry.register(LinearModel.adding(100));
        int plus200 = registry.register(LinearModel.adding(200));
        registry.alias("champion", plus100);
        AtomicBoolean stop = new AtomicBoolean();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Set<String>>> seen =
                    IntStream.range(0, 16)
                            .mapToObj(asker -> threads.submit(() -> versionsSeen(asker, stop)))
                            .toList();
            for (int version : new int[] {plus100, plus200, plus100, plus200}) {
                registry.alias("champion", version);
                String wanted = Integer.toString(version);
                long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
                while (!inference
                        .infer("risk", "champion", ONE, "tester")
                        .version()
                        .equals(wanted)) {
                    assertThat(System.nanoTime()).isLessThan(deadline);
                }
            }
            stop.set(true);

            Set<String> all = new HashSet<>();
            for (Future<Set<String>> one : seen) {
                all.addAll(one.get());
            }
            assertThat(all)
                    .containsExactlyInAnyOrder(
                            Integer.toString(plus100), Integer.toString(plus200));
        }
    }

    /// Asks with a row of its own, and checks each answer by the version that it names.
    private Set<String> versionsSeen(int asker, AtomicBoolean stop) {
        InferenceRequest request =
                new InferenceRequest(
                        "",
                        Map.of(
                                "X",
                                new Tensor.Floats(
                                        Shape.of(2, 2),
                                        FloatBuffer.wrap(new float[] {asker, 0, 0, asker}))),
                        List.of(),
                        false);
        Set<String> versions = new HashSet<>();
        while (!stop.get()) {
            InferenceResponse answer = inference.infer("risk", "champion", request, "tester");
            int plus = answer.version().equals("5") ? 100 : 200;
            Tensor values = answer.outputs().getFirst().tensor();
            assertThat(values.shape()).isEqualTo(Shape.of(2, 1));
            assertThat((Double) values.value(0)).isCloseTo(2.0 * asker + plus, within(1e-3));
            assertThat((Double) values.value(1)).isCloseTo(-3.0 * asker + plus, within(1e-3));
            versions.add(answer.version());
        }
        return versions;
    }

    @Test
    void whatIsNotThereIsRefused() {
        assertThatThrownBy(() -> inference.infer("risk", "9", ONE, "tester"))
                .isInstanceOf(TrackingRefused.class)
                .hasMessageStartingWith("risk has no version 9, the newest one is ");
        assertThatThrownBy(() -> inference.infer("risk", "nobody", ONE, "tester"))
                .isInstanceOf(TrackingRefused.class)
                .hasMessageStartingWith("risk has no alias 'nobody', ");
        assertThatThrownBy(() -> inference.infer("other", "", ONE, "tester"))
                .isInstanceOf(TrackingRefused.class)
                .hasMessage("there is no model 'other' with a version");
    }

    @Test
    void anUnloadedModelIsRefusedUntilItIsLoaded() {
        assertThat(inference.infer("risk", "1", ONE, "tester").version()).isEqualTo("1");

        inference.unload("risk");
        assertThatThrownBy(() -> inference.infer("risk", "1", ONE, "tester"))
                .isInstanceOf(ModelUnready.class)
                .hasMessage("risk was unloaded; load it, or wait for a new process");
        assertThat(inference.index()).hasSize(4).noneMatch(Inference.Indexed::isReady);
        inference.load("risk");

        assertThat(inference.infer("risk", "1", ONE, "tester").version()).isEqualTo("1");
        assertThat(inference.index()).hasSize(4).allMatch(Inference.Indexed::isReady);
        assertThatThrownBy(() -> inference.unload("other")).isInstanceOf(TrackingRefused.class);
        assertThatThrownBy(() -> inference.load("other")).isInstanceOf(TrackingRefused.class);
    }
}

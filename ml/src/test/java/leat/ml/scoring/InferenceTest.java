package leat.ml.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
                    registry, FeatureQueries.NONE, new Inference.Limits(2, Duration.ofSeconds(5)));

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
        assertThat(inference.infer("risk", "", ONE).version()).isEqualTo("4");
        registry.alias("champion", 2);
        registry.alias("shadow", 3);

        assertThat(inference.infer("risk", "1", ONE).version()).isEqualTo("1");
        assertThat(inference.infer("risk", "shadow", ONE).version()).isEqualTo("3");
        assertThat(inference.infer("risk", "champion", ONE).version()).isEqualTo("2");
        assertThat(inference.describe("risk", "shadow"))
                .satisfies(all -> {
                    assertThat(all.version()).isEqualTo("3");
                    assertThat(all.versions()).containsExactly("1", "2", "3", "4");
                    assertThat(all.signature().inputs()).hasSize(1);
                });
    }

    @Test
    void anAnswerHasTheWantedOutputsAndTheRequestsId() {
        InferenceResponse answer = inference.infer("risk", "1", ONE);

        assertThat(answer.id()).isEqualTo("r1");
        assertThat(answer.outputs()).hasSize(1);
        assertThat(answer.outputs().getFirst().name()).isEqualTo("variable");
        assertThat(answer.outputs().getFirst().binary()).isTrue();
        assertThat((Double) answer.outputs().getFirst().tensor().value(0))
                .isCloseTo(2, org.assertj.core.api.Assertions.within(1e-5));
        assertThatThrownBy(() ->
                        inference.infer(
                                "risk",
                                "1",
                                new InferenceRequest(
                                        "",
                                        ONE.inputs(),
                                        List.of(new InferenceRequest.Wanted("score", false)),
                                        false)))
                .isInstanceOf(ModelFailed.class)
                .hasMessage("the model has no output 'score', but [variable]");
    }

    @Test
    void whatIsNotThereIsRefused() {
        assertThatThrownBy(() -> inference.infer("risk", "9", ONE))
                .isInstanceOf(TrackingRefused.class);
        assertThatThrownBy(() -> inference.infer("risk", "nobody", ONE))
                .isInstanceOf(TrackingRefused.class);
        assertThatThrownBy(() -> inference.infer("other", "", ONE))
                .isInstanceOf(TrackingRefused.class)
                .hasMessage("there is no model 'other' with a version");
    }

    @Test
    void anUnloadedModelIsRefusedUntilItIsLoaded() {
        assertThat(inference.infer("risk", "1", ONE).version()).isEqualTo("1");

        inference.unload("risk");
        assertThatThrownBy(() -> inference.infer("risk", "1", ONE))
                .isInstanceOf(ModelUnready.class)
                .hasMessage("risk was unloaded; load it, or wait for a new process");
        assertThat(inference.index()).hasSize(4).noneMatch(Inference.Indexed::isReady);
        inference.load("risk");

        assertThat(inference.infer("risk", "1", ONE).version()).isEqualTo("1");
        assertThat(inference.index()).hasSize(4).allMatch(Inference.Indexed::isReady);
        assertThatThrownBy(() -> inference.unload("other")).isInstanceOf(TrackingRefused.class);
        assertThatThrownBy(() -> inference.load("other")).isInstanceOf(TrackingRefused.class);
    }
}

package leat.ml.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import leat.core.model.ModelReference;
import leat.core.model.ModelVersion;
import leat.core.scoring.Model;
import leat.core.scoring.ModelFailed;
import leat.core.scoring.Shape;
import leat.core.scoring.Tensor;
import leat.ml.registry.ModelFile;
import leat.ml.weights.Weight;
import leat.ml.weights.WeightType;
import leat.ml.weights.Weights;
import org.junit.jupiter.api.Test;

/// Versions of weights alone, opened; `make_models.py` made the files.
final class WeightsAloneTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int ROWS = 200;

    private final MapOfModels registry = new MapOfModels();

    private static byte[] resource(String name) {
        try (InputStream in = MapOfModels.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private ModelVersion version(int number) {
        return registry.resolve(new ModelReference.Numbered("risk", number)).version();
    }

    /// Registers what is for the weights of another version.
    private int register(String path, byte[] file, int base) {
        int number = registry.register(path, file);
        registry.tag(number, ModelVersion.BASE_TAG, Integer.toString(base));
        return number;
    }

    private static byte[] scale(double first, double second) {
        ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putDouble(first).putDouble(second).flip();
        return new Weights(
                        new TreeMap<>(
                                Map.of(
                                        "scale",
                                        new Weight(
                                                WeightType.DOUBLE,
                                                List.of(2L),
                                                ByteString.copyFrom(bytes)))))
                .safeTensors();
    }

    /// What a version says of random rows, bit for bit.
    private List<Long> bits(int number) {
        Model model = new ModelFiles(registry, version(number)).open();
        try {
            FloatBuffer rows = FloatBuffer.allocate(2 * ROWS);
            Random random = new Random(6);
            while (rows.hasRemaining()) {
                rows.put((float) random.nextGaussian());
            }
            Map<String, Tensor> inputs = new HashMap<>();
            inputs.put("X", new Tensor.Floats(Shape.of(ROWS, 2), rows.flip()));
            return switch (model.run(inputs, PATIENCE).get("variable")) {
                case Tensor.Doubles(_, DoubleBuffer values) -> bits(values.duplicate().rewind());
                case Tensor.Floats(_, FloatBuffer values) -> bits(values.duplicate().rewind());
                case null, default -> throw new AssertionError("no numbers");
            };
        } finally {
            ModelFiles.close(model);
        }
    }

    private static List<Long> bits(DoubleBuffer values) {
        return IntStream.range(0, values.remaining())
                .mapToObj(i -> Double.doubleToRawLongBits(values.get(i)))
                .toList();
    }

    private static List<Long> bits(FloatBuffer values) {
        return IntStream.range(0, values.remaining())
                .mapToObj(i -> (long) Float.floatToRawIntBits(values.get(i)))
                .toList();
    }

    private void assertFails(int number, String why) {
        assertThatThrownBy(() -> new ModelFiles(registry, version(number)).open())
                .isInstanceOf(ModelFailed.class)
                .hasMessage(why);
    }

    @Test
    void weightsInABaseComputeBitForBitWhatTheWholeModelDoes() {
        int base = registry.register("model.onnx", "weighted.onnx");
        int others = registry.register("model.onnx", "weighted-others.onnx");
        int alone = register("weights.npz", resource("weighted-others.npz"), base);

        assertThat(bits(alone)).hasSize(2 * ROWS).isEqualTo(bits(others)).isNotEqualTo(bits(base));
    }

    @Test
    void someOfTheWeightsLeaveTheOthersAndWeightsForWeightsAreFollowedToTheModel() {
        int base = registry.register("model.onnx", "weighted.onnx");
        int others = registry.register("model.onnx", "weighted-others.onnx");
        int alone = register("w.npz", resource("weighted-others.npz"), base);
        int scaled = register("w.safetensors", scale(3, 4), alone);
        int back = register("w.safetensors", scale(1 / 7.0, -2.2e-5), scaled);

        assertThat(bits(scaled)).isNotEqualTo(bits(alone));
        assertThat(bits(back)).isEqualTo(bits(others));
        assertThat(VersionFile.ofModel(registry, version(back)))
                .extracting(ModelFile::path, ModelFile::sizeBytes)
                .containsExactly("w.safetensors", (long) resource("weighted.onnx").length);
    }

    @Test
    void weightsTakeThePlaceOfThoseInAFileBesideTheModel() throws IOException {
        int base = registry.register(List.of("outside.onnx", "outside.onnx.data"));
        ByteBuffer one = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        one.putFloat(2).putFloat(4).flip();
        Weights doubled =
                new Weights(
                        new TreeMap<>(
                                Map.of(
                                        "weights",
                                        new Weight(
                                                WeightType.FLOAT,
                                                List.of(2L, 1L),
                                                ByteString.copyFrom(one)))));

        int alone = register("w.safetensors", doubled.safeTensors(), base);

        List<Long> twice =
                bits(base).stream()
                        .map(bits -> 2 * Float.intBitsToFloat(bits.intValue()))
                        .map(value -> (long) Float.floatToRawIntBits(value))
                        .toList();
        assertThat(bits(alone)).isEqualTo(twice);
    }

    @Test
    void whatCannotBeComposedSaysWhyWhenItIsOpened() {
        int base = registry.register("model.onnx", "weighted.onnx");
        int linear = registry.register("model.onnx", "linear.onnx");
        int whole = register("model.onnx", resource("weighted.onnx"), base);
        int otherModel = register("w.safetensors", scale(3, 4), linear);
        int gone = register("w.safetensors", scale(3, 4), 99);
        int replaced = register("w.safetensors", scale(3, 4), base);
        registry.tag(replaced, ModelVersion.BASE_SHA256_TAG, "0123");
        int damaged = register("w.npz", new byte[50], base);

        assertFails(
                whole,
                "has no file of weights, and its tag leat.base asks for one; log one .safetensors"
                        + " or .npz");
        assertFails(otherModel, "the weights are not for risk/2: scale is no initializer of it");
        assertThatThrownBy(() -> new ModelFiles(registry, version(gone)).open())
                .hasMessage("there is no risk/99");
        assertFails(
                replaced,
                "risk/6 is weights for risk/1 as it was, and its file model.onnx is another one"
                        + " now; publish them again");
        assertThatThrownBy(() -> new ModelFiles(registry, version(damaged)).open())
                .isInstanceOf(ModelFailed.class)
                .hasMessageStartingWith("w.npz is no file of .npz: ");
    }

    @Test
    void aVersionThatLearnsHasNoWeightsAndAnEndlessChainEnds() {
        int learning = registry.register("online.json", new byte[0]);
        int alone = register("w.safetensors", scale(3, 4), learning);
        int self = register("w.safetensors", scale(3, 4), 3);

        assertFails(alone, "risk/1 learns as it scores, and has no weights to exchange");
        assertFails(
                self,
                "risk/3 is weights for weights, more than 8 deep; name the version that has the"
                        + " model as its base");
    }

    @Test
    void theFileOfAVersionIsTheOneThatIsOpened() {
        int learning = registry.register("online.json", new byte[3]);
        int deep = registry.register("deep/other.onnx", "linear.onnx");
        int none = registry.registerEmpty();

        assertThat(VersionFile.ofModel(registry, version(learning)).path())
                .isEqualTo("online.json");
        assertThat(VersionFile.ofModel(registry, version(deep)).path())
                .isEqualTo("deep/other.onnx");
        assertThatThrownBy(() -> VersionFile.ofModel(registry, version(none)))
                .isInstanceOf(ModelFailed.class)
                .hasMessage("has no ONNX file; log the model with mlflow.onnx.log_model");
    }
}

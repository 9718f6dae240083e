package leat.ml.weights;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import leat.ml.scoring.MapOfModels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files of weights as Python writes them; `make_models.py` made those of the resources.
final class WeightsTest {

    @TempDir private Path folder;

    private static byte[] resource(String name) {
        try (InputStream in = MapOfModels.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static OnnxInitializers model(String name) {
        return OnnxInitializers.of(name, ByteString.copyFrom(resource(name)));
    }

    private Weights read(String name, byte[] bytes) {
        try {
            return Weights.read(Files.write(folder.resolve(name), bytes));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Weights others() {
        return read("w.npz", resource("weighted-others.npz"));
    }

    private static Weight floats(List<Long> shape, float... values) {
        ByteBuffer bytes =
                ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return new Weight(WeightType.FLOAT, shape, ByteString.copyFrom(bytes.flip()));
    }

    private static Weights weights(String name, Weight weight) {
        return new Weights(new TreeMap<>(Map.of(name, weight)));
    }

    private WeightsRefused refusal(String name, byte[] bytes) {
        return catchThrowableOfType(WeightsRefused.class, () -> read(name, bytes));
    }

    @Test
    void numpysArraysAreReadInAnyOrderOfBytesAndDimensions() {
        Weights others = others();

        assertThat(others.names()).containsExactly("W", "columns", "half", "mask", "scale");
        assertThat(others.byName().get("W"))
                .isEqualTo(floats(List.of(2L, 3L), 0.7f, -0.2f, 1f / 3, 4e-3f, 5.5f, -6));
        assertThat(Objects.requireNonNull(others.byName().get("scale")).kind())
                .isEqualTo("DOUBLE[2]");
    }

    @Test
    void theWeightsOfAWholeModelAreThoseThatNumpyWrites() {
        Weights ofModel =
                model("weighted.onnx")
                        .ofSameGraph("risk/1", model("weighted-others.onnx"), "others.onnx");

        assertThat(ofModel).isEqualTo(others());
    }

    @Test
    void whatIsWrittenIsReadAgainAndIsTheSameBytesEachTime() {
        Weights others = others();

        byte[] written = others.safeTensors();

        assertThat(read("w.safetensors", written)).isEqualTo(others);
        assertThat(read("w.safetensors", written).safeTensors()).isEqualTo(written);
        assertThat(ByteBuffer.wrap(written).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8).isZero();
        assertThat(new String(written, 8, 60, US_ASCII))
                .startsWith("{\"W\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}");
    }

    @Test
    void aModelHasTheWeightsThatWerePutIntoItAndNothingElseHasChanged() {
        OnnxInitializers model = model("weighted.onnx");

        ByteString composed = model.with("risk/1", others());

        OnnxInitializers read = OnnxInitializers.of("composed", composed);
        assertThat(read.changed(others()).names()).isEmpty();
        assertThat(model.changed(others())).isEqualTo(others());
        assertThat(read.ofSameGraph("composed", model, "it").names()).hasSize(5);
    }

    @Test
    void ofWeightsThatHaveNotChangedNoneIsLeft() {
        OnnxInitializers model = model("weighted.onnx");
        Weights own = model.ofSameGraph("risk/1", model, "itself");

        assertThat(own.names()).hasSize(5);
        assertThat(model.changed(own).names()).isEmpty();
        assertThat(model.changed(weights("W", floats(List.of(2L, 3L), 1, 2, 3, 4, 5, 6)).over(own)))
                .isEqualTo(weights("W", floats(List.of(2L, 3L), 1, 2, 3, 4, 5, 6)));
    }

    @Test
    void weightsOfOtherNamesShapesAndTypesAreRefusedAndAllAreNamed() {
        OnnxInitializers model = model("weighted.onnx");
        Weights wrong =
                weights("w", floats(List.of(1L), 1))
                        .over(weights("W", floats(List.of(3L, 2L), 1, 2, 3, 4, 5, 6)))
                        .over(weights("scale", floats(List.of(2L), 1, 2)));

        assertThatThrownBy(() -> model.check("risk/1", wrong))
                .isInstanceOf(WeightsRefused.class)
                .hasMessage(
                        "the weights are not for risk/1: W is FLOAT[3, 2], and there FLOAT[2, 3];"
                                + " scale is FLOAT[2], and there DOUBLE[2]; w is no initializer of"
                                + " it (is W meant?)")
                .extracting(e -> ((WeightsRefused) e).remedy())
                .isEqualTo(
                        "its initializers are W FLOAT[2, 3], columns INT64[2], scale DOUBLE[2],"
                                + " half FLOAT16[2], mask BOOL[2]");
        assertThatThrownBy(
                        () -> model("linear.onnx").check("l", weights("w", floats(List.of(), 1))))
                .extracting(e -> ((WeightsRefused) e).remedy())
                .asString()
                .startsWith("register a whole model: this one has no initializers");
    }

    @Test
    void aModelOfAnotherGraphGivesNoWeights() {
        assertThatThrownBy(() ->
                        model("weighted.onnx")
                                .ofSameGraph("risk/1", model("linear.onnx"), "new.onnx"))
                .hasMessage("new.onnx has another graph than risk/1");
        assertThatThrownBy(() ->
                        model("outside.onnx").ofSameGraph("o/1", model("outside.onnx"), "new.onnx"))
                .hasMessage("weights of new.onnx lies in a file of its own");
        assertThatThrownBy(() -> OnnxInitializers.of("x", ByteString.copyFromUtf8("no model")))
                .hasMessageStartingWith("x is no ONNX model: ");
    }

    private static byte[] safeTensors(String header, int data) {
        byte[] json = header.getBytes(UTF_8);
        return ByteBuffer.allocate(Long.BYTES + json.length + data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array();
    }

    @Test
    void damagedFilesAreRefusedWithTheReason() {
        String tensor = "{\"a\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[0,%d]}}";

        assertThat(read("a.safetensors", safeTensors(tensor.formatted("F32", "2", 8), 8)).names())
                .containsExactly("a");
        assertThat(refusal("a.safetensors", new byte[3])).hasMessageContaining("it has no header");
        assertThat(refusal("a.safetensors", new byte[] {-1, -1, -1, -1, -1, -1, -1, -1}))
                .hasMessageContaining("its header would have -1 bytes");
        assertThat(refusal("a.safetensors", safeTensors("{", 0))).hasMessageContaining("no file");
        assertThat(refusal("a.safetensors", safeTensors("{\"a\":{}}", 0)))
                .hasMessageContaining("no file");
        assertThat(refusal("a.safetensors", safeTensors(tensor.formatted("F32", "2", 8), 4)))
                .hasMessageContaining("a would be at 0 to 8");
        assertThat(refusal("a.safetensors", safeTensors(tensor.formatted("F32", "3", 8), 8)))
                .hasMessageContaining("a has 8 bytes for FLOAT[3]");
        assertThat(refusal("a.safetensors", safeTensors(tensor.formatted("F32", "-2,-1", 8), 8)))
                .hasMessageContaining("a has 8 bytes for FLOAT[-2, -1]");
        assertThat(refusal("a.safetensors", safeTensors(tensor.formatted("F4", "2", 1), 1)))
                .hasMessage("a is of the type F4, which is not taken");
        assertThat(refusal("a.npz", new byte[100])).hasMessageStartingWith("a.npz is no file of");
        assertThat(refusal("a.txt", new byte[100])).hasMessage("a.txt is no file of weights");
    }

    private static byte[] npz(String header, byte... data) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.putNextEntry(new ZipEntry("a/b.npy"));
            zip.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
            zip.write(header.length());
            zip.write(0);
            zip.write(header.getBytes(US_ASCII));
            zip.write(data);
        }
        return file.toByteArray();
    }

    @Test
    void arraysThatAreNoNumbersAreRefused() throws IOException {
        String header = "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }\n";

        assertThat(read("a.npz", npz(header.formatted("|i1", "2,"), (byte) 1, (byte) 2)).byName())
                .containsEntry(
                        "a/b",
                        new Weight(
                                WeightType.INT8,
                                List.of(2L),
                                ByteString.copyFrom(new byte[] {1, 2})));
        assertThat(refusal("a.npz", npz(header.formatted("<U3", "2,"))))
                .hasMessage("a/b is of the type U3, which is not taken");
        assertThat(refusal("a.npz", npz("{'descr': [('x', '<f4')], 'shape': ()}")))
                .hasMessageStartingWith("a/b is no array of numbers: {'descr': [('x'");
        assertThat(refusal("a.npz", npz(header.formatted("<f4", "2,"), (byte) 1)))
                .hasMessageContaining("a/b has 1 bytes for FLOAT[2]");
        assertThat(refusal("a.npz", npz(header.formatted("<f4", "99999999999999999999,"))))
                .hasMessageContaining("a/b has the shape (99999999999999999999,)");
    }
}

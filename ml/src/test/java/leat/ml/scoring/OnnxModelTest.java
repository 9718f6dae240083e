package leat.ml.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import leat.core.model.ModelReference;
import leat.core.scoring.ElementType;
import leat.core.scoring.ModelFailed;
import leat.core.scoring.ModelTooSlow;
import leat.core.scoring.OutputValue;
import leat.core.scoring.Port;
import leat.core.scoring.PredictionRequest;
import leat.core.scoring.Predictions;
import leat.core.scoring.Shape;
import leat.core.scoring.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Models as scikit-learn's converter writes them; `make_models.py` made the files.
final class OnnxModelTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static OnnxModel open(String name) {
        return OnnxModel.open(resource(name + ".onnx"));
    }

    private static Path resource(String name) {
        try {
            return Path.of(
                    Objects.requireNonNull(OnnxModelTest.class.getResource(name), name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static List<List<Object>> predict(
            OnnxModel model, List<String> features, List<List<Object>> rows, String... wanted) {
        PredictionRequest all =
                new PredictionRequest(
                        ModelReference.parse("m/1"),
                        features,
                        rows,
                        Arrays.stream(wanted).map(OutputValue::parse).toList(),
                        PATIENCE);
        int step = Predictions.rowsAtOnce(model.signature(), rows.size());
        return IntStream.range(0, rows.size() / step)
                .mapToObj(i -> rows.subList(i * step, (i + 1) * step))
                .flatMap(part -> Predictions.of(model, all.of(part)).stream())
                .toList();
    }

    @Test
    void aTableOfFeaturesGivesAValueForEachRow() {
        try (OnnxModel model = open("linear")) {
            assertThat(model.signature().inputs())
                    .containsExactly(new Port("X", ElementType.FP32, Shape.of(Shape.FREE, 2)));

            List<List<Object>> all =
                    predict(
                            model,
                            List.of("a", "b"),
                            List.of(List.of(1L, 1.0), List.of(2.5, true)),
                            "variable");

            assertThat((Double) all.get(0).getFirst()).isEqualTo(0, within(1e-5));
            assertThat((Double) all.get(1).getFirst()).isEqualTo(3, within(1e-5));
        }
    }

    @Test
    void probabilitiesInMapsAreColumnsInTheOrderOfTheClasses() {
        try (OnnxModel model = open("classes")) {
            List<List<Object>> all =
                    predict(
                            model,
                            List.of("a", "b"),
                            List.of(List.of(0L, 0L), List.of(3L, 1L)),
                            "output_label",
                            "output_probability[0]",
                            "output_probability[1]");

            assertThat(all).extracting(List::getFirst).containsExactly("low", "high");
            assertThat((Double) all.get(0).get(1)).isEqualTo(0.2021261, within(1e-6));
            assertThat((Double) all.get(0).get(2)).isEqualTo(0.7978738, within(1e-6));
            assertThat((Double) all.get(1).get(1)).isEqualTo(0.7978126, within(1e-6));
        }
    }

    @Test
    void severalInputsTakeTheFeaturesOfTheirNames() {
        try (OnnxModel model = open("inputs")) {
            List<List<Object>> all =
                    predict(
                            model,
                            List.of("km", "make"),
                            List.of(List.of(5L, "Saab"), List.of(6.0, "Fiat")),
                            "variable");

            assertThat((Double) all.get(0).getFirst()).isEqualTo(36.5, within(1e-4));
            assertThat((Double) all.get(1).getFirst()).isEqualTo(19.5, within(1e-4));
        }
    }

    @Test
    void aModelForOneRowAtATimeIsAskedRowByRow() {
        try (OnnxModel model = open("through")) {
            assertThat(
                            predict(
                                    model,
                                    List.of("in_byte", "in_flag", "in_long"),
                                    List.of(
                                            List.of(255L, true, Long.MAX_VALUE),
                                            List.of(0L, false, Long.MIN_VALUE)),
                                    "out_long",
                                    "out_flag",
                                    "out_byte"))
                    .containsExactly(
                            List.of(Long.MAX_VALUE, true, 255L),
                            List.of(Long.MIN_VALUE, false, 0L));
        }
    }

    @Test
    void noRowsGiveNoValues() {
        try (OnnxModel model = open("linear")) {
            Tensor none = new Tensor.Floats(Shape.of(0, 2), FloatBuffer.allocate(0));

            assertThat(model.run(Map.of("X", none), PATIENCE).get("variable"))
                    .extracting(tensor -> tensor.shape().size())
                    .isEqualTo(0);
        }
    }

    /// A reference for each run would make every collection of a busy server long.
    @Test
    void runsLeaveNoMemoryForTheGarbageCollectorToFree() {
        BufferPoolMXBean outsideOfTheHeap =
                ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                        .filter(pool -> pool.getName().equals("direct"))
                        .findFirst()
                        .orElseThrow();
        try (OnnxModel model = open("linear")) {
            Tensor row = new Tensor.Floats(Shape.of(1, 2), FloatBuffer.allocate(2));
            model.run(Map.of("X", row), PATIENCE);
            long before = outsideOfTheHeap.getCount();

            for (int i = 0; i < 100; i++) {
                model.run(Map.of("X", row), PATIENCE);
            }

            assertThat(outsideOfTheHeap.getCount()).isLessThanOrEqualTo(before);
        }
    }

    @Test
    void whatDoesNotFitIsToldWithWhatWould() {
        try (OnnxModel linear = open("linear");
                OnnxModel inputs = open("inputs");
                OnnxModel through = open("through")) {
            assertThatThrownBy(
                            () -> predict(linear, List.of("a"), List.of(List.of(1L)), "variable"))
                    .isInstanceOf(ModelFailed.class)
                    .hasMessage("the model takes [X FP32[?, 2]], and is given [a]");
            assertThatThrownBy(() ->
                            predict(
                                    linear,
                                    List.of("a", "b"),
                                    List.of(List.of(1L, "x")),
                                    "variable"))
                    .hasMessage("input X takes FP32, and is given x");
            assertThatThrownBy(() ->
                            predict(linear, List.of("a", "b"), List.of(List.of(1L, 2L)), "score"))
                    .hasMessage("the model has no output 'score', but variable");
            assertThatThrownBy(() ->
                            predict(
                                    linear,
                                    List.of("a", "b"),
                                    List.of(List.of(1L, 2L)),
                                    "variable[1]"))
                    .hasMessage(
                            "variable[1] is not there: the model's output is variable FP32[?, 1]");
            assertThatThrownBy(() ->
                            predict(
                                    inputs,
                                    List.of("make", "miles"),
                                    List.of(List.of("Saab", 1L)),
                                    "variable"))
                    .hasMessageContaining("make BYTES[?, 1], km FP32[?, 1]")
                    .hasMessageEndingWith("and is given [make, miles]");
            assertThatThrownBy(() ->
                            predict(
                                    through,
                                    List.of("in_byte", "in_flag", "in_long"),
                                    List.of(List.of(256L, true, 1L)),
                                    "out_byte"))
                    .hasMessage("input in_byte takes UINT8, and is given 256");
            Tensor three = new Tensor.Floats(Shape.of(1, 3), FloatBuffer.allocate(3));
            assertThatThrownBy(() -> linear.run(Map.of("X", three), PATIENCE))
                    .hasMessage("the model takes X FP32[?, 2], and is given FP32[1, 3]");
            assertThatThrownBy(() -> linear.run(Map.of(), PATIENCE))
                    .hasMessage("input X is missing");
        }
    }

    @Test
    void whatIsNoOnnxFileIsRefused(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("model.onnx"), "weights");

        assertThatThrownBy(() -> OnnxModel.open(file))
                .isInstanceOf(ModelFailed.class)
                .hasMessage("the ONNX model cannot be opened: Protobuf parsing failed");
    }

    @Test
    void noModelReadsAFileOutsideOfItsFolder(@TempDir Path folder) throws Exception {
        byte[] weights = Files.readAllBytes(resource("outside.onnx.data"));
        Files.write(folder.resolve("secret.data"), weights);
        byte[] model = Files.readAllBytes(resource("outside.onnx"));
        Path within = Files.createDirectories(folder.resolve("a/b"));
        Path file = Files.write(within.resolve("model.onnx"), replaced(model, "../../secret.data"));

        assertThatThrownBy(() -> OnnxModel.open(file))
                .isInstanceOf(ModelFailed.class)
                .hasMessageStartingWith("the ONNX model cannot be opened: ");

        Files.write(within.resolve("outside.onnx.data"), weights);
        OnnxModel.open(Files.write(file, model)).close();
    }

    /// The model with another place of its weights, which is as long.
    private static byte[] replaced(byte[] model, String place) {
        String text = new String(model, StandardCharsets.ISO_8859_1);
        assertThat(text).contains("outside.onnx.data");
        return text.replace("outside.onnx.data", place).getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void aModelThatTakesTooLongIsEndedAndTheNextRunIsFree() {
        try (OnnxModel endless = open("endless")) {
            Tensor one = new Tensor.Floats(Shape.of(1, 1), FloatBuffer.allocate(1));

            for (int run = 0; run < 2; run++) {
                assertThatThrownBy(() -> endless.run(Map.of("x", one), Duration.ofMillis(50)))
                        .isInstanceOf(ModelTooSlow.class)
                        .hasMessage("the model took longer than 50 ms");
            }
        }
    }

    @Test
    void manyThreadsAskAtATimeAndEachGetsItsOwn() throws Exception {
        try (OnnxModel model = open("linear");
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Callable<Double>> calls =
                    IntStream.range(0, 400)
                            .<Callable<Double>>mapToObj(i ->
                                    () ->
                                            (Double)
                                                    predict(
                                                                    model,
                                                                    List.of("a", "b"),
                                                                    List.of(List.of((long) i, 0L)),
                                                                    "variable")
                                                            .getFirst()
                                                            .getFirst())
                            .toList();

            List<Future<Double>> answers = threads.invokeAll(calls);

            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get()).isEqualTo(2.0 * i + 1, within(1e-3));
            }
        }
    }
}

package leat.ml.training.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import leat.core.scoring.ElementType;
import leat.core.scoring.Port;
import leat.core.scoring.Shape;
import leat.core.scoring.Tensor;
import leat.ml.scoring.OnnxModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What is exported, as ONNX Runtime computes it.
final class ExportedModelsTest {

    private static final int COUNT = 10_000;
    private static final Rows TRAINING = MadeRows.of(1_000, 1);
    private static final Rows OTHERS = MadeRows.of(COUNT, 2);

    @TempDir private Path folder;

    static Stream<Arguments> algorithms() {
        return Stream.of(
                Arguments.of("xgboost", Map.of("rounds", 30, "subsample", 0.8)),
                Arguments.of("xgboost", Map.of("rounds", 20, "objective", "regression")),
                Arguments.of("xgboost", Map.of("rounds", 20, "tree-method", "hist")),
                Arguments.of("logistic", Map.of("positive-weight", "balanced")),
                Arguments.of("autoencoder", Map.of("epochs", 5)),
                Arguments.of("k-means", Map.of("clusters", 5)));
    }

    private Map<String, Tensor> run(byte[] onnx, Rows rows) throws IOException {
        Path file = Files.write(folder.resolve("model.onnx"), onnx);
        try (OnnxModel model = OnnxModel.open(file)) {
            assertThat(model.signature().inputs())
                    .containsExactly(
                            new Port(
                                    "features",
                                    ElementType.FP32,
                                    Shape.of(Shape.FREE, rows.width())));
            return model.run(
                    Map.of(
                            "features",
                            new Tensor.Floats(
                                    Shape.of(rows.size(), rows.width()),
                                    FloatBuffer.wrap(rows.values()))),
                    Duration.ofMinutes(1));
        }
    }

    private static Tensor.Floats floats(Map<String, Tensor> outputs, String name) {
        return (Tensor.Floats) Objects.requireNonNull(outputs.get(name), name);
    }

    private static Tensor.Longs longs(Map<String, Tensor> outputs, String name) {
        return (Tensor.Longs) Objects.requireNonNull(outputs.get(name), name);
    }

    @ParameterizedTest
    @MethodSource("algorithms")
    void scoresAreThoseOfTheRuntime(String name, Map<String, Object> parameters)
            throws IOException {
        Fitted fitted = Algorithms.of(name, parameters).fit(TRAINING, 5);

        Map<String, Tensor> outputs = run(fitted.file(), OTHERS);

        Tensor.Floats tensor = floats(outputs, fitted.score().output());
        FloatBuffer computed = tensor.values();
        assertThat(tensor.shape().rows()).isEqualTo(COUNT);
        int step = (int) tensor.shape().rowSize();
        float[] scores = fitted.scores(OTHERS);
        for (int i = 0; i < COUNT; i++) {
            assertThat(computed.get(i * step + fitted.score().index()))
                    .as("row %d", i)
                    .isEqualTo(scores[i], within(1e-5f));
        }
    }

    @ParameterizedTest
    @MethodSource("algorithms")
    void theSameSeedGivesTheSameBytesThatNameTheirFeatures(
            String name, Map<String, Object> parameters) {
        Algorithm algorithm = Algorithms.of(name, parameters);
        Fitted fitted = algorithm.fit(TRAINING, 5);

        assertThat(Algorithms.of(name, parameters).fit(TRAINING, 5).file())
                .isEqualTo(fitted.file());

        if (parameters.containsKey("subsample") || !algorithm.task().needsLabels()) {
            assertThat(algorithm.fit(TRAINING, 6).file()).isNotEqualTo(fitted.file());
        }
        assertThat(new String(fitted.file(), StandardCharsets.ISO_8859_1))
                .contains("leat.algorithm", name, "[\"km\",\"speed\",\"heat\"");
        Rows others = Rows.of(List.of("speed")).add(1f).build();
        assertThatThrownBy(() -> fitted.scores(others))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aClassifierGivesTheLikelierLabelAndBothProbabilities() throws IOException {
        Map<String, Tensor> outputs =
                run(Algorithms.of("xgboost", Map.of("rounds", 10)).fit(TRAINING, 5).file(), OTHERS);

        assertThat(outputs).containsOnlyKeys("label", "probabilities");
        Tensor.Longs labels = longs(outputs, "label");
        Tensor.Floats probabilities = floats(outputs, "probabilities");
        assertThat(labels.shape()).isEqualTo(Shape.of(COUNT));
        assertThat(probabilities.shape()).isEqualTo(Shape.of(COUNT, 2));
        for (int i = 0; i < COUNT; i++) {
            float zero = probabilities.values().get(2 * i);
            float one = probabilities.values().get(2 * i + 1);
            assertThat(zero + one).isEqualTo(1, within(1e-6f));
            assertThat(labels.values().get(i)).isEqualTo(one > zero ? 1 : 0);
        }
    }

    @Test
    void rowsThatBelongTogetherHaveTheSameCluster() throws IOException {
        Rows.Builder builder = Rows.of(List.of("a", "b"));
        for (int i = 0; i < 300; i++) {
            builder.add(1_000 + i % 3 * 10 + i / 300f, i % 3 * 7 % 5);
        }
        Rows rows = builder.build();

        Map<String, Tensor> outputs =
                run(Algorithms.of("k-means", Map.of("clusters", 3)).fit(rows, 5).file(), rows);

        assertThat(outputs).containsOnlyKeys("cluster", "distance");
        Tensor.Longs clusters = longs(outputs, "cluster");
        assertThat(clusters.shape()).isEqualTo(Shape.of(300));
        Set<Long> firsts = new HashSet<>();
        for (int i = 0; i < 300; i++) {
            assertThat(clusters.values().get(i)).isEqualTo(clusters.values().get(i % 3));
            firsts.add(clusters.values().get(i));
        }
        assertThat(firsts).containsExactlyInAnyOrder(0L, 1L, 2L);
    }

    @Test
    void anAutoencoderGivesRowsBackInTheirOwnUnits() throws IOException {
        Rows usual = MadeRows.of(20, 3);

        Map<String, Tensor> outputs =
                run(Algorithms.of("autoencoder", Map.of()).fit(TRAINING, 5).file(), usual);

        assertThat(outputs).containsOnlyKeys("score", "reconstruction");
        Tensor.Floats back = floats(outputs, "reconstruction");
        assertThat(back.shape()).isEqualTo(Shape.of(20, 6));
        for (int i = 0; i < usual.size(); i++) {
            assertThat(back.values().get(6 * i)).isBetween(-100_000f, 300_000f);
            assertThat(back.values().get(6 * i + 2)).isBetween(290f, 310f);
        }
    }
}

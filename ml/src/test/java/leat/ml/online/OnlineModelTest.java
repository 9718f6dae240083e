package leat.ml.online;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.Stream;
import leat.core.anomaly.AnomalyDetector;
import leat.core.scoring.ModelFailed;
import leat.core.scoring.OutputValue;
import leat.core.scoring.Shape;
import leat.core.scoring.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class OnlineModelTest {

    private static final int ROWS = 1_200;

    private static OnlineModel forest(int width, int trees, int samples, OptionalDouble decay) {
        return OnlineModel.of(
                new OnlineModel.Definition(
                        OnlineAlgorithm.RANDOM_CUT_FOREST,
                        features(width),
                        Map.of(ForestLearner.WARM_UP, "10"),
                        7),
                standard(width),
                ForestLearner.empty(new ForestLearner.Size(width, trees, samples, decay, 10), 7));
    }

    private static OnlineModel centres(int width, int memory) {
        float[] centres = new float[3 * width];
        for (int i = 0; i < centres.length; i++) {
            centres[i] = (i * 31) % 7 - 3;
        }
        return OnlineModel.of(
                new OnlineModel.Definition(
                        OnlineAlgorithm.ONLINE_K_MEANS,
                        features(width),
                        Map.of(CentresLearner.MEMORY, Integer.toString(memory)),
                        7),
                standard(width),
                CentresLearner.of(centres, new long[] {5, 0, 2}, memory));
    }

    private static OnlineModel metrics(int width, int entities) {
        return OnlineModel.of(
                new OnlineModel.Definition(
                        OnlineAlgorithm.METRIC_ANOMALY,
                        features(width),
                        Map.of(MetricLearner.STREAMS, Integer.toString(width * entities)),
                        7),
                Standard.none(width),
                MetricLearner.empty(width, width * entities));
    }

    private static List<String> features(int width) {
        List<String> features = new ArrayList<>();
        for (int j = 0; j < width; j++) {
            features.add("f" + j);
        }
        return features;
    }

    private static Standard standard(int width) {
        float[] means = new float[width];
        float[] deviations = new float[width];
        for (int j = 0; j < width; j++) {
            means[j] = 0.1f * j;
            deviations[j] = 1 + 0.3f * j;
        }
        return Standard.of(means, deviations);
    }

    /// Rows that drift, with leaps, rows that are the same, missing values and infinities.
    private static float[] row(Random random, int number, int width) {
        float[] row = new float[width];
        for (int j = 0; j < width; j++) {
            row[j] = (float) random.nextGaussian() * (j % 2 == 0 ? 1 : 0.01f) + number / 1_000f;
            if (number % 50 == 49) {
                row[j] += 20;
            }
            if (number % 3 == 0) {
                row[j] = Math.round(row[j]);
            }
            if (random.nextInt(40) == 0) {
                row[j] = random.nextInt(4) == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
            }
        }
        return row;
    }

    /// Of one of three entities, a minute after the row before.
    private static OnlineRow row(OnlineModel model, Random random, int number) {
        return row(model, number, row(random, number, model.features().size()));
    }

    private static OnlineRow row(OnlineModel model, int number, float... values) {
        return model.row("car-" + number % 3, number * 60_000L, values);
    }

    static Stream<Arguments> models() {
        return Stream.of(
                Arguments.of(metrics(1, 3)),
                Arguments.of(metrics(4, 2)),
                Arguments.of(forest(1, 20, 64, OptionalDouble.empty())),
                Arguments.of(forest(6, 20, 256, OptionalDouble.of(0))),
                Arguments.of(forest(3, 12, 400, OptionalDouble.of(0.02))),
                Arguments.of(forest(40, 10, 100, OptionalDouble.empty())),
                Arguments.of(centres(1, 50)),
                Arguments.of(centres(8, 1_000_000)));
    }

    private static List<Object> said(Learner learner, OnlineRow row) {
        try {
            return learner.say(row);
        } catch (ModelFailed e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    /// Doubles are equal here when their bits are.
    @ParameterizedTest
    @MethodSource("models")
    void whoIsWrittenAndReadAtAnyRowGoesOnBitForBit(OnlineModel model) {
        OnlineModel registered = OnlineModel.read(model.bytes());
        Random random = new Random(3);
        Learner whole = model.begin();
        Learner broken = registered.begin();
        int restored = 0;
        for (int i = 0; i < ROWS; i++) {
            OnlineRow row = row(model, random, i);
            List<Object> expected = said(whole, row);
            assertThat(said(broken, row)).as("row %d", i).isEqualTo(expected);
            whole.learn(row);
            broken.learn(row);
            if (random.nextInt(40) == 0 || i == 0) {
                broken = registered.restore(broken.state());
                restored++;
            }
        }
        assertThat(restored).isGreaterThan(10);
    }

    @ParameterizedTest
    @MethodSource("models")
    void toBeAskedChangesNothing(OnlineModel model) {
        Random random = new Random(4);
        Learner asked = model.begin();
        Learner silent = model.begin();
        for (int i = 0; i < 300; i++) {
            OnlineRow row = row(model, random, i);
            List<Object> _ = said(asked, row);
            asked.learn(row);
            silent.learn(row);
        }
        OnlineRow last = row(model, random, 300);

        assertThat(silent.say(last)).isEqualTo(asked.say(last));
        assertThat(silent.state()).isEqualTo(asked.state());
    }

    @Test
    void aForestTellsALeapFromWhatItIsUsedToAndSaysNothingBeforeItsWarmUp() {
        OnlineModel model = forest(2, 50, 256, OptionalDouble.empty());
        Learner learner = model.begin();
        assertThatThrownBy(() -> learner.say(row(model, 0, 0, 0)))
                .isInstanceOf(ModelFailed.class)
                .hasMessage("the model has learned from 0 vectors, and says nothing before 10");
        Random random = new Random(5);
        for (int i = 0; i < 500; i++) {
            learner.learn(
                    row(model, i, (float) random.nextGaussian(), (float) random.nextGaussian()));
        }

        double usual = (Double) learner.say(row(model, 0, 0, 0)).getFirst();
        double leap = (Double) learner.say(row(model, 0, 12, -12)).getFirst();

        assertThat(usual).isLessThan(1);
        assertThat(leap).isGreaterThan(2 * usual).isGreaterThan(1.5);
    }

    @Test
    void aCentreMovesToItsRowsAndFollowsThem() {
        OnlineModel model =
                OnlineModel.of(
                        new OnlineModel.Definition(
                                OnlineAlgorithm.ONLINE_K_MEANS,
                                List.of("x"),
                                Map.of(CentresLearner.MEMORY, "4"),
                                1),
                        Standard.of(new float[] {0}, new float[] {1}),
                        CentresLearner.of(new float[] {0, 10}, new long[] {0, 1}, 4));
        Learner learner = model.begin();

        learner.learn(row(model, 0, 2));
        assertThat(learner.say(row(model, 0, 2))).isEqualTo(List.of(0L, 0.0));
        learner.learn(row(model, 0, 4));
        assertThat(learner.say(row(model, 0, 3))).isEqualTo(List.of(0L, 0.0));
        for (int i = 0; i < 100; i++) {
            learner.learn(row(model, 0, 5));
        }

        assertThat((Double) learner.say(row(model, 0, 5)).get(1)).isLessThan(1e-9);
        assertThat(learner.say(row(model, 0, 11))).isEqualTo(List.of(1L, 1.0));
    }

    @Test
    void asAModelItSaysWhatItBeganWithAndLearnsNothing() {
        OnlineModel model = centres(2, 50);
        Map<String, Tensor> inputs =
                Map.of(
                        "features",
                        new Tensor.Floats(
                                Shape.of(2, 2), FloatBuffer.wrap(new float[] {1, 2, 30, -4})));
        Learner learner = model.begin();

        Map<String, Tensor> first = model.run(inputs, Duration.ofSeconds(1));
        Map<String, Tensor> second = model.run(inputs, Duration.ofSeconds(1));

        assertThat(first).isEqualTo(second).containsOnlyKeys("cluster", "distance");
        Tensor distances = Objects.requireNonNull(first.get("distance"));
        for (int i = 0; i < 2; i++) {
            OnlineRow row = i == 0 ? row(model, 0, 1, 2) : row(model, 0, 30, -4);
            assertThat(distances.value(i)).isEqualTo(learner.say(row).get(1));
        }
    }

    @Test
    void whatDoesNotFitIsRefusedWithTheReason() {
        OnlineModel model = centres(2, 50);

        assertThatThrownBy(() -> model.row("car", 0, List.of("f1", "f0"), List.of(1.0, 2.0)))
                .isInstanceOf(ModelFailed.class)
                .hasMessage("the model takes [f0, f1], and is given [f1, f0]");
        assertThatThrownBy(() -> model.row("car", 0, List.of("f0", "f1"), List.of(1.0, "much")))
                .isInstanceOf(ModelFailed.class)
                .hasMessage("f1 is 'much', and the model takes numbers");
        assertThatThrownBy(
                        () -> model.wanted(List.of(OutputValue.parse("score")), List.of(1L, 2.0)))
                .isInstanceOf(ModelFailed.class)
                .hasMessage("the model has no output 'score', but cluster, distance");
        assertThatThrownBy(() ->
                        OnlineModel.read(
                                new String(model.bytes(), UTF_8)
                                        .replace("\"format\":1", "\"format\":2")
                                        .getBytes(UTF_8)))
                .isInstanceOf(ModelFailed.class)
                .hasMessage("online.json cannot be read: its format is 2, this program knows 1");
    }

    @Test
    void aMetricIsScoredAsByTheDetectorOfItsEntity() {
        OnlineModel model = metrics(2, 3);
        Learner learner = model.begin();
        Map<String, List<AnomalyDetector>> detectors = new HashMap<>();
        Random random = new Random(6);
        double most = 0;
        for (int i = 0; i < ROWS; i++) {
            OnlineRow row = row(model, random, i);
            List<AnomalyDetector> own =
                    detectors.computeIfAbsent(
                            row.entity(),
                            _ -> List.of(new AnomalyDetector(), new AnomalyDetector()));
            double expected =
                    Math.max(
                            own.get(0).score(row.timeMillis(), row.values()[0]),
                            own.get(1).score(row.timeMillis(), row.values()[1]));
            assertThat(learner.sayAndLearn(row)).isEqualTo(List.of(expected));
            most = Math.max(most, expected);
        }
        assertThat(most).isGreaterThan(AnomalyDetector.ALARM);
    }

    @Test
    void anEntityBeyondTheStreamsIsToldAndNotWatched() {
        OnlineModel model = metrics(4, 2);
        Learner learner = model.begin();
        learner.learn(row(model, 0, 1, 2, 3, 4));
        learner.learn(row(model, 1, 1, 2, 3, 4));
        byte[] before = learner.state();
        OnlineRow third = row(model, 2, 1, 2, 3, 4);

        assertThatThrownBy(() -> learner.sayAndLearn(third))
                .isInstanceOf(ModelFailed.class)
                .hasMessage(
                        "the model watches 8 streams, entities times features, and with car-2"
                                + " there were more than streams, which is 8");
        learner.learn(third);
        assertThat(learner.state()).isEqualTo(before);
    }

    @Test
    void whatIsSaidOfStreamsIsNotAskedByRequest() {
        OnlineModel model = metrics(1, 3);
        Map<String, Tensor> inputs =
                Map.of(
                        "features",
                        new Tensor.Floats(Shape.of(1, 1), FloatBuffer.wrap(new float[] {1})));

        assertThatThrownBy(() -> model.run(inputs, Duration.ofSeconds(1)))
                .isInstanceOf(ModelFailed.class)
                .hasMessage(
                        "a model of metric-anomaly says how each entity's stream goes on, and is"
                                + " asked in the stream alone: name it in a scoring");
    }
}

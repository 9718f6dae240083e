package leat.ml.online;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.scoring.ElementType;
import leat.core.scoring.Port;
import leat.core.scoring.Shape;

/// The algorithms that learn as they score.
public enum OnlineAlgorithm {
    RANDOM_CUT_FOREST("random-cut-forest"),
    ONLINE_K_MEANS("online-k-means"),
    METRIC_ANOMALY("metric-anomaly");

    private final String word;

    OnlineAlgorithm(String word) {
        this.word = word;
    }

    private static Port port(String name, ElementType type) {
        return new Port(name, type, Shape.of(Shape.FREE));
    }

    /// The name in files.
    public String word() {
        return word;
    }

    /// One value a row each.
    List<Port> outputs() {
        return switch (this) {
            case RANDOM_CUT_FOREST, METRIC_ANOMALY -> List.of(port("score", ElementType.FP64));
            case ONLINE_K_MEANS ->
                    List.of(port("cluster", ElementType.INT64), port("distance", ElementType.FP64));
        };
    }

    /// Whether it looks at rows alone: what it says of one depends neither on whose it is nor on
    /// its time, and its features are scaled.
    boolean ofRowsAlone() {
        return this != METRIC_ANOMALY;
    }

    static Optional<OnlineAlgorithm> of(String word) {
        return Arrays.stream(values()).filter(one -> one.word.equals(word)).findFirst();
    }

    /// @throws IllegalArgumentException when the state or a parameter is none
    Learner restore(byte[] state, Map<String, String> parameters) {
        return switch (this) {
            case RANDOM_CUT_FOREST -> ForestLearner.restore(state, parameters);
            case ONLINE_K_MEANS -> CentresLearner.restore(state, parameters);
            case METRIC_ANOMALY -> MetricLearner.restore(state, parameters);
        };
    }
}

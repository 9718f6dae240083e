package leat.ml.online;

import com.amazon.randomcutforest.RandomCutForest;
import com.amazon.randomcutforest.state.RandomCutForestMapper;
import com.amazon.randomcutforest.state.RandomCutForestState;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import leat.core.scoring.ModelFailed;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/// A Random Cut Forest (Guha and others, 2016, "Robust Random Cut Forest Based Anomaly Detection on
/// Streams"). Its state is the library's own, as JSON: points, cuts, samples, weights and the seeds
/// of what is drawn next. Boxes around points are not in it; they are computed anew to the same
/// bits.
public final class ForestLearner implements Learner {

    /// The parameter that says from how many rows it must have learned before it says anything.
    public static final String WARM_UP = "warm-up";

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY).build();
    private static final RandomCutForestMapper STATES = states();

    private final RandomCutForest forest;
    private final long warmUp;

    private ForestLearner(RandomCutForest forest, long warmUp) {
        this.forest = forest;
        this.warmUp = warmUp;
    }

    /// How a forest is made.
    ///
    /// @param width how many features a row has
    /// @param timeDecay how much likelier newer rows are kept; the library's own where it is empty
    public record Size(
            int width, int trees, int sampleSize, OptionalDouble timeDecay, long warmUp) {}

    /// One that has learned nothing.
    public static ForestLearner empty(Size size, long seed) {
        RandomCutForest.Builder<?> builder =
                RandomCutForest.builder()
                        .dimensions(size.width())
                        .shingleSize(1)
                        .numberOfTrees(size.trees())
                        .sampleSize(size.sampleSize())
                        // Before that it would say 0; from when on it is asked, is ours to know.
                        .outputAfter(1)
                        .randomSeed(seed)
                        .parallelExecutionEnabled(false);
        size.timeDecay().ifPresent(builder::timeDecay);
        return new ForestLearner(builder.build(), size.warmUp());
    }

    static ForestLearner restore(byte[] state, Map<String, String> parameters) {
        try {
            return new ForestLearner(
                    STATES.toModel(JSON.readValue(state, RandomCutForestState.class)),
                    Long.parseLong(parameters.getOrDefault(WARM_UP, "")));
        } catch (JacksonException | NullPointerException e) {
            throw new IllegalArgumentException("no state of a forest: " + e.getMessage(), e);
        }
    }

    private static RandomCutForestMapper states() {
        RandomCutForestMapper mapper = new RandomCutForestMapper();
        mapper.setSaveTreeStateEnabled(true);
        mapper.setPartialTreeStateEnabled(false);
        mapper.setSaveExecutorContextEnabled(true);
        return mapper;
    }

    @Override
    public List<Object> say(OnlineRow row) {
        long learned = forest.getTotalUpdates();
        if (learned < warmUp) {
            throw new ModelFailed(
                    "the model has learned from "
                            + learned
                            + " vectors, and says nothing before "
                            + warmUp);
        }
        return List.of(forest.getAnomalyScore(row.values()));
    }

    @Override
    public void learn(OnlineRow row) {
        forest.update(row.values());
    }

    @Override
    public byte[] state() {
        return JSON.writeValueAsBytes(STATES.toState(forest));
    }
}

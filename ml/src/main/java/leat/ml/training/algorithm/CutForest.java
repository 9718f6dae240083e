package leat.ml.training.algorithm;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import leat.ml.online.ForestLearner;
import leat.ml.online.OnlineAlgorithm;
import leat.ml.online.OnlineModel;
import leat.ml.online.OnlineRow;
import leat.ml.online.Standard;
import leat.ml.training.algorithm.Parameter.Range;

/// How unusual a row is, by a Random Cut Forest that goes on learning where it scores.
final class CutForest implements Algorithm {

    private static final String NAME = OnlineAlgorithm.RANDOM_CUT_FOREST.word();
    private static final String TREES = "trees";
    private static final String SAMPLES = "sample-size";
    private static final String DECAY = "time-decay";
    private static final String AUTO = "auto";

    /// Of all trees together, where a row counts as many as it has features and some more; a state
    /// has some ten bytes for each at most.
    private static final long MOST_VALUES = 2_000_000;

    private static final int BESIDE_FEATURES = 16;

    static final AlgorithmKind KIND =
            new AlgorithmKind(
                    NAME,
                    "How unusual a row is, by a Random Cut Forest that learns from each row that it"
                            + " scores",
                    List.of(
                            new Parameter(
                                    TREES, new Range.Whole(10, 1_000), "50", "How many trees"),
                            new Parameter(
                                    SAMPLES,
                                    new Range.Whole(16, 4_096),
                                    "256",
                                    "How many of the rows each tree is made of"),
                            new Parameter(
                                    DECAY,
                                    new Range.Decimal(0, 1, List.of(AUTO)),
                                    AUTO,
                                    "How much likelier a row is kept than the one before it, as"
                                            + " an exponent; 0 keeps all alike, `auto` is a tenth"
                                            + " of 1 / `sample-size`"),
                            new Parameter(
                                    ForestLearner.WARM_UP,
                                    new Range.Whole(1, 1_000_000),
                                    "64",
                                    "From how many rows it must have learned before it says"
                                            + " anything; training must have as many")),
                    CutForest::new);

    private final Parameters parameters;

    private CutForest(Parameters parameters) {
        this.parameters = parameters;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Task task() {
        return Task.ANOMALY;
    }

    @Override
    public Map<String, String> parameters() {
        return parameters.texts();
    }

    @Override
    public Fitted fit(Rows training, long seed) {
        checkSize(training);
        Standard standard = Scaling.of(training, Scaling.NO_BOUND).standard();
        ForestLearner forest = ForestLearner.empty(size(training.width()), seed);
        for (int i = 0; i < training.size(); i++) {
            if (training.weight(i) > 0) {
                forest.learn(new OnlineRow("", 0, standard.row(training.row(i))));
            }
        }
        return new OnlineFitted(
                OnlineModel.of(
                        new OnlineModel.Definition(
                                OnlineAlgorithm.RANDOM_CUT_FOREST,
                                training.features(),
                                parameters.texts(),
                                seed),
                        standard,
                        forest),
                "score");
    }

    private ForestLearner.Size size(int width) {
        return new ForestLearner.Size(
                width,
                parameters.whole(TREES),
                parameters.whole(SAMPLES),
                parameters.isWord(DECAY)
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(parameters.decimal(DECAY)),
                parameters.whole(ForestLearner.WARM_UP));
    }

    private void checkSize(Rows training) {
        Labels.weight(training);
        long values =
                (long) parameters.whole(TREES)
                        * parameters.whole(SAMPLES)
                        * (training.width() + BESIDE_FEATURES);
        if (values > MOST_VALUES) {
            throw new TrainingRefused(
                    "trees x sample-size x (features + "
                            + BESIDE_FEATURES
                            + ") is "
                            + values
                            + ", and may be "
                            + MOST_VALUES,
                    "lower trees or sample-size, or take fewer features");
        }
        int counting = 0;
        for (int i = 0; i < training.size(); i++) {
            counting += training.weight(i) > 0 ? 1 : 0;
        }
        if (counting < parameters.whole(ForestLearner.WARM_UP)) {
            throw new TrainingRefused(
                    "there are " + counting + " rows, fewer than warm-up",
                    "take a longer time, or lower warm-up");
        }
    }
}

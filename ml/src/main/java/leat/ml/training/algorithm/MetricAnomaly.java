package leat.ml.training.algorithm;

import java.util.List;
import java.util.Map;
import leat.core.scoring.ModelFailed;
import leat.ml.online.MetricLearner;
import leat.ml.online.OnlineAlgorithm;
import leat.ml.online.OnlineModel;
import leat.ml.online.OnlineRow;
import leat.ml.online.Standard;
import leat.ml.training.algorithm.Parameter.Range;

/// How new what begins in an entity's metrics is, by the detector of `leat detect`, which goes on
/// learning where it scores.
final class MetricAnomaly implements Algorithm {

    private static final String NAME = OnlineAlgorithm.METRIC_ANOMALY.word();

    /// A stream has 265 KiB of state, and a version's file is JSON of at most 64 MiB.
    private static final int MOST_STREAMS = 150;

    static final AlgorithmKind KIND =
            new AlgorithmKind(
                    NAME,
                    "How new what begins in one of an entity's metrics is, by the detector of"
                            + " `leat detect`, which learns from each row that it scores",
                    List.of(
                            new Parameter(
                                    MetricLearner.STREAMS,
                                    new Range.Whole(1, MOST_STREAMS),
                                    "50",
                                    "How many streams it watches at most, entities times"
                                            + " features")),
                    MetricAnomaly::new);

    private final Parameters parameters;

    private MetricAnomaly(Parameters parameters) {
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
        Labels.weight(training);
        MetricLearner learner =
                MetricLearner.empty(training.width(), parameters.whole(MetricLearner.STREAMS));
        try {
            for (int i = 0; i < training.size(); i++) {
                if (training.weight(i) > 0) {
                    List<Object> _ =
                            learner.sayAndLearn(
                                    new OnlineRow(
                                            training.entity(i),
                                            training.millis(i),
                                            training.row(i)));
                }
            }
        } catch (ModelFailed e) {
            throw new TrainingRefused(
                    String.valueOf(e.getMessage()),
                    "raise "
                            + MetricLearner.STREAMS
                            + ", up to "
                            + MOST_STREAMS
                            + ", or take fewer features or a view of fewer entities");
        }
        return new OnlineFitted(
                OnlineModel.of(
                        new OnlineModel.Definition(
                                OnlineAlgorithm.METRIC_ANOMALY,
                                training.features(),
                                parameters.texts(),
                                seed),
                        Standard.none(training.width()),
                        learner),
                "score");
    }
}

package leat.ml.training.algorithm;

import java.util.Map;
import java.util.stream.Stream;
import leat.ml.online.CentresLearner;
import leat.ml.online.OnlineAlgorithm;
import leat.ml.online.OnlineModel;
import leat.ml.online.Standard;
import leat.ml.training.algorithm.Parameter.Range;

/// k-means whose centres go on moving where it scores.
final class OnlineClustering implements Algorithm {

    private static final String NAME = OnlineAlgorithm.ONLINE_K_MEANS.word();

    static final AlgorithmKind KIND =
            new AlgorithmKind(
                    NAME,
                    "Clusters of rows that are near each other, by k-means that learns from each"
                            + " row that it scores",
                    Stream.concat(
                                    Clustering.KIND.parameters().stream(),
                                    Stream.of(
                                            new Parameter(
                                                    CentresLearner.MEMORY,
                                                    new Range.Whole(1, 1_000_000_000),
                                                    "10000",
                                                    "For how many rows a centre stands at most:"
                                                            + " the next one moves it by one part"
                                                            + " of as many")))
                            .toList(),
                    OnlineClustering::new);

    private final Parameters parameters;

    private OnlineClustering(Parameters parameters) {
        this.parameters = parameters;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Task task() {
        return Task.CLUSTERING;
    }

    @Override
    public Map<String, String> parameters() {
        return parameters.texts();
    }

    @Override
    public Fitted fit(Rows training, long seed) {
        Clusters clusters = Clustering.fit(parameters, training, seed);
        long memory = parameters.whole(CentresLearner.MEMORY);
        long[] counts = clusters.counts(training);
        for (int k = 0; k < counts.length; k++) {
            counts[k] = Math.clamp(counts[k], 0, memory);
        }
        Standard standard = clusters.scaling().standard();
        return new OnlineFitted(
                OnlineModel.of(
                        new OnlineModel.Definition(
                                OnlineAlgorithm.ONLINE_K_MEANS,
                                training.features(),
                                parameters.texts(),
                                seed),
                        standard,
                        CentresLearner.of(clusters.centres(), counts, memory)),
                "distance");
    }
}

package leat.ml.training;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import leat.core.scoring.ModelFailed;
import leat.ml.training.algorithm.ExportedModel;
import leat.ml.training.algorithm.Rows;

/// What is known of a version only beside something else: of its exported model beside the one that
/// was learned, of its speed and its metrics beside those of the version before.
final class Comparing {

    /// Of so many of the newest rows.
    private static final int MOST_ROWS = 100_000;

    private final Dataset dataset;
    private final Learned learned;
    private final byte[] onnx;
    private final Optional<VersionBefore> before;

    /// @param onnx the exported model
    /// @param before the version before; empty where there is none, or it cannot be read
    Comparing(Dataset dataset, Learned learned, byte[] onnx, Optional<VersionBefore> before) {
        this.dataset = dataset;
        this.learned = learned;
        this.onnx = onnx;
        this.before = before;
    }

    /// The metrics; of a version before that cannot be asked there are none.
    ///
    /// @throws TrainingStopped when the exported model cannot be asked
    SequencedMap<String, Double> metrics() {
        SequencedMap<String, Double> metrics = new LinkedHashMap<>();
        Rows all = dataset.rows();
        int testFrom = all.size() - Math.min(MOST_ROWS, learned.testRows());
        Rows test = all.part(testFrom, all.size());
        try (ExportedModel exported = ExportedModel.open(onnx, learned.model().score())) {
            float[] scores = exported.scores(test);
            metrics.putAll(learned.model().export().orElseGet(() -> export(test, scores)));
            metrics.put("speed/micros_per_row", exported.microsPerRow(test));
            before.ifPresent(one -> {
                try {
                    metrics.putAll(withBefore(one, test, scores, testFrom));
                } catch (ModelFailed | IllegalArgumentException _) {
                    // It was made elsewhere, or by another program, and is not comparable.
                }
            });
        } catch (ModelFailed e) {
            throw new TrainingStopped(
                    "the model that was learned cannot be asked: " + e.getMessage(),
                    "choose another algorithm");
        }
        return metrics;
    }

    private Map<String, Double> export(Rows test, float[] scores) {
        return Map.of(
                "export/rows",
                (double) scores.length,
                "export/largest_difference",
                largestDifference(scores, learned.model().scores(test)));
    }

    private static double largestDifference(float[] one, float[] other) {
        double largest = 0;
        for (int row = 0; row < one.length; row++) {
            double difference = Math.abs((double) one[row] - other[row]);
            if (!(difference <= largest)) {
                largest = difference;
            }
        }
        return largest;
    }

    private Map<String, Double> withBefore(
            VersionBefore version, Rows test, float[] scores, int testFrom) {
        SequencedMap<String, Double> metrics = new LinkedHashMap<>();
        Optional<Rows> rows = version.rows(test);
        if (rows.isEmpty()) {
            return metrics;
        }
        try (ExportedModel model = version.open()) {
            metrics.put("previous/micros_per_row", model.microsPerRow(rows.get()));
            int known = version.known(dataset, testFrom);
            if (known < test.size() && test.hasLabels()) {
                Rows later = test.part(known, test.size());
                metrics.putAll(
                        VersionBefore.prefixed(
                                Judging.metrics(
                                        later,
                                        Arrays.copyOfRange(scores, known, scores.length),
                                        learned.metrics().getOrDefault("threshold", Double.NaN)),
                                "later/"));
                Rows ofBefore = rows.get().part(known, test.size());
                metrics.putAll(
                        VersionBefore.prefixed(
                                Judging.metrics(
                                        ofBefore, model.scores(ofBefore), version.threshold()),
                                "previous/"));
                metrics.put(
                        "previous/hours_behind",
                        version.hoursBehind(dataset.time(dataset.rows().size() - 1)));
            }
        }
        metrics.put("previous/version", (double) version.number());
        return metrics;
    }
}

package leat.ml.training;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import leat.core.model.ModelVersion;
import leat.core.scoring.OutputValue;
import leat.ml.training.algorithm.ExportedModel;
import leat.ml.training.algorithm.Rows;

/// The newest version that has passed, asked for the test rows of the one that is made.
final class VersionBefore {

    private final ModelVersion version;
    private final byte[] onnx;
    private final double threshold;

    /// @param threshold from which of its scores on a row is an alarm
    VersionBefore(ModelVersion version, byte[] onnx, double threshold) {
        this.version = version;
        this.onnx = onnx;
        this.threshold = threshold;
    }

    int number() {
        return version.info().number();
    }

    double threshold() {
        return threshold;
    }

    /// Whether it says what it takes and which of its outputs is the score.
    static boolean isKnown(ModelVersion version) {
        return version.tags().containsKey(ModelVersion.FEATURES_TAG)
                && version.tags().containsKey(ModelVersion.SCORE_TAG);
    }

    /// The rows as it takes them; empty where it takes what they do not have.
    Optional<Rows> rows(Rows test) {
        List<String> features = version.features();
        int[] places = features.stream().mapToInt(test.features()::indexOf).toArray();
        for (int place : places) {
            if (place < 0) {
                return Optional.empty();
            }
        }
        Rows.Builder rows = test.hasLabels() ? Rows.labelled(features) : Rows.of(features);
        float[] values = new float[places.length];
        for (int row = 0; row < test.size(); row++) {
            for (int i = 0; i < places.length; i++) {
                values[i] = test.value(row, places[i]);
            }
            rows.add(values, test.hasLabels() ? test.label(row) : 0);
        }
        return Optional.of(rows.build());
    }

    ExportedModel open() {
        return ExportedModel.open(onnx, OutputValue.parse(tag(ModelVersion.SCORE_TAG)));
    }

    private String tag(String key) {
        return version.tags().getOrDefault(key, "");
    }

    /// How many of the first test rows it may have learned from.
    int known(Dataset dataset, int testFrom) {
        Optional<Instant> end = end();
        int row = testFrom;
        while (end.isPresent()
                && row < dataset.rows().size()
                && !dataset.time(row).isAfter(end.get())) {
            row++;
        }
        return end.isPresent() ? row - testFrom : dataset.rows().size() - testFrom;
    }

    /// The query time of its newest row.
    private Optional<Instant> end() {
        try {
            return Optional.of(Instant.parse(tag(ModelVersion.TO_TAG)));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    /// How much older its data are.
    double hoursBehind(Instant newest) {
        return end().map(end -> Duration.between(end, newest).toMillis() / 3.6e6).orElse(0.0);
    }

    /// Metrics by their names behind a prefix, those that tell how good scores are.
    static SequencedMap<String, Double> prefixed(Map<String, Double> metrics, String prefix) {
        SequencedMap<String, Double> prefixed = new LinkedHashMap<>();
        metrics.forEach((key, value) -> prefixed.put(prefix + key, value));
        prefixed.remove(prefix + "threshold");
        return prefixed;
    }
}

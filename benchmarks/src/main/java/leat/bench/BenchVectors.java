package leat.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import leat.core.event.Names;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureView;
import leat.ml.featurestore.FeatureStore;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The vectors of a view in the log, written by the feature store, and what the [Autoencoder] has
/// to say of each: the two are read and asked apart from what is measured.
final class BenchVectors {

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /// Batches of another size give other last bits.
    private static final double TOLERANCE = 1e-4;

    private static final JsonMapper JSON = new JsonMapper();

    private final Workbench bench;
    private final Names names;
    private final CompiledView view;
    private final Map<TopicPartition, Long> last;

    /// Of each partition, in their order.
    private final Map<Integer, List<Vector>> vectors = new TreeMap<>();

    private final Map<Integer, float[]> scores = new HashMap<>();

    private BenchVectors(Workbench bench, BenchViews views) {
        this.bench = bench;
        this.names = views.names();
        this.view = views.flows().getFirst().compiled();
        this.last = views.lastEvents(topic());
    }

    private static final class Vector {
        private final long offset;
        private final float[] features;

        Vector(long offset, float[] features) {
            this.offset = offset;
            this.features = features;
        }
    }

    /// Makes events, has them enriched, and a view computed of them.
    static BenchVectors fill(Workbench bench, Names names, FeatureView view) {
        bench.createTopics(names);
        long _ = Filling.enriched(bench, names, BenchEvents.of(bench.generator(), bench.events()));
        BenchViews views = BenchViews.prepare(bench, names, List.of(view));
        try (FeatureStore _ = views.start("1", bench.folder().resolve(names.prefix() + "-views"))) {
            views.await(views.lastEvents(), 1, PATIENCE);
        }
        BenchVectors vectors = new BenchVectors(bench, views);
        vectors.read();
        return vectors;
    }

    private void read() {
        List<String> features = Autoencoder.features(view);
        Filling.forEach(
                bench,
                topic(),
                record ->
                        vectors.computeIfAbsent(record.partition(), _ -> new ArrayList<>())
                                .add(
                                        new Vector(
                                                record.offset(),
                                                row(JSON.readTree(record.value()), features))));
        try (BareOnnx bare = BareOnnx.open()) {
            vectors.forEach((partition, own) -> {
                List<float[]> rows = own.stream().map(vector -> vector.features).toList();
                scores.put(partition, bare.scores(rows));
            });
        }
    }

    /// What a model is given of an object; NaN for what it lacks.
    static float[] row(JsonNode object, List<String> names) {
        float[] row = new float[names.size()];
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) object.path(names.get(i)).asDouble(Double.NaN);
        }
        return row;
    }

    CompiledView view() {
        return view;
    }

    String topic() {
        return names.vectors(view.contract());
    }

    /// The offsets behind the last vectors of the partitions.
    Map<TopicPartition, Long> last() {
        return last;
    }

    long count() {
        return vectors.values().stream().mapToLong(List::size).sum();
    }

    /// The features of all of them, those of a partition together.
    List<float[]> rows() {
        return vectors.values().stream()
                .flatMap(List::stream)
                .map(vector -> vector.features)
                .toList();
    }

    /// The features of the first ones that have them all, at most so many.
    List<float[]> complete(int most) {
        return rows().stream().filter(BenchVectors::isComplete).limit(most).toList();
    }

    private static boolean isComplete(float[] row) {
        for (float value : row) {
            if (Float.isNaN(value)) {
                return false;
            }
        }
        return true;
    }

    /// Reads predictions.
    ///
    /// @throws IllegalStateException when they are not just one of each vector, in their order,
    ///   with the score that ONNX Runtime alone gives
    void requireScored(String predictions) {
        Map<Integer, Integer> seen = new HashMap<>();
        Filling.forEach(
                bench,
                predictions,
                record -> {
                    int at = seen.merge(record.partition(), 1, Integer::sum) - 1;
                    requireScored(record, at);
                });
        long all = seen.values().stream().mapToLong(Integer::longValue).sum();
        if (all != count()) {
            throw new IllegalStateException(all + " of " + count() + " vectors were scored");
        }
    }

    private void requireScored(ConsumerRecord<byte[], byte[]> record, int at) {
        List<Vector> own = vectors.getOrDefault(record.partition(), List.of());
        JsonNode prediction = JSON.readTree(record.value());
        String expected =
                at < own.size() ? "/" + record.partition() + "@" + own.get(at).offset : "nothing";
        if (!prediction.path("vector").asString("").endsWith(expected)) {
            throw new IllegalStateException(
                    "lost, doubled or out of order: " + prediction + " instead of " + expected);
        }
        float[] said = scores.getOrDefault(record.partition(), new float[0]);
        if (!agree(prediction.path(Autoencoder.OUTPUT).asDouble(Double.NaN), said[at])) {
            throw new IllegalStateException(prediction + " should have the score " + said[at]);
        }
    }

    /// Whether two scores differ by rounding alone.
    static boolean agree(double score, double expected) {
        return Math.abs(score - expected) <= TOLERANCE * Math.max(1, Math.abs(expected));
    }
}

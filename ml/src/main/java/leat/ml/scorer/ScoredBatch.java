package leat.ml.scorer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import leat.core.event.EventHeaders;
import leat.core.model.ModelReference;
import leat.core.prediction.Lineup;
import leat.core.prediction.PredictionRole;
import leat.core.prediction.Scoring;
import leat.core.scoring.OutputValue;
import leat.core.scoring.Predicted;
import leat.core.scoring.PredictionRequest;
import leat.ml.scorer.VectorReading.Read;
import leat.ml.scoring.ReadyModels;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/// A batch of vectors as one line-up scores it: each version is asked once, for all vectors that it
/// predicts of.
final class ScoredBatch {

    /// A consumer that does not poll for five minutes is put out of its group, and one run more may
    /// take two.
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final Scoring scoring;
    private final String name;
    private final Lineup lineup;
    private final PredictionRecords records;
    private final List<Read> vectors;

    /// Who predicts of each vector.
    private final List<List<Place>> predicting;

    /// Who predicts, by who answers: that one first, then the shadows.
    private final Map<Lineup.Answering, List<Place>> places = new HashMap<>();

    private final List<Place> shadows;
    private final Map<String, Asked> asked = new LinkedHashMap<>();

    ScoredBatch(Scoring scoring, Lineup lineup, PredictionRecords records, List<Read> vectors) {
        this.scoring = scoring;
        this.name = records.scoring();
        this.lineup = lineup;
        this.records = records;
        this.vectors = vectors;
        this.predicting = new ArrayList<>(vectors.size());
        this.shadows =
                lineup.shadows().stream()
                        .map(shadow -> new Lineup.Answering(shadow, PredictionRole.SHADOW))
                        .map(this::place)
                        .toList();
        for (Read vector : vectors) {
            predicting.add(
                    switch (vector) {
                        case Read.Complete complete -> predicting(complete.subject().entity());
                        case Read.Lacking lacking -> predicting(lacking.subject().entity());
                        case Read.Unreadable _ -> List.of();
                    });
        }
    }

    /// A version, the vectors that it is asked for, and what it says of them, by the vectors'
    /// places in the batch.
    private static final class Asked {
        private final String version;
        private final int[] vectors;
        private int count;
        private final @Nullable Predicted[] said;
        private int rows;
        private long nanos;
        private boolean told;

        Asked(String version, int size) {
            this.version = version;
            this.vectors = new int[size];
            this.said = new @Nullable Predicted[size];
        }

        void took(int asked, long sinceNanos) {
            rows = asked;
            nanos = System.nanoTime() - sinceNanos;
            ModelTimes.took(version, rows, nanos);
        }

        /// How long it took, once: it is about the batch.
        Optional<byte[]> took() {
            if (told || rows == 0) {
                return Optional.empty();
            }
            told = true;
            return Optional.of((rows + "/" + nanos).getBytes(UTF_8));
        }

        /// A version may be in several places.
        void add(int vector) {
            if (count == 0 || vectors[count - 1] != vector) {
                vectors[count++] = vector;
            }
        }
    }

    /// Who predicts in one place, and how often it did.
    private static final class Place {
        private final PredictionRecords.Author author;
        private final Asked asked;
        private int predictions;
        private int failed;

        Place(PredictionRecords.Author author, Asked asked) {
            this.author = author;
            this.asked = asked;
        }
    }

    private Place place(Lineup.Answering answering) {
        String version = answering.standing().version();
        return new Place(
                records.by(answering),
                asked.computeIfAbsent(version, _ -> new Asked(version, vectors.size())));
    }

    private List<Place> predicting(String entity) {
        return places.computeIfAbsent(
                lineup.answering(name, entity),
                answering -> {
                    List<Place> all = new ArrayList<>();
                    all.add(place(answering));
                    all.addAll(shadows);
                    return all;
                });
    }

    /// Asks the versions; those that learn as they score learn from all vectors.
    ///
    /// @param timeout of a run of a model
    void ask(ReadyModels.Ready models, PartitionLearners learners, Duration timeout) {
        learners.versions()
                .forEach(version ->
                        asked.computeIfAbsent(version, _ -> new Asked(version, vectors.size())));
        for (int i = 0; i < vectors.size(); i++) {
            if (vectors.get(i) instanceof Read.Complete) {
                for (Place place : predicting.get(i)) {
                    place.asked.add(i);
                }
            }
        }
        long begunNanos = System.nanoTime();
        for (Asked one : asked.values()) {
            Duration left = LONGEST.minusNanos(System.nanoTime() - begunNanos);
            PartitionLearner learner = learners.of(one.version);
            if (learner != null) {
                learn(one, learner);
            } else if (one.count > 0) {
                ask(one, models, timeout, left);
            }
        }
    }

    private void learn(Asked one, PartitionLearner learner) {
        long begunNanos = System.nanoTime();
        List<String> features = scoring.features();
        List<OutputValue> outputs = scoring.wanted();
        int next = 0;
        int learned = 0;
        for (int i = 0; i < vectors.size(); i++) {
            boolean wanted = next < one.count && one.vectors[next] == i;
            next += wanted ? 1 : 0;
            if (vectors.get(i) instanceof Read.Complete complete) {
                learned++;
                if (wanted) {
                    one.said[i] = records.fitting(learner.scored(features, complete, outputs));
                } else {
                    learner.learn(features, complete);
                }
            }
        }
        one.took(learned, begunNanos);
    }

    private void ask(Asked one, ReadyModels.Ready models, Duration timeout, Duration all) {
        List<List<Object>> rows = new ArrayList<>(one.count);
        for (int i = 0; i < one.count; i++) {
            rows.add(((Read.Complete) vectors.get(one.vectors[i])).features());
        }
        long begunNanos = System.nanoTime();
        List<Predicted> answers =
                models.predict(
                        one.version,
                        new PredictionRequest(
                                ModelReference.parse(one.version),
                                scoring.features(),
                                rows,
                                scoring.wanted(),
                                timeout),
                        all);
        one.took(rows.size(), begunNanos);
        for (int i = 0; i < rows.size(); i++) {
            one.said[one.vectors[i]] = records.fitting(answers.get(i));
        }
    }

    /// Adds the records of the predictions of a vector.
    void write(int vector, List<ProducerRecord<byte[], byte[]>> emitted) {
        switch (vectors.get(vector)) {
            case Read.Complete complete -> {
                for (Place place : predicting.get(vector)) {
                    Predicted predicted = Objects.requireNonNull(place.asked.said[vector]);
                    count(place, predicted);
                    ProducerRecord<byte[], byte[]> record =
                            place.author.record(complete.source(), complete.subject(), predicted);
                    place.asked
                            .took()
                            .ifPresent(took -> record.headers().add(EventHeaders.MODEL_TOOK, took));
                    emitted.add(record);
                }
            }
            case Read.Lacking lacking -> {
                Predicted failed = new Predicted.Failed(lacking.why());
                for (Place place : predicting.get(vector)) {
                    count(place, failed);
                    emitted.add(place.author.record(lacking.source(), lacking.subject(), failed));
                }
            }
            case Read.Unreadable _ -> {}
        }
    }

    private static void count(Place place, Predicted predicted) {
        place.predictions++;
        place.failed += predicted instanceof Predicted.Failed ? 1 : 0;
    }

    /// Counts what was written.
    void count(ScorerMetrics metrics) {
        places.values().forEach(all -> count(all.getFirst(), metrics));
        shadows.forEach(shadow -> count(shadow, metrics));
    }

    private static void count(Place place, ScorerMetrics metrics) {
        metrics.predicted(place.author.answering(), place.predictions, place.failed);
    }
}

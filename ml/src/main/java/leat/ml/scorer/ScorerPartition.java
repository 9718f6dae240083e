package leat.ml.scorer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import leat.core.event.Names;
import leat.core.model.ModelReference;
import leat.core.outcome.Reason;
import leat.core.prediction.Lineup;
import leat.core.prediction.PredictionJson;
import leat.core.prediction.PredictionRole;
import leat.core.prediction.Scoring;
import leat.core.prediction.Standing;
import leat.core.prediction.Term;
import leat.core.scoring.Predicted;
import leat.core.scoring.PredictionRequest;
import leat.ml.scorer.VectorReading.Read;
import leat.ml.scoring.ReadyModels;
import leat.stream.log.AssignedPartition;
import leat.stream.log.Counts;
import leat.stream.log.Emissions;
import leat.stream.log.OncePerMinute;
import leat.stream.log.PartitionBatch;
import leat.stream.log.PartitionProcessor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Scores one partition of vectors. A batch is scored by one line-up; where that is another one
/// than before, the batch begins with a term, which is committed with the predictions.
final class ScorerPartition implements PartitionProcessor {

    private static final Logger LOG = LoggerFactory.getLogger(ScorerPartition.class);
    private static final OncePerMinute UNREADABLE_TOLD = new OncePerMinute();

    private final Scoring scoring;
    private final ReadyModels models;
    private final Duration timeout;
    private final VectorReading reading;
    private final PredictionRecords records;
    private final TermRecords terms;
    private final ScorerMetrics metrics;
    private final String name;

    /// Of the last committed term; null before the first.
    private @Nullable Lineup lineup;

    private @Nullable Lineup begun;
    private final List<Made> inFlight = new ArrayList<>();
    private int unreadableInFlight;

    /// @param committed the line-up of the last term that is in the log
    ScorerPartition(
            Names names, Work work, AssignedPartition assigned, Optional<Lineup> committed) {
        this.scoring = work.scoring();
        this.models = work.models();
        this.timeout = work.timeout();
        this.name = scoring.nameAndVersion();
        this.reading = new VectorReading(scoring, assigned.topicId());
        this.records = new PredictionRecords(names, scoring);
        this.terms = new TermRecords(names.scoring());
        this.metrics = new ScorerMetrics(name);
        this.lineup = committed.orElse(null);
    }

    /// What is to be done, and by whom.
    ///
    /// @param timeout of a run of a model
    record Work(Scoring scoring, ReadyModels models, Duration timeout) {}

    /// A prediction that was made.
    private record Made(Lineup.Answering by, Predicted predicted) {}

    /// A model may take minutes: the stage stays in its group meanwhile.
    @Override
    public boolean waits() {
        return true;
    }

    @Override
    public Emissions process(PartitionBatch batch) {
        if (batch.records().isEmpty()) {
            return new Emissions(List.of(), Counts.NONE);
        }
        return score(
                batch.records().getFirst(), batch.records().stream().map(reading::read).toList());
    }

    private Emissions score(ConsumerRecord<byte[], byte[]> first, List<Read> vectors) {
        try (ReadyModels.Ready ready =
                models.enter().orElseThrow(() -> new IllegalStateException(models.absence()))) {
            Lineup now = Lineup.of(scoring, ready.standings()).orElseThrow();
            List<ProducerRecord<byte[], byte[]>> emitted = new ArrayList<>();
            if (!now.equals(lineup)) {
                begun = now;
                emitted.add(terms.of(new Term(name, reading.position(first), now)));
            }
            emit(now, vectors, predictions(now, vectors, ready), emitted);
            return new Emissions(
                    emitted,
                    new Counts(vectors.size() - unreadableInFlight, unreadableInFlight, 0));
        }
    }

    /// What each version says, by the places of the vectors: one run a version.
    private Map<String, Map<Integer, Predicted>> predictions(
            Lineup now, List<Read> vectors, ReadyModels.Ready ready) {
        Map<String, List<Integer>> asked = new HashMap<>();
        for (int place = 0; place < vectors.size(); place++) {
            if (vectors.get(place) instanceof Read.Complete complete) {
                for (String version : versions(now, complete.subject().entity())) {
                    asked.computeIfAbsent(version, _ -> new ArrayList<>()).add(place);
                }
            }
        }
        Map<String, Map<Integer, Predicted>> said = new HashMap<>();
        asked.forEach((version, places) -> {
            List<List<Object>> rows =
                    places.stream()
                            .map(place -> ((Read.Complete) vectors.get(place)).features())
                            .toList();
            List<Predicted> answers =
                    ready.predict(
                            version,
                            new PredictionRequest(
                                    ModelReference.parse(version),
                                    scoring.features(),
                                    rows,
                                    scoring.wanted(),
                                    timeout));
            Map<Integer, Predicted> byPlace = new HashMap<>();
            for (int i = 0; i < places.size(); i++) {
                byPlace.put(places.get(i), records.fitting(answers.get(i)));
            }
            said.put(version, byPlace);
        });
        return said;
    }

    /// Who predicts of an entity, each once.
    private List<String> versions(Lineup now, String entity) {
        List<String> versions = new ArrayList<>();
        versions.add(now.answering(name, entity).standing().version());
        for (Standing shadow : now.shadows()) {
            if (!versions.contains(shadow.version())) {
                versions.add(shadow.version());
            }
        }
        return versions;
    }

    private void emit(
            Lineup now,
            List<Read> vectors,
            Map<String, Map<Integer, Predicted>> said,
            List<ProducerRecord<byte[], byte[]>> emitted) {
        for (int place = 0; place < vectors.size(); place++) {
            switch (vectors.get(place)) {
                case Read.Complete(
                                ConsumerRecord<byte[], byte[]> record,
                                PredictionJson.Subject subject,
                                List<Object> _) -> {
                    int at = place;
                    for (Lineup.Answering by : predicting(now, subject.entity())) {
                        Predicted predicted =
                                Objects.requireNonNull(
                                        said.getOrDefault(by.standing().version(), Map.of())
                                                .get(at));
                        inFlight.add(new Made(by, predicted));
                        emitted.add(records.of(record, subject, by, predicted));
                    }
                }
                case Read.Lacking(
                                ConsumerRecord<byte[], byte[]> record,
                                PredictionJson.Subject subject,
                                String why) -> {
                    Predicted failed = new Predicted.Failed(why);
                    for (Lineup.Answering by : predicting(now, subject.entity())) {
                        inFlight.add(new Made(by, failed));
                        emitted.add(records.of(record, subject, by, failed));
                    }
                }
                case Read.Unreadable(String why) -> unreadable(why);
            }
        }
    }

    /// Who predicts of an entity, the one that answers first.
    private List<Lineup.Answering> predicting(Lineup now, String entity) {
        List<Lineup.Answering> all = new ArrayList<>();
        all.add(now.answering(name, entity));
        now.shadows()
                .forEach(shadow -> all.add(new Lineup.Answering(shadow, PredictionRole.SHADOW)));
        return all;
    }

    private void unreadable(String why) {
        unreadableInFlight++;
        if (UNREADABLE_TOLD.isDue()) {
            LOG.atError()
                    .addKeyValue("scoring", name)
                    .addKeyValue("reason", why)
                    .log("A record of a topic of vectors is none");
        }
    }

    /// A prediction that failed takes its place; where that is too large too, the vector stands
    /// without one.
    @Override
    public Emissions poison(
            ConsumerRecord<byte[], byte[]> record, Reason reason, boolean keepPayload) {
        if (!keepPayload) {
            unreadable(reason.message());
            return new Emissions(List.of(), new Counts(0, 1, 0));
        }
        Read failed =
                switch (reading.read(record)) {
                    case Read.Complete(
                                    ConsumerRecord<byte[], byte[]> vector,
                                    PredictionJson.Subject subject,
                                    List<Object> _) ->
                            new Read.Lacking(vector, subject, reason.message());
                    case Read.Lacking lacking -> lacking;
                    case Read.Unreadable none -> none;
                };
        return score(record, List.of(failed));
    }

    @Override
    public void committed(long offset) {
        if (begun != null) {
            lineup = begun;
            metrics.swap();
            LOG.atInfo()
                    .addKeyValue("scoring", name)
                    .addKeyValue("versions", lineup.versions())
                    .log("Other versions predict from here on");
        }
        inFlight.forEach(made -> metrics.predicted(made.by(), made.predicted()));
        for (int i = 0; i < unreadableInFlight; i++) {
            metrics.unreadable();
        }
        forget();
    }

    @Override
    public void aborted() {
        forget();
    }

    private void forget() {
        begun = null;
        inFlight.clear();
        unreadableInFlight = 0;
    }

    @Override
    public void close() {
        forget();
    }
}

package leat.ml.scorer;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import leat.core.event.Names;
import leat.core.outcome.Reason;
import leat.core.prediction.Lineup;
import leat.core.prediction.PredictionJson;
import leat.core.prediction.Scoring;
import leat.core.prediction.Term;
import leat.ml.scorer.VectorReading.Read;
import leat.ml.scoring.ReadyModels;
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
    private final boolean ofSet;
    private final PredictionRecords records;
    private final TermRecords terms;
    private final ScorerMetrics metrics;
    private final PartitionLearners learners;
    private final String name;

    /// Of the last committed term; null before the first.
    private @Nullable Lineup lineup;

    private @Nullable Lineup begun;
    private @Nullable ScoredBatch inFlight;
    private int unreadableInFlight;

    /// @param reading of the partition's vectors; closed with this
    /// @param committed the line-up of the last term that is in the log
    /// @param restored what its versions have learned
    ScorerPartition(
            Names names,
            Work work,
            VectorReading reading,
            Optional<Lineup> committed,
            PartitionLearners.Restored restored) {
        this.scoring = work.scoring();
        this.models = work.models();
        this.timeout = work.timeout();
        this.name = scoring.nameAndVersion();
        this.reading = reading;
        this.ofSet = !scoring.beside().isEmpty();
        this.records = new PredictionRecords(names, scoring);
        this.terms = new TermRecords(names.scoring());
        this.metrics = new ScorerMetrics(name);
        this.learners =
                new PartitionLearners(
                        scoring, names, work.pace(), InstantSource.system(), restored);
        this.lineup = committed.orElse(null);
    }

    /// What is to be done, and by whom.
    ///
    /// @param timeout of a run of a model
    record Work(
            Scoring scoring, ReadyModels models, Duration timeout, PartitionLearners.Pace pace) {}

    /// For the vectors of a set's other views.
    @Override
    public boolean waits() {
        return ofSet;
    }

    @Override
    public Emissions process(PartitionBatch batch) {
        if (batch.records().isEmpty()) {
            return new Emissions(List.of(), Counts.NONE);
        }
        List<Read> vectors = reading.read(batch.records());
        return score(batch.records().getFirst(), vectors, batch.end(), false);
    }

    /// @param end the offset behind the vectors
    /// @param keep whether what is learned is written in any case
    private Emissions score(
            ConsumerRecord<byte[], byte[]> first, List<Read> vectors, long end, boolean keep) {
        try (ReadyModels.Ready ready =
                models.enter().orElseThrow(() -> new IllegalStateException(models.absence()))) {
            Lineup now = Lineup.of(scoring, ready.standings()).orElseThrow();
            List<ProducerRecord<byte[], byte[]>> emitted = new ArrayList<>(vectors.size() + 1);
            if (!now.equals(lineup)) {
                begun = now;
                emitted.add(terms.of(new Term(name, reading.position(first), now)));
            }
            ScoredBatch batch = new ScoredBatch(scoring, now, records, vectors);
            learners.begin(ready, now.versions(), reading.position(first), emitted);
            batch.ask(ready, learners, timeout);
            for (int i = 0; i < vectors.size(); i++) {
                batch.write(i, emitted);
                if (vectors.get(i) instanceof Read.Unreadable(String why)) {
                    unreadable(why);
                }
            }
            learners.end(end, keep, emitted);
            inFlight = batch;
            return new Emissions(
                    emitted,
                    new Counts(vectors.size() - unreadableInFlight, unreadableInFlight, 0));
        }
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
        if (!keepPayload && learners.isEmpty()) {
            unreadable(reason.message());
            return new Emissions(List.of(), new Counts(0, 1, 0));
        }
        Read failed = keepPayload ? failed(record, reason) : new Read.Unreadable(reason.message());
        // A restart would learn from it, so that it must not come to read it again.
        return score(record, List.of(failed), record.offset() + 1, true);
    }

    private Read failed(ConsumerRecord<byte[], byte[]> record, Reason reason) {
        return switch (reading.read(List.of(record)).getFirst()) {
            case Read.Complete(
                            VectorSource vector,
                            PredictionJson.Subject subject,
                            List<Object> _) ->
                    new Read.Lacking(vector, subject, reason.message());
            case Read.Lacking lacking -> lacking;
            case Read.Unreadable none -> none;
        };
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
        if (inFlight != null) {
            inFlight.count(metrics);
        }
        metrics.unreadable(unreadableInFlight);
        metrics.checkpoints(learners.committed());
        forget();
    }

    @Override
    public void aborted() {
        learners.aborted();
        forget();
    }

    private void forget() {
        begun = null;
        inFlight = null;
        unreadableInFlight = 0;
    }

    @Override
    public void close() {
        learners.aborted();
        forget();
        reading.close();
    }
}

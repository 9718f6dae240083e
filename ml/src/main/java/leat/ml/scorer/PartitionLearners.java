package leat.ml.scorer;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import leat.core.event.Names;
import leat.core.event.Position;
import leat.core.prediction.Scoring;
import leat.ml.online.OnlineModel;
import leat.ml.scoring.ReadyModels;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/// What the versions of a line-up learn from one partition of vectors, those among them that learn
/// as they score. A version begins as it was registered with the first batch whose line-up has it,
/// and ends with the first whose line-up has it no more; meanwhile it learns from every vector,
/// whoever predicts of it. For one thread.
final class PartitionLearners {

    private final Scoring scoring;
    private final CheckpointRecords records;
    private final Pace pace;
    private final InstantSource clock;

    private Map<String, PartitionLearner> committed;
    private Map<String, PartitionLearner> current;

    /// In the log and of nobody any more; taken away with the next batch.
    private List<Checkpoint> ended;

    /// Some of what is in the log is not what is known here.
    private boolean due;

    /// Whether the batch in flight has begun.
    private boolean begun;

    private long writtenMillis;
    private int checkpointsInFlight;

    /// When checkpoints are written.
    ///
    /// @param vectors the most that are learned from between two
    /// @param interval the longest time between two, where there is something to keep
    record Pace(int vectors, Duration interval) {}

    PartitionLearners(
            Scoring scoring, Names names, Pace pace, InstantSource clock, Restored restored) {
        this.scoring = scoring;
        this.records = new CheckpointRecords(names);
        this.pace = pace;
        this.clock = clock;
        this.committed = restored.learners();
        this.current = committed;
        this.ended = restored.ended();
        this.due = restored.due();
        this.writtenMillis = clock.millis();
    }

    /// What the log has of a partition's learners.
    ///
    /// @param ended checkpoints that are of no use any more
    /// @param due whether new ones are to be written with the first batch
    record Restored(Map<String, PartitionLearner> learners, List<Checkpoint> ended, boolean due) {
        static final Restored NOTHING = new Restored(Map.of(), List.of(), false);

        Restored {
            learners = Map.copyOf(learners);
            ended = List.copyOf(ended);
        }
    }

    /// Begins a batch.
    ///
    /// @param versions of the line-up that scores it
    /// @param first the position of its first vector
    /// @param emitted gets the places of those that begin, and takes those away that end
    void begin(
            ReadyModels.Ready ready,
            Set<String> versions,
            Position first,
            List<ProducerRecord<byte[], byte[]>> emitted) {
        begun = true;
        Map<String, PartitionLearner> next = new LinkedHashMap<>();
        List<Checkpoint> gone = new ArrayList<>(ended);
        committed.forEach((version, learner) -> {
            Optional<OnlineModel> now =
                    versions.contains(version) ? ready.online(version) : Optional.empty();
            if (now.map(OnlineModel::fingerprint)
                    .filter(learner.model().fingerprint()::equals)
                    .isPresent()) {
                next.put(version, learner);
            } else {
                learner.checkpoint().ifPresent(gone::add);
            }
        });
        for (Checkpoint one : gone) {
            emitted.add(records.deleted(one));
            emitted.addAll(records.deletedChunks(one, 0));
        }
        for (String version : versions) {
            Optional<OnlineModel> model = ready.online(version);
            if (model.isPresent() && !next.containsKey(version)) {
                PartitionLearner fresh = PartitionLearner.begin(version, model.get(), first);
                emitted.add(
                        records.of(fresh.begun(scoring.nameAndVersion(), scoring.nanForMissing())));
                next.put(version, fresh);
            }
        }
        current = next;
    }

    /// Whether nobody learns.
    boolean isEmpty() {
        return committed.isEmpty();
    }

    /// Those of the batch in flight.
    Collection<String> versions() {
        return current.keySet();
    }

    /// What a version learns; null where it does not.
    @Nullable PartitionLearner of(String version) {
        return current.get(version);
    }

    /// Ends a batch.
    ///
    /// @param at the offset behind it
    /// @param all whether what was learned must be in the log now
    /// @param emitted gets the checkpoints that are due
    void end(long at, boolean all, List<ProducerRecord<byte[], byte[]>> emitted) {
        long nowMillis = clock.millis();
        boolean late = nowMillis - writtenMillis >= pace.interval().toMillis();
        for (PartitionLearner learner : current.values()) {
            int pending = learner.pending();
            if (due || all || pending >= pace.vectors() || (late && pending > 0)) {
                emitted.add(
                        records.of(
                                learner.keep(
                                        scoring.nameAndVersion(),
                                        scoring.nanForMissing(),
                                        at,
                                        nowMillis)));
                emitted.addAll(learner.chunks(records));
                checkpointsInFlight++;
            }
        }
    }

    /// The batch in flight is in the log.
    ///
    /// @return how many checkpoints with it
    int committed() {
        if (!begun) {
            return 0;
        }
        begun = false;
        current.values().forEach(PartitionLearner::committed);
        committed = current;
        ended = List.of();
        due = false;
        int checkpoints = checkpointsInFlight;
        if (checkpoints > 0) {
            writtenMillis = clock.millis();
        }
        checkpointsInFlight = 0;
        return checkpoints;
    }

    void aborted() {
        committed.values().forEach(PartitionLearner::aborted);
        current = committed;
        begun = false;
        checkpointsInFlight = 0;
    }
}

package leat.ml.scorer;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import leat.core.event.Position;
import leat.core.scoring.ModelFailed;
import leat.core.scoring.OutputValue;
import leat.core.scoring.Predicted;
import leat.ml.online.Learner;
import leat.ml.online.OnlineModel;
import leat.ml.online.OnlineRow;
import leat.ml.scorer.VectorReading.Read;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/// What one version learns from one partition of vectors. It keeps the state of its last checkpoint
/// and the rows since: where a batch is given up, what it was before is made again from these,
/// since a state cannot be taken back. For one thread.
final class PartitionLearner {

    private final String version;
    private final OnlineModel model;
    private final Position since;

    /// In the log, and what it says of the state; null before the first is committed.
    private @Nullable Checkpoint committed;

    /// The state that `committed` speaks of; null where that is as registered.
    private byte @Nullable [] state;

    /// Learned from since then, and committed.
    private final List<OnlineRow> rows = new ArrayList<>();

    /// Learned from in the batch in flight.
    private final List<OnlineRow> inFlight = new ArrayList<>();

    private long lackingOffsets;

    /// Null where it has to be made again.
    private @Nullable Learner learner;

    private @Nullable Checkpoint written;
    private byte @Nullable [] writtenState;

    private PartitionLearner(String version, OnlineModel model, Position since) {
        this.version = version;
        this.model = model;
        this.since = since;
    }

    /// One that has learned nothing here.
    static PartitionLearner begin(String version, OnlineModel model, Position since) {
        return new PartitionLearner(version, model, since);
    }

    /// One that was at a checkpoint.
    ///
    /// @param state null where it is as registered
    /// @throws IllegalArgumentException when the state is none of the model's
    static PartitionLearner at(Checkpoint checkpoint, OnlineModel model, byte @Nullable [] state) {
        PartitionLearner at = new PartitionLearner(checkpoint.version(), model, checkpoint.since());
        at.committed = checkpoint;
        at.state = state;
        at.lackingOffsets = checkpoint.lackingOffsets();
        at.learner = at.again();
        return at;
    }

    OnlineModel model() {
        return model;
    }

    Optional<Checkpoint> checkpoint() {
        return Optional.ofNullable(committed);
    }

    /// How many rows came since the last checkpoint.
    int pending() {
        return rows.size() + inFlight.size();
    }

    /// There are vectors that it never sees.
    void lacks(long offsets) {
        lackingOffsets += offsets;
    }

    /// Learns again from a vector that was committed.
    void replay(List<String> features, Read.Complete vector) {
        try {
            OnlineRow row = row(features, vector);
            learner().learn(row);
            rows.add(row);
        } catch (ModelFailed _) {
            // Its prediction says so.
        }
    }

    /// What it says of a vector, from which it then learns.
    Predicted scored(List<String> features, Read.Complete vector, List<OutputValue> wanted) {
        try {
            OnlineRow row = row(features, vector);
            Learner asked = learner();
            inFlight.add(row);
            return new Predicted.Values(model.wanted(wanted, asked.sayAndLearn(row)), version);
        } catch (ModelFailed e) {
            return new Predicted.Failed(String.valueOf(e.getMessage()));
        }
    }

    /// Learns from a vector that it does not predict of.
    void learn(List<String> features, Read.Complete vector) {
        try {
            OnlineRow row = row(features, vector);
            Learner learning = learner();
            inFlight.add(row);
            learning.learn(row);
        } catch (ModelFailed _) {
            // Whoever predicts of the vector says what is wrong with it.
        }
    }

    private OnlineRow row(List<String> features, Read.Complete vector) {
        return model.row(
                vector.subject().entity(),
                Math.floorDiv(vector.subject().queryMicros(), 1_000),
                features,
                vector.features());
    }

    private Learner learner() {
        Learner now = learner;
        if (now == null) {
            now = again();
            rows.forEach(now::learn);
            inFlight.forEach(now::learn);
            learner = now;
        }
        return now;
    }

    private Learner again() {
        return state == null ? model.begin() : model.restore(state);
    }

    /// Its place in the log before it has learned anything.
    Checkpoint begun(String scoring, boolean nanForMissing) {
        Checkpoint begun =
                checkpoint(scoring, nanForMissing, since.offset(), Checkpoint.State.AS_REGISTERED);
        written = begun;
        return begun;
    }

    /// Has what it has learned written, with the batch in flight.
    ///
    /// @param at the offset behind the batch
    Checkpoint keep(String scoring, boolean nanForMissing, long at, long nowMillis) {
        byte[] bytes = learner().state();
        Checkpoint kept =
                checkpoint(scoring, nanForMissing, at, CheckpointRecords.state(bytes, nowMillis));
        written = kept;
        writtenState = bytes;
        return kept;
    }

    /// The chunks of what [#keep] was asked for, with what they replace.
    List<ProducerRecord<byte[], byte[]>> chunks(CheckpointRecords records) {
        Checkpoint kept = Objects.requireNonNull(written);
        List<ProducerRecord<byte[], byte[]>> chunks =
                new ArrayList<>(records.chunks(kept, Objects.requireNonNull(writtenState)));
        if (committed != null) {
            chunks.addAll(records.deletedChunks(committed, kept.state().chunks()));
        }
        return chunks;
    }

    private Checkpoint checkpoint(
            String scoring, boolean nanForMissing, long at, Checkpoint.State kept) {
        return new Checkpoint(
                scoring,
                version,
                since,
                at,
                model.fingerprint(),
                nanForMissing,
                lackingOffsets,
                kept);
    }

    /// The batch in flight is in the log, with what was written of it.
    void committed() {
        rows.addAll(inFlight);
        inFlight.clear();
        if (written != null) {
            committed = written;
            if (writtenState != null) {
                state = writtenState;
                rows.clear();
            }
        }
        written = null;
        writtenState = null;
    }

    /// The batch in flight never was.
    void aborted() {
        if (!inFlight.isEmpty()) {
            inFlight.clear();
            learner = null;
        }
        written = null;
        writtenState = null;
    }
}

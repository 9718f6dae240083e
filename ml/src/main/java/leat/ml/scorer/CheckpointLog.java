package leat.ml.scorer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import leat.core.event.Names;
import leat.core.prediction.Scoring;
import leat.ml.online.OnlineModel;
import leat.ml.scorer.VectorReading.Read;
import leat.ml.scoring.ReadyModels;
import leat.stream.log.AssignedPartition;
import leat.stream.log.LogReader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the log has of what versions have learned from a partition: the checkpoints, and the
/// vectors since then, from which they learn again without a prediction.
final class CheckpointLog {

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointLog.class);

    /// So many vectors are read at a time.
    private static final int AT_ONCE = 1_000;

    private final LogReader reader;
    private final Names names;
    private final Scoring scoring;
    private final AssignedPartition assigned;
    private final CheckpointRecords records;
    private final TopicPartition heads;
    private final TopicPartition chunks;

    CheckpointLog(LogReader reader, Names names, Scoring scoring, AssignedPartition assigned) {
        this.reader = reader;
        this.names = names;
        this.scoring = scoring;
        this.assigned = assigned;
        this.records = new CheckpointRecords(names);
        this.heads = new TopicPartition(CheckpointRecords.topic(names), 0);
        this.chunks = new TopicPartition(CheckpointRecords.chunkTopic(names), 0);
    }

    /// Restores those of the last line-up that are open; the others have ended.
    ///
    /// @param versions of the last line-up
    PartitionLearners.Restored restore(ReadyModels.Ready ready, Set<String> versions) {
        Map<String, PartitionLearner> learners = new HashMap<>();
        List<Checkpoint> ended = new ArrayList<>();
        for (Checkpoint checkpoint : checkpoints()) {
            Optional<PartitionLearner> learner =
                    versions.contains(checkpoint.version())
                                    && checkpoint.since().topic().equals(assigned.topicId())
                            ? ready.online(checkpoint.version())
                                    .flatMap(model -> restore(checkpoint, model))
                            : Optional.empty();
            learner.ifPresentOrElse(
                    one -> learners.put(checkpoint.version(), one), () -> ended.add(checkpoint));
        }
        boolean due = replay(learners.values().stream().toList());
        return new PartitionLearners.Restored(learners, ended, due);
    }

    /// The newest of each version, those of earlier topics of the vectors too.
    private List<Checkpoint> checkpoints() {
        Map<String, Checkpoint> newest = new HashMap<>();
        reader.read(
                heads,
                0,
                reader.end(heads),
                record -> {
                    CheckpointRecords.Read read = records.read(record);
                    newest.remove(read.key());
                    read.checkpoint()
                            .filter(this::isOfThisPartition)
                            .ifPresent(one -> newest.put(read.key(), one));
                });
        return List.copyOf(newest.values());
    }

    private boolean isOfThisPartition(Checkpoint checkpoint) {
        return checkpoint.scoring().equals(scoring.nameAndVersion())
                && checkpoint.since().partition() == assigned.partition().partition();
    }

    private Optional<PartitionLearner> restore(Checkpoint checkpoint, OnlineModel model) {
        if (!checkpoint.model().equals(model.fingerprint())) {
            return anew(checkpoint, "the version has another file now");
        }
        if (checkpoint.nanForMissing() != scoring.nanForMissing()) {
            return anew(checkpoint, "missing of the scoring was changed");
        }
        if (checkpoint.at() > assigned.offset()) {
            return anew(checkpoint, "the scoring's position was set back");
        }
        if (checkpoint.state().chunks() == 0) {
            return Optional.of(PartitionLearner.at(checkpoint, model, null));
        }
        byte[] state = state(checkpoint);
        if (state == null) {
            return anew(checkpoint, "the log does not have its state any more");
        }
        try {
            return Optional.of(PartitionLearner.at(checkpoint, model, state));
        } catch (IllegalArgumentException e) {
            return anew(checkpoint, "its state cannot be read: " + e.getMessage());
        }
    }

    private static Optional<PartitionLearner> anew(Checkpoint checkpoint, String why) {
        LOG.atError()
                .addKeyValue("scoring", checkpoint.scoring())
                .addKeyValue("version", checkpoint.version())
                .addKeyValue("partition", checkpoint.since().partition())
                .addKeyValue("reason", why)
                .log("A version begins to learn anew, as it was registered");
        return Optional.empty();
    }

    /// Null where it is not there whole.
    private byte @Nullable [] state(Checkpoint checkpoint) {
        Map<String, byte[]> found = new HashMap<>();
        String prefix = checkpoint.key() + "/";
        OptionalLong from = reader.firstOffsetSince(chunks, checkpoint.state().writtenMillis());
        if (from.isEmpty()) {
            return null;
        }
        reader.read(
                chunks,
                from.getAsLong(),
                reader.end(chunks),
                record -> {
                    String key = new String(record.key(), UTF_8);
                    if (key.startsWith(prefix) && record.value() != null) {
                        found.put(key, record.value());
                    }
                });
        byte[] state = new byte[Math.toIntExact(checkpoint.state().sizeBytes())];
        int at = 0;
        for (int number = 0; number < checkpoint.state().chunks(); number++) {
            byte[] chunk = found.get(CheckpointRecords.chunkKey(checkpoint, number));
            if (chunk == null || chunk.length > state.length - at) {
                return null;
            }
            System.arraycopy(chunk, 0, state, at, chunk.length);
            at += chunk.length;
        }
        return CheckpointRecords.sha256(Arrays.copyOf(state, at))
                        .equals(checkpoint.state().sha256())
                ? state
                : null;
    }

    /// Has versions learn from the vectors between their checkpoints and the committed position.
    ///
    /// @return whether some of them are not in the log any more
    private boolean replay(List<PartitionLearner> learners) {
        boolean lacking = false;
        try (VectorReading reading =
                new VectorReading(scoring, assigned.topicId(), reader, names)) {
            for (PartitionLearner learner : learners) {
                Checkpoint checkpoint = learner.checkpoint().orElseThrow();
                if (checkpoint.at() >= assigned.offset()) {
                    continue;
                }
                long start = reader.start(assigned.partition());
                if (start > checkpoint.at()) {
                    lacking = true;
                    lacks(learner, checkpoint, Math.min(start, assigned.offset()));
                }
                replay(learner, checkpoint.at(), reading);
            }
        }
        return lacking;
    }

    private void replay(PartitionLearner learner, long from, VectorReading reading) {
        List<ConsumerRecord<byte[], byte[]>> some = new ArrayList<>(AT_ONCE);
        reader.read(
                assigned.partition(),
                from,
                assigned.offset(),
                record -> {
                    some.add(record);
                    if (some.size() == AT_ONCE) {
                        replay(learner, reading.read(some));
                        some.clear();
                    }
                });
        replay(learner, reading.read(some));
    }

    private void replay(PartitionLearner learner, List<Read> vectors) {
        List<String> features = scoring.features();
        for (Read vector : vectors) {
            if (vector instanceof Read.Complete complete) {
                learner.replay(features, complete);
            }
        }
    }

    private void lacks(PartitionLearner learner, Checkpoint checkpoint, long start) {
        learner.lacks(start - checkpoint.at());
        LOG.atError()
                .addKeyValue("scoring", checkpoint.scoring())
                .addKeyValue("version", checkpoint.version())
                .addKeyValue("partition", assigned.partition())
                .addKeyValue("from", checkpoint.at())
                .addKeyValue("to", start)
                .log(
                        "Vectors that a version had learned from since its checkpoint are deleted; it"
                                + " goes on without them. Keep vectors longer than scorers are"
                                + " away or partitions idle");
    }
}

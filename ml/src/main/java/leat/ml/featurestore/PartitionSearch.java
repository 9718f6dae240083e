package leat.ml.featurestore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.core.feature.CompiledView;
import leat.ml.featurestore.SourceSearch.Found;
import leat.ml.featurestore.SourceSearch.Lacking;
import leat.ml.featurestore.SourceSearch.Limits;
import leat.ml.featurestore.SourceSearch.OfFeature;
import leat.ml.featurestore.SourceSearch.Vector;
import leat.stream.log.LogReader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// One reading of a partition, from the newest event of some vectors backwards. For one thread.
final class PartitionSearch {

    /// How many offsets are read at once: few first, since that is enough for short windows.
    private static final long FIRST_STEP = 500;

    private static final long LONGEST_STEP = 128_000;

    /// The part of the time that vectors are read for.
    private static final int NARROWING_SHARE = 3;

    private final LogReader log;
    private final Limits limits;
    private final TopicPartition partition;
    private final TopicId topic;
    private final long end;
    private final List<SearchedVector> searched = new ArrayList<>();
    private final Map<Whose, Group> groups = new LinkedHashMap<>();

    /// @param vectors at least one, whose events stand on the partition
    PartitionSearch(LogReader log, Limits limits, TopicPartition partition, List<Vector> vectors) {
        this.log = log;
        this.limits = limits;
        this.partition = partition;
        this.topic = vectors.getFirst().event().topic();
        this.end = vectors.stream().mapToLong(one -> one.event().offset()).max().orElseThrow() + 1;
        AppendedSince appended = new AppendedSince(log, partition, end);
        for (Vector vector : vectors) {
            SearchedVector one = new SearchedVector(vector, limits.newest(), appended);
            searched.add(one);
            groups.computeIfAbsent(
                            new Whose(vector.view(), vector.entity()),
                            _ ->
                                    new Group(
                                            new EntityEvents(
                                                    new FeatureFlow(vector.view()),
                                                    vector.entity()),
                                            new ArrayList<>()))
                    .vectors()
                    .add(one);
        }
    }

    private record Whose(CompiledView view, String entity) {}

    /// The vectors of one entity and view.
    private record Group(EntityEvents events, List<SearchedVector> vectors) {}

    Found found() {
        long begun = System.nanoTime();
        long deadline = begun + limits.within().toNanos();
        // What is left finds the newest events, whether it is known where the windows begin or not.
        long narrowed = begun + (limits.within().toNanos() / NARROWING_SHARE);
        searched.forEach(one -> one.narrow(new EarlierVectors(log, one.vector()), narrowed));
        long start = Math.min(log.start(partition), end);
        long from = end;
        long step = FIRST_STEP;
        do {
            long lower = Math.max(Math.max(needed(), start), from - step);
            if (lower >= from) {
                break;
            }
            log.read(partition, lower, from, this::read);
            from = lower;
            step = Math.min(4 * step, LONGEST_STEP);
        } while (System.nanoTime() - deadline < 0);
        return found(from);
    }

    private long needed() {
        return searched.stream().mapToLong(one -> one.needed(end)).min().orElse(end);
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        Position position = new Position(topic, record.partition(), record.offset());
        for (Group group : groups.values()) {
            group.events()
                    .observation(record)
                    .ifPresent(observation ->
                            group.vectors().forEach(one -> one.add(observation, record, position)));
        }
    }

    /// What is deleted while it is read may not have been read.
    private Found found(long read) {
        long start = Math.min(log.start(partition), end);
        long from = Math.max(read, start);
        Map<Vector, List<OfFeature>> features = new HashMap<>();
        boolean whole = true;
        for (SearchedVector one : searched) {
            List<OfFeature> found = one.features(from, start);
            features.put(one.vector(), found);
            whole &= found.stream().allMatch(OfFeature::complete);
        }
        Optional<Lacking> lacking = Optional.of(from == start ? Lacking.DELETED : Lacking.UNREAD);
        return new Found(from, whole ? Optional.empty() : lacking, features);
    }
}

package leat.ml.featurestore;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import leat.core.event.EventHeaders;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.core.feature.EntityState;
import leat.core.feature.Layout;
import leat.core.feature.Observation;
import leat.stream.log.EventHeader;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// The replay of one partition: its events in their order, and beside them the vectors in theirs,
/// which are as many and in the same order; at the end the newest vectors of its entities.
final class PartitionReplay {

    private final LogConnection log;
    private final FeatureFlow flow;
    private final Scope scope;
    private final Layout layout;
    private final ViewEvents events;
    private final VectorWriter writer;
    private final Map<String, Entity> entities = new LinkedHashMap<>();
    private final List<VerifyReport.Difference> first = new ArrayList<>();
    private long weightBytes;
    private long read;
    private long compared;
    private long differences;

    /// What is compared.
    ///
    /// @param inputId the id of the input's topic
    /// @param input a partition of [FeatureFlow#input]
    /// @param inputTo its first offset that the view has not committed
    /// @param vectorsTo the first offset of the vectors that is not read
    /// @param latestTo the first offset of `latest` that is not read
    record Scope(
            TopicId inputId,
            TopicPartition input,
            long inputTo,
            TopicPartition vectors,
            long vectorsTo,
            TopicPartition latest,
            long latestTo) {}

    /// What came of it.
    ///
    /// @param entities whose newest vectors in `latest` were compared
    record Result(
            long events,
            long vectors,
            long entities,
            long differences,
            List<VerifyReport.Difference> first) {}

    /// An entity of the replay.
    private static final class Entity {
        private final EntityState state;

        /// Of its last event.
        private long offset;

        Entity(EntityState state) {
            this.state = state;
        }
    }

    PartitionReplay(LogConnection log, FeatureFlow flow, Scope scope) {
        this.log = log;
        this.flow = flow;
        this.scope = scope;
        this.layout = Layout.of(flow.compiled().shape());
        this.events = new ViewEvents(flow, (_, _) -> {});
        this.writer = new VectorWriter(flow, scope.inputId());
    }

    Result run() {
        try (CommittedRecords source = new CommittedRecords(log, scope.input(), scope.inputTo());
                CommittedRecords vectors =
                        new CommittedRecords(log, scope.vectors(), scope.vectorsTo())) {
            if (source.from() > 0) {
                throw new ViewRefused(
                        scope.input()
                                + " begins at offset "
                                + source.from()
                                + " only: its retention has cut off what the first vectors are made"
                                + " of, so they cannot be computed again",
                        "keep the events longer with leat.retention of the contract "
                                + flow.compiled().origin().name());
            }
            replay(source, vectors);
        }
        return new Result(read, compared, compareLatest(), differences, first);
    }

    private void replay(CommittedRecords source, CommittedRecords vectors) {
        // Vectors that their own retention has cut off are not missed.
        long since = vectors.from() == 0 ? 0 : offset(vectors.peek());
        while (source.hasNext()) {
            ConsumerRecord<byte[], byte[]> event = source.next();
            read++;
            switch (events.read(
                    event.value(), event.headers(), event.partition(), event.offset())) {
                case ViewEvents.Reading.Seen(Observation observation) -> {
                    byte[] expected = vector(observation);
                    if (event.offset() >= since) {
                        compare(observation, event, expected, vectors);
                    }
                }
                case ViewEvents.Reading.Passed _, ViewEvents.Reading.Unreadable _ -> {}
            }
        }
        while (offset(vectors.peek()) < scope.inputTo()) {
            tooMuch(vectors.next());
        }
    }

    private byte[] vector(Observation observation) {
        Entity entity =
                entities.computeIfAbsent(
                        observation.entity(), _ -> new Entity(EntityState.of(layout)));
        long before = entity.state.weightBytes();
        entity.state.add(observation);
        entity.offset = observation.offset();
        hold(entity.state.weightBytes() - before);
        return vector(observation.entity(), entity.state);
    }

    private byte[] vector(String entity, EntityState state) {
        return writer.value(entity, state.queryMicros(), state.vector());
    }

    private void hold(long bytes) {
        weightBytes += bytes;
        if (weightBytes > Runtime.getRuntime().maxMemory() / 2) {
            throw new ViewRefused(
                    "the entities of " + scope.input() + " do not fit half of the Java heap",
                    "give the program more, with -Xmx in JAVA_TOOL_OPTIONS");
        }
    }

    private void compare(
            Observation observation,
            ConsumerRecord<byte[], byte[]> event,
            byte[] expected,
            CommittedRecords vectors) {
        while (offset(vectors.peek()) < observation.offset()) {
            tooMuch(vectors.next());
        }
        String position = position(observation.offset());
        if (offset(vectors.peek()) > observation.offset()) {
            differ(position, "is missing", "", text(expected));
            return;
        }
        ConsumerRecord<byte[], byte[]> found = vectors.next();
        compared++;
        if (!Arrays.equals(expected, found.value())) {
            differ(position, "differs", text(found.value()), text(expected));
        } else if (!observation.entity().equals(text(found.key()))) {
            differ(position, "has another key", text(found.key()), observation.entity());
        } else if (!found.headers().equals(writer.headers(observation, event.headers()))) {
            differ(position, "has other headers", found.headers().toString(), position);
        }
    }

    /// It is of an event that is not of the view, or comes a second time.
    private void tooMuch(ConsumerRecord<byte[], byte[]> vector) {
        differ(position(offset(vector)), "is one too many", text(vector.value()), "");
    }

    /// Compares the newest record of each entity. Where that is of an event behind those that were
    /// replayed, Kafka may have removed the one before: there is nothing to compare.
    ///
    /// @return how many entities were compared
    private long compareLatest() {
        Map<String, ConsumerRecord<byte[], byte[]>> latest = latest();
        long entitiesCompared = 0;
        for (Map.Entry<String, Entity> replayed : entities.entrySet()) {
            ConsumerRecord<byte[], byte[]> found = latest.remove(replayed.getKey());
            if (found == null || offset(found) < scope.inputTo()) {
                compareLatest(replayed.getKey(), replayed.getValue(), found);
                entitiesCompared++;
            }
        }
        for (ConsumerRecord<byte[], byte[]> found : latest.values()) {
            if (offset(found) < scope.inputTo()) {
                differ(position(offset(found)), "is one too many in latest", value(found), "");
            }
        }
        return entitiesCompared;
    }

    private void compareLatest(
            String name, Entity entity, @Nullable ConsumerRecord<byte[], byte[]> found) {
        byte[] expected = vector(name, entity.state);
        if (found == null
                || offset(found) != entity.offset
                || !Arrays.equals(expected, found.value())) {
            differ(
                    position(entity.offset),
                    "is the newest of its entity, and latest has another",
                    value(found),
                    text(expected));
        }
    }

    private Map<String, ConsumerRecord<byte[], byte[]>> latest() {
        Map<String, ConsumerRecord<byte[], byte[]>> newest = new LinkedHashMap<>();
        try (CommittedRecords records =
                new CommittedRecords(log, scope.latest(), scope.latestTo())) {
            while (records.hasNext()) {
                ConsumerRecord<byte[], byte[]> record = records.next();
                ConsumerRecord<byte[], byte[]> before = newest.put(text(record.key()), record);
                hold(weightBytes(record) - weightBytes(before));
            }
        }
        return newest;
    }

    private static long weightBytes(@Nullable ConsumerRecord<byte[], byte[]> record) {
        return record == null ? 0 : record.serializedKeySize() + record.serializedValueSize();
    }

    private static String value(@Nullable ConsumerRecord<byte[], byte[]> record) {
        return record == null ? "" : text(record.value());
    }

    private void differ(String position, String what, String found, String expected) {
        differences++;
        if (first.size() < VerifyReport.TOLD) {
            first.add(new VerifyReport.Difference(position, what, found, expected));
        }
    }

    private String position(long offset) {
        return new Position(scope.inputId(), scope.input().partition(), offset).toString();
    }

    /// The offset of the event that a vector was written with; behind all where there is no vector,
    /// before all where it does not say.
    private static long offset(@Nullable ConsumerRecord<byte[], byte[]> vector) {
        if (vector == null) {
            return Long.MAX_VALUE;
        }
        String position = EventHeader.text(vector.headers(), EventHeaders.POSITION);
        try {
            return position == null ? -1 : Position.parse(position).offset();
        } catch (IllegalArgumentException _) {
            return -1;
        }
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }
}

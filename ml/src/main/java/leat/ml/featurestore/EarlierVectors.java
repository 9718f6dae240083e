package leat.ml.featurestore;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import leat.core.event.EventHeaders;
import leat.core.event.Position;
import leat.core.feature.CompiledView;
import leat.ml.featurestore.SourceSearch.Vector;
import leat.stream.log.EventHeader;
import leat.stream.log.LogReader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import tools.jackson.databind.json.JsonMapper;

/// The vectors that an entity had before one of them, read backwards. They tell where the first
/// event of a window stands: a view writes one with each event that it sees, in the order of the
/// events, and an entity's query time never goes back. So once a vector's query time is not behind
/// a window's begin, no event up to its own is in the window. For one thread.
final class EarlierVectors {

    /// How many offsets are read at once, at first and at most.
    private static final long FIRST_STEP = 500;

    private static final long LONGEST_STEP = 128_000;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final LogReader log;
    private final TopicPartition partition;
    private final Position event;
    private final byte[] key;

    /// Where the reading has come to.
    private long from;

    /// The offset of the event of the oldest vector of the entity that was read.
    private long oldest;

    /// The offset of the event of about the oldest vector of any entity that was read.
    private long reached;

    /// @param vector the newest one
    EarlierVectors(LogReader log, Vector vector) {
        this.log = log;
        this.partition = vector.partition();
        this.event = vector.event();
        this.key = vector.entity().getBytes(StandardCharsets.UTF_8);
        this.from = vector.offset();
        this.oldest = event.offset();
        this.reached = event.offset();
    }

    /// What a vector says of itself.
    private record Earlier(long event, long queryMicros) {}

    /// The offsets of the first events that windows can have.
    ///
    /// @param froms where the windows begin, microseconds since 1970
    /// @param floor the offset of an event before which they are not in any case
    /// @param deadline of [System#nanoTime]; nothing is read after it
    /// @return one a window; -1 where it was not found
    long[] firstEvents(List<Long> froms, long floor, long deadline) {
        long[] first = new long[froms.size()];
        Arrays.fill(first, -1);
        long start = log.start(partition);
        long step = FIRST_STEP;
        while (Arrays.stream(first).anyMatch(one -> one < 0)
                && from > start
                && reached > floor
                && System.nanoTime() - deadline < 0) {
            long lower = Math.max(start, from - step);
            for (Earlier earlier : read(lower).reversed()) {
                settle(first, froms, earlier.queryMicros());
                oldest = earlier.event();
            }
            from = lower;
            step = Math.min(4 * step, LONGEST_STEP);
        }
        if (start == 0 && from <= start) {
            // There was none before, whatever the source had.
            settle(first, froms, Long.MIN_VALUE);
        }
        return first;
    }

    private void settle(long[] first, List<Long> froms, long queryMicros) {
        for (int i = 0; i < first.length; i++) {
            if (first[i] < 0 && queryMicros <= froms.get(i)) {
                first[i] = oldest;
            }
        }
    }

    /// The entity's from an offset to where the reading has come.
    private List<Earlier> read(long lower) {
        List<Earlier> found = new ArrayList<>();
        long[] first = {-1};
        log.read(
                partition,
                lower,
                from,
                record -> {
                    if (first[0] < 0) {
                        first[0] = event(record).orElse(-1);
                    }
                    if (Arrays.equals(key, record.key())) {
                        event(record)
                                .ifPresent(at ->
                                        found.add(new Earlier(at, queryMicros(record.value()))));
                    }
                });
        reached = first[0] < 0 ? reached : first[0];
        return found;
    }

    /// The offset of a vector's event; empty of what a foreign producer wrote, and of what an
    /// earlier topic's events gave.
    private OptionalLong event(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null || record.headers().lastHeader(EventHeaders.VIEW) == null) {
            return OptionalLong.empty();
        }
        return EventHeader.position(record.headers(), EventHeaders.POSITION)
                .filter(position -> position.topic().equals(event.topic()))
                .map(position -> OptionalLong.of(position.offset()))
                .orElse(OptionalLong.empty());
    }

    private static long queryMicros(byte[] vector) {
        return ChronoUnit.MICROS.between(
                Instant.EPOCH,
                Instant.parse(JSON.readTree(vector).path(CompiledView.QUERY_TIME).asString()));
    }
}

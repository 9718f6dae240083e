package leat.ml.scorer;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.event.EventHeaders;
import leat.core.event.Position;
import leat.stream.log.EventHeader;
import leat.stream.log.LogCursor;
import leat.stream.log.LogReader;
import leat.stream.log.LogUnavailable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// One partition of a view's vectors as they are found by the events that they were written with.
/// Since a view writes them in the order of its events, they are read on from where the last ones
/// were found; a place anywhere else is found by halving. For one thread at a time.
final class BesideVectors implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(100);

    /// Of so few offsets halving would save nothing.
    private static final long NEAR = 1_000;

    private final LogReader log;
    private final TopicPartition partition;
    private final Duration patience;
    private final LogCursor cursor;

    /// Read, and behind those that were found last; no more than one read yields.
    private final Deque<Vector> ahead = new ArrayDeque<>();

    /// The offset of the event before which everything was passed.
    private long passed = Long.MAX_VALUE;

    /// Whether the place was found anew for what is asked now.
    private boolean halved;

    BesideVectors(LogReader log, TopicPartition partition) {
        this(log, partition, PATIENCE);
    }

    /// @param patience for how long a vector is waited for that is not written yet
    BesideVectors(LogReader log, TopicPartition partition, Duration patience) {
        this.log = log;
        this.partition = partition;
        this.patience = patience;
        this.cursor = log.cursor(partition);
    }

    private record Vector(Position event, ConsumerRecord<byte[], byte[]> record) {}

    /// The position of the event that a vector was written with; empty for what a foreign producer
    /// wrote.
    static Optional<Position> event(ConsumerRecord<byte[], byte[]> vector) {
        boolean foreign =
                vector.value() == null || vector.headers().lastHeader(EventHeaders.VIEW) == null;
        return foreign
                ? Optional.empty()
                : EventHeader.position(vector.headers(), EventHeaders.POSITION);
    }

    /// The vectors of some events; what is not there is not in the log any more, or never was.
    ///
    /// @param events in their order
    /// @throws LogUnavailable when Kafka does not answer, or one is not written yet
    Map<Position, ConsumerRecord<byte[], byte[]>> of(List<Position> events) {
        Map<Position, ConsumerRecord<byte[], byte[]>> found = new HashMap<>();
        halved = false;
        for (Position event : events) {
            ConsumerRecord<byte[], byte[]> vector = of(event);
            if (vector != null) {
                found.put(event, vector);
            }
        }
        return found;
    }

    private @Nullable ConsumerRecord<byte[], byte[]> of(Position event) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            if (event.offset() < passed) {
                halve(event.offset());
            }
            Vector next = next(event);
            if (next == null) {
                read(event, deadline);
            } else if (next.event().equals(event)) {
                return next.record();
            } else if (halved) {
                return null;
            } else {
                // Who has the topic made anew meanwhile has the cursor stand anywhere.
                passed = Long.MAX_VALUE;
            }
        }
    }

    /// The first vector that was read and is not of an earlier event.
    private @Nullable Vector next(Position event) {
        while (!ahead.isEmpty() && isBefore(ahead.getFirst().event(), event)) {
            ahead.removeFirst();
        }
        passed = event.offset();
        return ahead.peekFirst();
    }

    private static boolean isBefore(Position one, Position other) {
        return one.topic().equals(other.topic()) && one.offset() < other.offset();
    }

    private void read(Position event, long deadline) {
        take(cursor.next(POLL));
        if (ahead.isEmpty() && System.nanoTime() - deadline > 0) {
            throw new LogUnavailable(
                    partition + " has no vector of the event " + event + " yet", null);
        }
    }

    private void take(List<ConsumerRecord<byte[], byte[]>> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            event(record).ifPresent(event -> ahead.addLast(new Vector(event, record)));
        }
    }

    /// Goes to a place at or before the first vector whose event is not before an offset.
    private void halve(long offset) {
        long low = log.start(partition);
        long high = log.end(partition);
        while (high - low > NEAR) {
            long middle = (low + high) >>> 1;
            cursor.seek(middle);
            ahead.clear();
            take(cursor.next(POLL));
            Vector found = ahead.peekFirst();
            // Nothing read says nothing: then more is read on from further before.
            if (found != null && found.event().offset() < offset) {
                low = Math.max(low, found.record().offset());
            } else {
                high = middle;
            }
        }
        ahead.clear();
        cursor.seek(low);
        passed = offset;
        halved = true;
    }

    @Override
    public void close() {
        cursor.close();
    }
}

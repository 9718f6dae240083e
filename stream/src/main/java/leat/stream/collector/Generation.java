package leat.stream.collector;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import leat.core.failpoint.FailPoint;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/// One producer's life, from the moment the log takes events to the first record that it does not
/// take. Then the producer is closed at once: an idempotent producer's records of a partition are
/// appended in their order without gaps, so that those in the log are the first ones, and what is
/// left over can be sent again behind them in its order. Some of that may be in the log as well,
/// where its ids tell.
final class Generation {

    private final LogWriter writer;
    private final Owner owner;
    private final AtomicInteger open = new AtomicInteger();

    /// Guarded by itself.
    private final List<Numbered> unsent = new ArrayList<>();

    private volatile boolean failed;
    private long registered;

    /// Who runs generations.
    interface Owner {
        /// The log does not take records any more: none are to be registered from now on.
        void failing(Exception cause);

        /// Every record of a failing generation has its fate; those left over in their order.
        void ended(List<Pending> unsent);
    }

    /// A record that waits for its fate.
    record Pending(ProducerRecord<byte[], byte[]> record, Store.Acknowledgement acknowledgement) {}

    private record Numbered(long number, Pending pending) {}

    Generation(LogWriter writer, Owner owner) {
        this.writer = writer;
        this.owner = owner;
    }

    /// Announces `count` records; the number of the first of them. Calls are ordered by the
    /// caller's lock, and stop when [#failed].
    long register(int count) {
        open.addAndGet(count);
        long first = registered;
        registered += count;
        return first;
    }

    boolean failed() {
        return failed;
    }

    /// Sends records that were registered.
    void send(List<Pending> records, long firstNumber) {
        long number = firstNumber;
        for (Pending record : records) {
            Numbered numbered = new Numbered(number++, record);
            writer.send(record.record(), (_, exception) -> completed(numbered, exception));
            FailPoint.reach("collector.mid-batch");
        }
    }

    private void completed(Numbered numbered, @Nullable Exception exception) {
        if (exception == null) {
            numbered.pending().acknowledgement().stored(false);
        } else if (isOfTheRecord(exception)) {
            numbered.pending().acknowledgement().failed(exception);
        } else {
            keep(numbered, exception);
        }
        if (open.decrementAndGet() == 0 && failed) {
            owner.ended(leftOver());
        }
    }

    private void keep(Numbered numbered, Exception exception) {
        boolean first;
        synchronized (unsent) {
            unsent.add(numbered);
            first = !failed;
            failed = true;
        }
        if (first) {
            owner.failing(exception);
            writer.close(Duration.ZERO);
        }
    }

    private List<Pending> leftOver() {
        synchronized (unsent) {
            return unsent.stream()
                    .sorted(Comparator.comparingLong(Numbered::number))
                    .map(Numbered::pending)
                    .toList();
        }
    }

    /// Whether the log would not take the record at any other time either.
    private static boolean isOfTheRecord(Exception exception) {
        return exception instanceof RecordTooLargeException
                || exception instanceof SerializationException
                || exception instanceof InvalidTopicException
                || exception instanceof AuthorizationException;
    }

    /// Waits for what was sent for as long as `patience`.
    void close(Duration patience) {
        writer.close(patience);
    }
}

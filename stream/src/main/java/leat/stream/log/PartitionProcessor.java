package leat.stream.log;

import leat.core.outcome.Reason;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// One partition's logic and state. Its state is a pure function of the records below the committed
/// offset: what [#process] learns is kept apart until [#committed] and forgotten by [#aborted].
///
/// Calls come one at a time, though not all on one thread. Each `process` or `poison` is followed
/// by `committed` or `aborted`.
public interface PartitionProcessor extends AutoCloseable {

    /// Whether [#process] waits for others, so that it is called on a thread of its own while the
    /// stage goes on with other partitions. An interrupt tells it to give up.
    default boolean waits() {
        return false;
    }

    /// Decides what becomes of a batch; changes nothing outside, so that it can be repeated.
    ///
    /// @throws PartitionStopped when the partition cannot go on and a record is not to blame
    /// @throws RuntimeException when a record cannot be processed; the stage finds out which
    Emissions process(PartitionBatch batch);

    /// The dead letter of a record that [#process] or Kafka refuses.
    ///
    /// @param keepPayload false when the letter is too large for Kafka with the payload in it
    Emissions poison(ConsumerRecord<byte[], byte[]> record, Reason reason, boolean keepPayload);

    /// The batch in flight stands in the log, and `offset` is the committed position.
    void committed(long offset);

    /// The batch in flight never was.
    void aborted();

    /// The partition is taken away, or the stage stops. No batch is in flight.
    @Override
    void close();
}

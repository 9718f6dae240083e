package leat.stream.log;

import java.util.OptionalLong;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// The log as a stage reads it beside what it is given, above all when it restores a partition's
/// state. All methods throw [LogUnavailable] when Kafka does not answer.
public interface LogReader {

    /// The group's position in the topic that now has the name, else its earliest record.
    AssignedPartition assigned(TopicPartition partition);

    /// Gives every committed record with `from` ≤ offset < `to`, in order.
    void read(
            TopicPartition partition,
            long from,
            long to,
            Consumer<ConsumerRecord<byte[], byte[]>> sink);

    /// A place in a partition, at its oldest record; whoever asked for it closes it.
    LogCursor cursor(TopicPartition partition);

    /// The position of the oldest record that is kept, or where one could be.
    long start(TopicPartition partition);

    /// The position after the newest record or marker that stands in the log.
    long end(TopicPartition partition);

    /// The first offset whose record is at least as new as `timestampMillis`; empty when none is.
    OptionalLong firstOffsetSince(TopicPartition partition, long timestampMillis);

    /// The timestamp of the last record below `offset`; empty when there is none.
    OptionalLong timestampBelow(TopicPartition partition, long offset);
}

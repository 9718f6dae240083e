package leat.stream.audit;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import leat.core.event.TopicId;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// The log as an audit reads it.
public interface AuditLog {

    /// The id of a topic; empty when there is no such topic.
    Optional<TopicId> topicId(String topic);

    /// From the oldest offset that is kept to the high watermark, which counts records of
    /// transactions that are still open, of each partition.
    Map<Integer, OffsetRange> bounds(String topic);

    /// The first record of each partition whose timestamp is at or after `time`; a partition
    /// without one is absent.
    Map<Integer, TimedOffset> firstAt(String topic, Instant time);

    /// Where a consumer group goes on, by partition; a partition without a position is absent.
    Map<Integer, Long> committed(String group, String topic);

    /// Reads the committed records with offsets in `range`, in order, and waits for transactions
    /// that are open in it.
    void read(
            String topic,
            int partition,
            OffsetRange range,
            Consumer<ConsumerRecord<byte[], byte[]>> consumer);

    /// A record's place and its timestamp.
    record TimedOffset(long offset, Instant time) {

        /// The offset of `at`, or `otherwise` where there is no such record.
        static long offset(@Nullable TimedOffset at, long otherwise) {
            return at == null ? otherwise : at.offset();
        }
    }
}

package leat.stream.log;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// A place in a partition that is read on from, again and again. All methods throw [LogUnavailable]
/// when Kafka does not answer, or when the thread is interrupted. For one thread at a time.
public interface LogCursor extends AutoCloseable {

    /// Goes on at an offset, or at the oldest record that is kept if that is newer.
    void seek(long offset);

    /// The next committed records, in order; none where there are none within the time.
    List<ConsumerRecord<byte[], byte[]>> next(Duration patience);

    @Override
    void close();
}

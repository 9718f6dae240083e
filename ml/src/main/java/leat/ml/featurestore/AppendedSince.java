package leat.ml.featurestore;

import java.util.HashMap;
import java.util.Map;
import leat.stream.log.LogReader;
import org.apache.kafka.common.TopicPartition;

/// Where a partition has records of a time or later, each time looked up once. For one thread.
final class AppendedSince {

    private final LogReader log;
    private final TopicPartition partition;
    private final long end;
    private final Map<Long, Long> known = new HashMap<>();

    /// @param end what stands there or behind does not matter
    AppendedSince(LogReader log, TopicPartition partition, long end) {
        this.log = log;
        this.partition = partition;
        this.end = end;
    }

    /// The first offset; the end where there is none before it.
    ///
    /// @param millis since 1970
    long offset(long millis) {
        return known.computeIfAbsent(
                millis, since -> Math.min(end, log.firstOffsetSince(partition, since).orElse(end)));
    }
}

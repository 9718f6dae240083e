package leat.ml.monitor;

import java.util.List;
import java.util.Map;
import leat.core.monitor.Recomputed;
import leat.core.prediction.Scoring;
import leat.stream.log.LogReader;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Whoever makes predictions again.
@FunctionalInterface
interface Remaking {

    /// What became of predictions, by their versions.
    ///
    /// @param reader of the log, for this call
    /// @throws leat.stream.log.LogUnavailable when Kafka does not answer
    Map<String, Recomputed> again(
            LogReader reader, Scoring scoring, List<ConsumerRecord<byte[], byte[]>> predictions);
}

package leat.stream.lake;

import java.util.List;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// Turns a record of the log into a row of one table. A decoder belongs to one thread.
@FunctionalInterface
interface RowDecoder {

    /// The row, or why the table cannot take the record.
    ///
    /// @param partition where the record is from, the same object for many records
    ///
    /// @throws LoaderStopped when no record like this may be judged by this process
    Decoded decode(TopicPartition partition, ConsumerRecord<byte[], byte[]> record);

    /// What became of a record.
    sealed interface Decoded {

        /// It is a row.
        record Loaded(LakeRow row) implements Decoded {}

        /// The table cannot take it; `reasons` is not empty.
        record Refused(List<Reason> reasons) implements Decoded {
            public Refused {
                reasons = List.copyOf(reasons);
            }

            static Refused because(String field, String message) {
                return new Refused(List.of(new Reason(ReasonCode.REFUSED_BY_LAKE, field, message)));
            }
        }
    }
}

package leat.stream.retry;

import java.util.List;
import leat.core.event.Hash128;
import leat.core.outcome.Reason;
import org.apache.kafka.clients.producer.ProducerRecord;

/// What would become of a dead letter that is brought back now.
sealed interface Fate {

    /// It is an event again.
    ///
    /// @param event the hash of its source and id, without the attempt
    /// @param way where it goes
    record Returns(ProducerRecord<byte[], byte[]> record, Hash128 event, Way way) implements Fate {

        long sizeBytes() {
            byte[] value = record.value();
            return value == null ? 0 : value.length;
        }
    }

    /// The contract would refuse it again; `reasons` is not empty.
    record DiesAgain(List<Reason> reasons) implements Fate {
        public DiesAgain {
            reasons = List.copyOf(reasons);
        }
    }

    /// It cannot be brought back.
    record Stays(String why) implements Fate {}

    /// Where dead letters go when they come back.
    enum Way {
        RAW,
        SEARCH,
        LAKE
    }
}

package leat.stream.collector;

import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/// Keeps the records of checked events: in the log, or on disk until they can go there.
interface Store extends AutoCloseable {

    /// Is told of each record once, on any thread, which must not be held up.
    interface Acknowledgement {
        /// It is stored.
        ///
        /// @param spooled whether it is on disk here, and not in the log yet
        void stored(boolean spooled);

        /// It may be stored or not.
        void failed(Exception cause);
    }

    /// Takes the records in their order, behind those of earlier calls of the same thread. Does not
    /// wait.
    void write(List<ProducerRecord<byte[], byte[]>> records, Acknowledgement acknowledgement);

    /// Whether records could be stored now, as far as is known.
    boolean ready();

    /// Waits until every record taken has met its fate.
    @Override
    void close();
}

package leat.ml.fold;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/// How records become a state.
///
/// @param <S> the state; it is changed in place
public interface Folding<S> {

    /// A state before the first record.
    S empty();

    /// Takes one more record in.
    ///
    /// @throws RecordUnreadable when it cannot be read
    void apply(S state, ConsumerRecord<byte[], byte[]> record);
}

package leat.ml.featurestore.online;

import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/// What brings a store in step with a topic, until the first thing that makes a new start
/// necessary. One thread uses it.
///
/// @param <T> what the store then has
interface FollowerSession<T> extends AutoCloseable {

    /// Returns when the store has what stands committed in the topic now, or is to close.
    ///
    /// @param trouble told what keeps Kafka from answering, or nothing when it answers
    /// @throws TopicChanged when the topic is not the same any more
    void readToEnd(CountDownLatch closing, Consumer<String> trouble);

    /// Brings what comes, until told to close.
    ///
    /// @param trouble as above
    /// @throws TopicChanged when the topic is not the same any more
    void keepUp(CountDownLatch closing, Consumer<String> trouble);

    /// What is read once it is in step; another one where everything was begun again.
    T content();

    @Override
    void close();

    /// The topic is not what was read so far; the next session begins again.
    final class TopicChanged extends RuntimeException {
        TopicChanged(String message) {
            super(message);
        }
    }
}

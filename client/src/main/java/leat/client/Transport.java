package leat.client;

import java.time.Duration;

/// One way to a collector. Called by several threads at once; blocks, which is cheap on virtual
/// threads.
public interface Transport extends AutoCloseable {

    /// Tries once.
    Attempt send(Batch batch, Duration timeout) throws InterruptedException;

    /// Where it leads, for messages.
    String address();

    @Override
    void close();
}

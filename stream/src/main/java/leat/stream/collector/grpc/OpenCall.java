package leat.stream.collector.grpc;

import java.time.Duration;

/// A call that has been let in and is not over.
interface OpenCall {

    /// Ends the call of a client that is too slow.
    void checkPatience(long nowNanos, Duration patience);

    /// Reads no more, answers what has been read, and ends; a call that does so by itself has
    /// nothing to do.
    default void drain() {}
}

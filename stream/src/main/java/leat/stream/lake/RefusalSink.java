package leat.stream.lake;

import java.util.Collection;

/// Where records go that a table cannot take.
@FunctionalInterface
interface RefusalSink {

    /// Keeps the records, each once however often it is given, and returns when they are safe.
    ///
    /// @throws leat.stream.log.LogUnavailable when Kafka does not take them now
    void keep(Collection<Append.Refusal> refusals);
}

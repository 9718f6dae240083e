package leat.embedded.opensearch;

import java.net.URI;
import java.time.Duration;

/// What the embedded search engine is doing.
public sealed interface NodeState {

    /// The process was started and does not answer yet.
    record Starting(int attempt) implements NodeState {}

    /// It answers requests.
    ///
    /// @param startTime from the start of the process to the first answer
    record Ready(URI url, long processId, Duration startTime) implements NodeState {}

    /// It ended or stopped answering; it is started again after `delay`.
    record Restarting(String reason, Duration delay) implements NodeState {}

    /// It does not run and is not tried again.
    record Failed(String reason) implements NodeState {}

    /// It was told to stop.
    record Closed() implements NodeState {}
}

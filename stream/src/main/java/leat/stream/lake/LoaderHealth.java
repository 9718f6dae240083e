package leat.stream.lake;

import java.time.Instant;

/// How the loader of one table is doing.
public sealed interface LoaderHealth {

    /// It has not joined its group yet.
    record Starting() implements LoaderHealth {}

    /// It loads.
    record Running() implements LoaderHealth {}

    /// Storage, catalogue or Kafka are away; it tries again and loses nothing.
    record Retrying(Instant since, String why) implements LoaderHealth {}

    /// It ended: `why` says what an operator has to do, and is empty when it was told to.
    record Stopped(String why) implements LoaderHealth {}
}

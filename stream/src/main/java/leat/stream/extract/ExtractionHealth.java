package leat.stream.extract;

import java.time.Instant;

/// How an extraction is doing.
public sealed interface ExtractionHealth {

    /// It has not asked its source yet.
    record Starting() implements ExtractionHealth {}

    /// Its last round went well.
    record Running() implements ExtractionHealth {}

    /// Source, collector or log refuse or do not answer; it tries again.
    record Retrying(Instant since, String why) implements ExtractionHealth {}

    /// It ended; `why` is empty when it was told to.
    record Stopped(String why) implements ExtractionHealth {}
}

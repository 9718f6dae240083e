package leat.stream.extract;

import java.time.Instant;

/// How an extraction is doing.
public sealed interface ExtractionHealth {

    /// It has not asked its source yet.
    record Starting() implements ExtractionHealth {}

    /// Its last round went well.
    record Running() implements ExtractionHealth {}

    /// Source or log do not answer, or one of them or the collector refuses; it tries again. A
    /// collector that does not answer is waited for without this.
    record Retrying(Instant since, String why) implements ExtractionHealth {}

    /// It ended; `why` is empty when it was told to.
    record Stopped(String why) implements ExtractionHealth {}
}

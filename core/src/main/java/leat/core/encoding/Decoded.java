package leat.core.encoding;

import leat.core.outcome.Reason;

/// What a payload's bytes are.
public sealed interface Decoded {

    /// The event as JSON, for the validator to judge. Handed over, not copied.
    @SuppressWarnings("ArrayRecordComponent")
    record Json(byte[] bytes) implements Decoded {}

    /// They are no event of their encoding.
    record Refused(Reason reason) implements Decoded {}
}

package leat.stream.enricher;

import java.util.List;
import leat.core.outcome.Reason;
import org.jspecify.annotations.Nullable;

/// What a contract makes of one raw event. Pure, and called from several threads.
@FunctionalInterface
public interface EventJudge {

    /// Judges one event.
    ///
    /// @param value the client's bytes
    /// @param ceTime the CloudEvents `time` that came with the event, if any
    /// @param appendMicros when the event was appended to raw
    Verdict judge(byte[] value, @Nullable String ceTime, long appendMicros);

    /// The judgement.
    sealed interface Verdict {

        /// The event keeps the contract. The value is handed over, not copied.
        ///
        /// @param value the client's object with the added fields
        /// @param eventMicros the event's time, UTC
        @SuppressWarnings("ArrayRecordComponent")
        record Enriched(byte[] value, long eventMicros) implements Verdict {}

        /// The event breaks the contract.
        ///
        /// @param reasons all of them, at least one
        record Refused(List<Reason> reasons) implements Verdict {
            public Refused {
                reasons = List.copyOf(reasons);
            }
        }
    }
}

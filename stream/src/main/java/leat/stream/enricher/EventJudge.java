package leat.stream.enricher;

import java.util.List;
import java.util.Map;
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

    /// Whether judging asks others and so may wait; then batches are judged by [#judgeAll].
    default boolean waits() {
        return false;
    }

    /// Judges events together, so that others are asked for many at once. Verdicts are in the order
    /// of the events.
    default List<Verdict> judgeAll(List<RawEvent> events) {
        return events.stream()
                .map(event -> judge(event.value(), event.ceTime(), event.appendMicros()))
                .toList();
    }

    /// Whether the contract protects fields, so that nothing the client may have written beside
    /// them is handed on.
    default boolean protects() {
        return false;
    }

    /// The key of the enriched record, made of the raw one's.
    default byte @Nullable [] publishedKey(byte @Nullable [] raw) {
        return raw;
    }

    /// What [#judge] takes, as one value.
    @SuppressWarnings("ArrayRecordComponent")
    record RawEvent(byte[] value, @Nullable String ceTime, long appendMicros) {}

    /// The judgement.
    sealed interface Verdict {

        /// The event keeps the contract. The value is handed over, not copied.
        ///
        /// @param value the client's object with the added fields
        /// @param eventMicros the event's time, UTC
        /// @param marks headers that say how it was enriched, by name
        @SuppressWarnings("ArrayRecordComponent")
        record Enriched(byte[] value, long eventMicros, Map<String, String> marks)
                implements Verdict {
            public Enriched(byte[] value, long eventMicros) {
                this(value, eventMicros, Map.of());
            }
        }

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

package leat.core.validate;

import java.time.Instant;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.contract.Contract.TimeBounds;
import leat.core.contract.FieldPath;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import org.jspecify.annotations.Nullable;

/// Where an event's time comes from, and whether it is believable.
public final class EventTime {

    private EventTime() {}

    /// The value of the contract's time field; null when the contract has none or it is absent.
    public static @Nullable Instant of(Contract contract, Row row) {
        Optional<FieldPath> path = contract.time();
        return path.isPresent() && row.value(path.get()) instanceof Instant time ? time : null;
    }

    /// The reason why a time cannot be believed of an event that was appended at `appended`; null
    /// when it can.
    ///
    /// @param field the time field, for the reason; empty when the time came from `ce_time`
    public static @Nullable Reason check(
            Instant time, Instant appended, TimeBounds bounds, String field) {
        Instant earliest = appended.minus(bounds.past());
        Instant latest = appended.plus(bounds.future());
        if (!time.isBefore(earliest) && !time.isAfter(latest)) {
            return null;
        }
        return new Reason(
                ReasonCode.TIME_BOUNDS,
                field,
                time
                        + " is not between "
                        + earliest
                        + " and "
                        + latest
                        + "; correct the sender's clock or widen leat.timeBounds");
    }
}

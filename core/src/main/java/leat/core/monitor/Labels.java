package leat.core.monitor;

import java.time.Duration;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.contract.FieldPath;
import leat.core.enrich.RowExpression;

/// What turns out to be true after predictions, and which of them are alarms.
///
/// @param contract whose enriched events say it
/// @param when true of an event that was to be foretold
/// @param key the field of the event that names the entity
/// @param within a prediction is right when such an event of its entity comes so soon after its
///   query time
/// @param output the field of the prediction that is an alarm from `alarm` on
/// @param precision the least share of alarms that are right; empty where that is not judged
/// @param recall the least share of events with an alarm before; empty where that is not judged
public record Labels(
        Contract contract,
        RowExpression when,
        FieldPath key,
        Duration within,
        String output,
        double alarm,
        Optional<Double> precision,
        Optional<Double> recall) {

    /// By how much later a window's labels are looked at: when all of them are there that were
    /// appended at most a window late.
    public Duration lag(Duration window) {
        long windows = Math.ceilDiv(within.toMillis(), window.toMillis()) + 1;
        return window.multipliedBy(windows);
    }
}

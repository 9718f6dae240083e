package leat.core.enrich;

import java.util.List;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import leat.core.validate.Fault;
import org.jspecify.annotations.Nullable;

/// What becomes of an event when somebody was asked for values of it.
///
/// @param source who was asked, for reasons: `api prices`
/// @param targets the fields that the values become
record Taking(String source, List<Step.Target> targets, Step.Fallbacks fallbacks) {

    /// All values of the answer, or none: half an answer is a failure.
    ///
    /// @param given by the position of their targets; null where there is none
    /// @param seen what the answer rests on
    void take(Work work, List<@Nullable Object> given, String seen) {
        work.saw(seen);
        @Nullable Object[] values = new Object[targets.size()];
        for (int i = 0; i < values.length; i++) {
            Object one = given.get(i);
            if (one == null) {
                continue;
            }
            Step.Target target = targets.get(i);
            try {
                Object value = FetchedValue.of(target.field().type(), one);
                Fault fault = target.check().check(value);
                if (fault != null) {
                    failed(work, target.field().name(), fault.message());
                    return;
                }
                values[i] = value;
            } catch (IllegalArgumentException e) {
                failed(work, target.field().name(), String.valueOf(e.getMessage()));
                return;
            }
        }
        for (int i = 0; i < values.length; i++) {
            work.set(targets.get(i).index(), values[i]);
        }
    }

    /// Nothing is known.
    void missing(Work work, String why) {
        work.missing(fallbacks.onMissing(), targets, reason(firstField(), why));
    }

    /// There was no answer.
    void failed(Work work, String why) {
        failed(work, firstField(), why);
    }

    private void failed(Work work, String field, String why) {
        work.fallBack(fallbacks.onFailure(), targets, reason(field, why));
    }

    private String firstField() {
        return targets.getFirst().field().name();
    }

    private Reason reason(String field, String why) {
        return new Reason(ReasonCode.ENRICHMENT, field, source + ": " + why);
    }
}

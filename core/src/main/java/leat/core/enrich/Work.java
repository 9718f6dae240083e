package leat.core.enrich;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import leat.core.contract.EnrichStep.Fallback;
import leat.core.contract.Field;
import leat.core.outcome.Outcome;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import leat.core.validate.Fault;
import leat.core.validate.Row;
import org.jspecify.annotations.Nullable;

/// One event on its way through the steps.
final class Work {

    private final @Nullable Object[] values;
    private final Row row;
    private final Instant time;
    private final List<Reason> reasons = new ArrayList<>(0);
    private final List<String> skipped = new ArrayList<>(0);
    private final List<String> seen = new ArrayList<>(0);

    Work(List<Field> fields, TimedRow raw) {
        values = new Object[fields.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = raw.row().value(i);
        }
        row = new Row(fields, values);
        time = raw.time();
    }

    /// As the steps so far have made it.
    Row row() {
        return row;
    }

    /// When it happened.
    Instant time() {
        return time;
    }

    boolean dead() {
        return !reasons.isEmpty();
    }

    void set(int index, @Nullable Object value) {
        values[index] = value;
    }

    void saw(String what) {
        if (!what.isEmpty()) {
            seen.add(what);
        }
    }

    void die(Reason reason) {
        reasons.add(reason);
    }

    /// Computes a field, or falls back.
    void compute(Step.Computed step) {
        Step.Target target = step.target();
        try {
            Object value = step.expression().evaluate(row);
            Fault fault = value == null ? null : target.check().check(value);
            if (fault == null) {
                set(target.index(), value);
            } else {
                fallBack(step.onFailure(), List.of(target), fault.at(target.field().name()));
            }
        } catch (ExpressionFailed e) {
            Reason reason =
                    new Reason(
                            ReasonCode.EXPRESSION,
                            target.field().name(),
                            String.valueOf(e.getMessage()));
            fallBack(step.onFailure(), List.of(target), reason);
        }
    }

    /// What is left where a step failed: dead, marked gaps, or the defaults.
    void fallBack(Fallback fallback, List<Step.Target> targets, Reason reason) {
        switch (fallback) {
            case Fallback.Dead _ -> die(reason);
            case Fallback.Skip _ -> targets.forEach(target -> skipped.add(target.field().name()));
            case Fallback.Default defaults -> setDefaults(defaults, targets);
        }
    }

    /// What is left where a source knows nothing; that is no failure and is not marked.
    void missing(Fallback fallback, List<Step.Target> targets, Reason reason) {
        switch (fallback) {
            case Fallback.Dead _ -> die(reason);
            case Fallback.Skip _ -> {}
            case Fallback.Default defaults -> setDefaults(defaults, targets);
        }
    }

    private void setDefaults(Fallback.Default defaults, List<Step.Target> targets) {
        for (Step.Target target : targets) {
            set(target.index(), defaults.values().get(target.field().name()));
        }
    }

    /// The end of the way.
    ///
    /// @param required the places of added fields that must have a value
    Enriched result(int[] required) {
        if (reasons.isEmpty()) {
            for (int index : required) {
                if (values[index] == null) {
                    die(
                            new Reason(
                                    ReasonCode.MISSING,
                                    row.fields().get(index).name(),
                                    "is required, and no step gave it a value"));
                }
            }
        }
        Outcome outcome =
                reasons.isEmpty() ? new Outcome.Valid(row) : new Outcome.Rejected(reasons);
        return new Enriched(outcome, skipped, seen);
    }
}

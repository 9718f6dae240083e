package leat.core.enrich;

import java.util.ArrayList;
import java.util.List;
import leat.core.contract.Contract;
import leat.core.contract.EnrichStep;
import leat.core.contract.Field;
import leat.core.contract.UnknownFields;
import leat.core.outcome.Outcome;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import leat.core.validate.Fault;
import leat.core.validate.Row;
import leat.core.validate.ValueCheck;
import leat.core.yaml.Problems;
import leat.core.yaml.ProblemsException;
import org.jspecify.annotations.Nullable;

/// The compiled steps of a contract: adds constants and derived fields to rows, and the same fields
/// to the event's bytes. Without derived fields nothing of CEL is loaded. Safe for many threads.
public final class Enrichment {

    /// A step with the place of its field in the row.
    private sealed interface Step {
        /// A value that is known beforehand.
        record Fixed(int index, Object value) implements Step {}

        /// A value that is computed.
        record Computed(int index, Field field, Expression expression, ValueCheck check)
                implements Step {}
    }

    private final List<Field> fields;
    private final List<Step> steps;
    private final int[] requiredAdded;
    private final JsonSplice splice;

    private Enrichment(Contract contract, List<Step> steps) {
        this.fields = contract.fields();
        this.steps = List.copyOf(steps);
        List<Integer> added = new ArrayList<>();
        List<Integer> required = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).added()) {
                added.add(i);
                if (fields.get(i).required()) {
                    required.add(i);
                }
            }
        }
        this.requiredAdded = required.stream().mapToInt(Integer::intValue).toArray();
        this.splice = new JsonSplice(fields, added, contract.unknownFields() == UnknownFields.DROP);
    }

    /// Compiles the steps of a contract that was read from a file, and so is known to be sound.
    ///
    /// @throws ProblemsException when an expression is not
    public static Enrichment of(Contract contract) {
        Problems problems = new Problems();
        Enrichment enrichment = compile(contract, problems);
        if (!problems.isEmpty()) {
            throw new ProblemsException(problems.list());
        }
        return enrichment;
    }

    /// Compiles the steps; an expression that is not sound, or not of its field's type, is a
    /// problem at its place in the file.
    public static Enrichment compile(Contract contract, Problems problems) {
        List<Step> steps = new ArrayList<>();
        @Nullable ExpressionCompiler compiler = null;
        for (EnrichStep step : contract.steps()) {
            int index = index(contract.fields(), step.field());
            switch (step) {
                case EnrichStep.Constant constant ->
                        steps.add(new Step.Fixed(index, constant.value()));
                case EnrichStep.Derived derived -> {
                    compiler = compiler == null ? new ExpressionCompiler(contract) : compiler;
                    Field field = contract.fields().get(index);
                    compiler.compile(derived, field, problems)
                            .map(expression ->
                                    new Step.Computed(
                                            index, field, expression, ValueCheck.of(field.type())))
                            .ifPresent(steps::add);
                }
            }
        }
        return new Enrichment(contract, steps);
    }

    private static int index(List<Field> fields, String name) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).name().equals(name)) {
                return i;
            }
        }
        throw new IllegalArgumentException("the contract has no field '" + name + "'");
    }

    /// Runs the steps in order, each seeing what the earlier ones set. A computed null leaves its
    /// field out. Yields the whole row, or every reason why a step could not be done.
    public Outcome apply(Row row) {
        if (steps.isEmpty()) {
            return new Outcome.Valid(row);
        }
        @Nullable Object[] values = new Object[fields.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = row.value(i);
        }
        Row enriched = new Row(fields, values);
        List<Reason> reasons = new ArrayList<>(0);
        for (Step step : steps) {
            switch (step) {
                case Step.Fixed(int index, Object value) -> values[index] = value;
                case Step.Computed computed ->
                        values[computed.index()] = computed(computed, enriched, reasons);
            }
        }
        if (reasons.isEmpty()) {
            missing(values, reasons);
        }
        return reasons.isEmpty() ? new Outcome.Valid(enriched) : new Outcome.Rejected(reasons);
    }

    private static @Nullable Object computed(Step.Computed step, Row row, List<Reason> reasons) {
        String name = step.field().name();
        try {
            Object value = step.expression().evaluate(row);
            if (value == null) {
                return null;
            }
            Fault fault = step.check().check(value);
            if (fault == null) {
                return value;
            }
            reasons.add(fault.at(name));
        } catch (ExpressionFailed e) {
            reasons.add(new Reason(ReasonCode.EXPRESSION, name, String.valueOf(e.getMessage())));
        }
        return null;
    }

    private void missing(@Nullable Object[] values, List<Reason> reasons) {
        for (int index : requiredAdded) {
            if (values[index] == null) {
                reasons.add(
                        new Reason(
                                ReasonCode.MISSING,
                                fields.get(index).name(),
                                "is required, and no step gave it a value"));
            }
        }
    }

    /// The enriched event: the client's object with the added fields before its closing brace,
    /// without unknown fields where the contract drops them.
    ///
    /// @param event bytes that a validator found sound
    /// @param unknownFields what the validator said of them
    /// @param row what [#apply] made of their row
    public byte[] splice(byte[] event, boolean unknownFields, Row row) {
        return splice.splice(event, unknownFields, row);
    }
}

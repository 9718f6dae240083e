package leat.core.enrich;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import leat.core.contract.Contract;
import leat.core.contract.Field;
import leat.core.contract.UnknownFields;
import leat.core.outcome.Outcome;
import leat.core.validate.Row;
import leat.core.yaml.Problems;
import leat.core.yaml.ProblemsException;

/// The compiled steps of a contract: they add fields to rows, and the same fields to the event's
/// bytes. Without expressions nothing of CEL is loaded. Safe for many threads.
public final class Enrichment {

    private final List<Field> fields;
    private final List<Step> steps;
    private final boolean asks;
    private final int[] requiredAdded;
    private final JsonSplice splice;

    private Enrichment(Contract contract, List<Step> steps) {
        this.fields = contract.fields();
        this.steps = List.copyOf(steps);
        this.asks =
                steps.stream()
                        .anyMatch(step ->
                                step instanceof Step.Fetched || step instanceof Step.Predicted);
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
        return new Enrichment(contract, new StepCompiler(contract, problems).compile());
    }

    /// Whether a step asks somebody, so that [#apply(List, Answers)] is needed and may wait.
    public boolean asks() {
        return asks;
    }

    /// Runs the steps in order, each seeing what the earlier ones set. A computed null leaves its
    /// field out. Yields the whole row, or every reason why a step could not be done.
    public Enriched apply(Row row) {
        if (steps.isEmpty()) {
            return new Enriched(new Outcome.Valid(row), List.of(), List.of());
        }
        // The time matters to answers only, and nobody is asked.
        return apply(List.of(new TimedRow(row, Instant.EPOCH)), Answers.NONE).getFirst();
    }

    /// Runs the steps for many events, each step for all of them before the next, so that whoever
    /// is asked is asked once a batch. The results are in the order of the rows.
    public List<Enriched> apply(List<TimedRow> rows, Answers answers) {
        List<Work> works = new ArrayList<>(rows.size());
        for (TimedRow row : rows) {
            works.add(new Work(fields, row));
        }
        for (Step step : steps) {
            switch (step) {
                case Step.Fixed(int index, Object value) ->
                        works.forEach(work -> work.set(index, value));
                case Step.Computed computed -> works.forEach(work -> work.compute(computed));
                case Step.Fetched fetched -> new Fetching(fetched).apply(living(works), answers);
                case Step.Predicted predicted ->
                        new Predicting(predicted).apply(living(works), answers);
            }
        }
        return works.stream().map(work -> work.result(requiredAdded)).toList();
    }

    private static List<Work> living(List<Work> works) {
        return works.stream().filter(work -> !work.dead()).toList();
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

package leat.core.evolution;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import leat.core.contract.Contract;
import leat.core.contract.Contract.TimeBounds;
import leat.core.contract.EnrichStep;
import leat.core.contract.UnknownFields;

/// Two versions of one contract, and everything in which their meaning differs. Descriptions, the
/// order of fields, rules of quality, status and dates are no difference.
///
/// The events of a contract are what it lets on to the enriched topic: with `leat.unknownFields:
/// keep` they may hold fields that it does not name, with `reject` and `drop` they do not.
public record Comparison(Contract earlier, Contract later, List<Change> changes) {

    public Comparison {
        changes = List.copyOf(changes);
    }

    /// Compares two contracts of one name.
    ///
    /// @throws IllegalArgumentException when the names differ
    public static Comparison of(Contract earlier, Contract later) {
        if (!earlier.name().equals(later.name())) {
            throw new IllegalArgumentException(
                    earlier.name() + " and " + later.name() + " are two contracts");
        }
        List<Change> changes = new ArrayList<>();
        identity(earlier, later, changes);
        new FieldWalk(isOpen(earlier), isOpen(later), changes)
                .event(earlier.fields(), later.fields());
        unknownFields(earlier.unknownFields(), later.unknownFields(), changes);
        timeBounds(earlier.timeBounds(), later.timeBounds(), changes);
        treatment(earlier, later, changes);
        steps(earlier, later, changes);
        ProtectionChanges.add(earlier, later, changes);
        return new Comparison(earlier, later, changes);
    }

    /// What all changes are together; full when there is none.
    public Compatibility compatibility() {
        return changes.stream()
                .map(Change::compatibility)
                .reduce(Compatibility.FULL, Compatibility::and);
    }

    /// The changes after which an event of the earlier version may not be readable.
    public List<Change> breaking() {
        return changes.stream().filter(change -> !change.compatibility().isBackward()).toList();
    }

    private static boolean isOpen(Contract contract) {
        return contract.unknownFields() == UnknownFields.KEEP;
    }

    /// What decides which event is which, and where it lies.
    private static void identity(Contract earlier, Contract later, List<Change> changes) {
        fixed("leat.key", earlier.key(), later.key(), "events move to other partitions", changes);
        fixed("primaryKey", earlier.id(), later.id(), "the same event gets another id", changes);
        fixed("leat.time", earlier.time(), later.time(), "events get another time", changes);
        fixed(
                "leat.partitions",
                earlier.log().partitions(),
                later.log().partitions(),
                "a topic keeps its partitions",
                changes);
        fixed(
                "leat.lake",
                earlier.lake().partitioning(),
                later.lake().partitioning(),
                "a table keeps its partitioning",
                changes);
        fixed(
                "leat.reference",
                earlier.reference(),
                later.reference(),
                "the newest event of each key is kept from a topic's first event on, or not",
                changes);
    }

    private static void fixed(
            String where, Object earlier, Object later, String why, List<Change> changes) {
        if (!earlier.equals(later)) {
            changes.add(
                    new Change(
                            where,
                            shown(earlier) + " became " + shown(later) + ": " + why,
                            Compatibility.BREAKING,
                            "set it back"));
        }
    }

    private static void unknownFields(
            UnknownFields earlier, UnknownFields later, List<Change> changes) {
        if (earlier != later) {
            boolean backward = later != UnknownFields.REJECT;
            changes.add(
                    new Change(
                            "leat.unknownFields",
                            shown(earlier)
                                    + " became "
                                    + shown(later)
                                    + (backward
                                            ? ""
                                            : ": clients that send more fields are refused"),
                            Compatibility.of(backward, true),
                            backward ? "" : "use drop"));
        }
    }

    private static void timeBounds(TimeBounds earlier, TimeBounds later, List<Change> changes) {
        if (!earlier.equals(later)) {
            boolean backward = within(earlier, later);
            changes.add(
                    new Change(
                            "leat.timeBounds",
                            shown(earlier) + " became " + shown(later),
                            Compatibility.of(backward, within(later, earlier)),
                            backward ? "" : "set it back, or widen it"));
        }
    }

    private static boolean within(TimeBounds inner, TimeBounds outer) {
        return inner.past().compareTo(outer.past()) <= 0
                && inner.future().compareTo(outer.future()) <= 0;
    }

    /// What is done with events, which leaves each of them readable.
    private static void treatment(Contract earlier, Contract later, List<Change> changes) {
        harmless("leat.dedupeWindow", earlier.dedupeWindow(), later.dedupeWindow(), changes);
        harmless("slaProperties", earlier.log().retention(), later.log().retention(), changes);
        harmless("leat.lake", earlier.lake().sortBy(), later.lake().sortBy(), changes);
    }

    private static void harmless(String where, Object earlier, Object later, List<Change> changes) {
        if (!earlier.equals(later)) {
            changes.add(
                    new Change(
                            where,
                            shown(earlier) + " became " + shown(later),
                            Compatibility.FULL,
                            ""));
        }
    }

    private static void steps(Contract earlier, Contract later, List<Change> changes) {
        Map<String, String> before = new HashMap<>();
        earlier.steps().forEach(step -> step.fields().forEach(f -> before.put(f, text(step))));
        for (EnrichStep step : later.steps()) {
            for (String field : step.fields()) {
                String old = before.getOrDefault(field, text(step));
                if (!old.equals(text(step))) {
                    changes.add(
                            new Change(
                                    field,
                                    old
                                            + " became "
                                            + text(step)
                                            + "; events that are there keep their value",
                                    Compatibility.FULL,
                                    ""));
                }
            }
        }
    }

    /// All that a step does, without the place where it stands.
    private static String text(EnrichStep step) {
        return switch (step) {
            case EnrichStep.Constant constant -> "the constant " + constant.value();
            case EnrichStep.Derived derived ->
                    "the expression '"
                            + derived.expression()
                            + "'"
                            + fallback("failure", derived.onFailure());
            case EnrichStep.Fetched fetched ->
                    fetched.question()
                            + " for "
                            + fetched.taken()
                            + fallback("failure", fetched.onFailure())
                            + fallback("missing", fetched.onMissing());
            case EnrichStep.Predicted predicted ->
                    predicted.question()
                            + " for "
                            + predicted.taken()
                            + fallback("failure", predicted.onFailure())
                            + fallback("missing", predicted.onMissing());
        };
    }

    private static String fallback(String when, EnrichStep.Fallback fallback) {
        return switch (fallback) {
            case EnrichStep.Fallback.Dead _ -> "";
            case EnrichStep.Fallback.Skip _ -> " (on " + when + " skipped)";
            case EnrichStep.Fallback.Default(Map<String, Object> values) ->
                    " (on " + when + " " + new TreeMap<>(values) + ")";
        };
    }

    private static String shown(Object value) {
        return switch (value) {
            case java.util.Optional<?> optional -> optional.map(Objects::toString).orElse("none");
            case TimeBounds(var past, var future) -> "past " + past + ", future " + future;
            case Enum<?> word -> word.name().toLowerCase(java.util.Locale.ROOT);
            case List<?> list when list.isEmpty() -> "none";
            default -> value.toString();
        };
    }
}

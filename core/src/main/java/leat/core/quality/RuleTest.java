package leat.core.quality;

import com.google.re2j.Pattern;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.contract.Field;
import leat.core.contract.FieldPath;
import leat.core.contract.Measure;
import leat.core.contract.QualityRule;
import leat.core.contract.Range;
import leat.core.enrich.Condition;
import leat.core.event.Hash128;
import leat.core.outcome.Reason;
import leat.core.validate.Row;
import leat.core.yaml.Problems;
import leat.core.yaml.ProblemsException;
import org.jspecify.annotations.Nullable;

/// A compiled rule: what one event adds to the rule's [Tally]. Safe for many threads.
public final class RuleTest {

    private final QualityRule rule;
    private final String key;
    private final Hits hits;

    private RuleTest(QualityRule rule, Hits hits) {
        this.rule = rule;
        this.key = RuleKeys.of(rule);
        this.hits = hits;
    }

    /// Whether an enriched event is one of those that the rule counts.
    @FunctionalInterface
    private interface Hits {
        boolean test(Seen event);
    }

    /// Compiles the rules of a contract; a condition that is not sound is a problem at its place.
    public static List<RuleTest> compile(Contract contract, Problems problems) {
        List<RuleTest> tests = new ArrayList<>();
        for (QualityRule rule : contract.quality().rules()) {
            hits(contract, rule, problems)
                    .map(hits -> new RuleTest(rule, hits))
                    .ifPresent(tests::add);
        }
        return List.copyOf(tests);
    }

    /// Compiles the rules of a contract that was read from a file, and so is known to be sound.
    public static List<RuleTest> of(Contract contract) {
        Problems problems = new Problems();
        List<RuleTest> tests = compile(contract, problems);
        if (!problems.isEmpty()) {
            throw new ProblemsException(problems.list());
        }
        return tests;
    }

    private static Optional<Hits> hits(Contract contract, QualityRule rule, Problems problems) {
        return switch (rule.measure()) {
            case Measure.NullValues(FieldPath field) ->
                    Optional.of(event -> event.row().value(field) == null);
            case Measure.MissingValues missing ->
                    Optional.of(event -> missing(missing, event.row()));
            case Measure.InvalidValues invalid ->
                    Optional.of(event -> invalid(invalid, event.row()));
            case Measure.OutOfRange(FieldPath field, Range<Double> range) ->
                    Optional.of(event -> outside(range, event.row().value(field)));
            case Measure.Breaches(String text) ->
                    condition(contract.fields(), text, rule, problems)
                            .map(condition -> event -> !condition.holds(event.row()));
            case Measure.Matches(String text) ->
                    condition(contract.fields(), text, rule, problems)
                            .map(condition -> event -> condition.holds(event.row()));
            case Measure.DeadMatches(String text) ->
                    condition(DeadEvent.FIELDS, text, rule, problems)
                            .map(condition -> event -> condition.holds(event.row()));
            case Measure.LateEvents(Duration bound) -> {
                long micros = bound.toNanos() / 1_000;
                yield Optional.of(event -> event.appendMicros() - event.eventMicros() > micros);
            }
            case Measure.RowCount _, Measure.Freshness _, Measure.DuplicateValues _ ->
                    Optional.of(_ -> true);
        };
    }

    private static Optional<Condition> condition(
            List<Field> fields, String text, QualityRule rule, Problems problems) {
        return Condition.compile(fields, text, rule.location(), "quality." + rule.id(), problems);
    }

    /// The rule's key in [Input]s.
    public String key() {
        return key;
    }

    public QualityRule rule() {
        return rule;
    }

    /// Whether an enriched event breaks a rule that quarantines.
    public boolean quarantines(Seen event) {
        return rule.quarantine() && hits.test(event);
    }

    /// Adds an event to the tally of its window. A quarantined event stands among the dead letters
    /// and counts as if it stood among the enriched events, for the rules that quarantined it.
    public void add(Seen event, Tally.Builder tally) {
        if (event.dead()) {
            addDead(event, tally);
            return;
        }
        if (rule.measure() instanceof Measure.DeadMatches) {
            tally.row(false);
        } else if (rule.measure() instanceof Measure.DuplicateValues(List<FieldPath> fields)) {
            tally.row(false);
            Hash128 identity = identity(event.row(), fields);
            if (identity != null) {
                tally.identity(identity);
            }
        } else {
            tally.row(hits.test(event));
            tally.newest(event.eventMicros());
        }
    }

    private void addDead(Seen event, Tally.Builder tally) {
        if (rule.measure() instanceof Measure.DeadMatches) {
            tally.row(hits.test(event));
        } else if (rule.quarantine() && DeadEvent.quarantinedBy(event.row(), rule.id())) {
            tally.row(true);
        }
    }

    private static @Nullable Hash128 identity(Row row, List<FieldPath> fields) {
        String[] parts = new String[fields.size()];
        for (int i = 0; i < parts.length; i++) {
            Object value = row.value(fields.get(i));
            if (value == null) {
                return null;
            }
            parts[i] = value.toString();
        }
        return Hash128.of(parts);
    }

    private static boolean missing(Measure.MissingValues missing, Row row) {
        Object value = row.value(missing.field());
        return value == null ? missing.absent() : missing.values().contains(value);
    }

    private static boolean invalid(Measure.InvalidValues invalid, Row row) {
        Object value = row.value(invalid.field());
        if (value == null) {
            return false;
        }
        Optional<Pattern> pattern = invalid.pattern();
        return (!invalid.valid().isEmpty() && !invalid.valid().contains(value))
                || (pattern.isPresent() && !pattern.get().matcher(value.toString()).find());
    }

    private static boolean outside(Range<Double> range, @Nullable Object value) {
        return switch (value) {
            case Long whole -> !range.contains((double) whole);
            case Double real -> !range.contains(real);
            case BigDecimal decimal -> !range.contains(decimal.doubleValue());
            case null, default -> false;
        };
    }

    /// The reason why a rule refuses an event.
    public Reason reason() {
        return DeadEvent.reason(rule);
    }
}

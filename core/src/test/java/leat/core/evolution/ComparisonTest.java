package leat.core.evolution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import leat.core.contract.Contract;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.contract.UnknownFields;
import leat.core.outcome.Outcome;
import leat.core.validate.Row;
import leat.core.validate.Validator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The verdict against the validator: what is said to be readable has to be, with the same values.
class ComparisonTest {

    private static final int PAIRS = 2_000;
    private static final int EVENTS = 25;

    private final Map<Compatibility, Integer> classes = new EnumMap<>(Compatibility.class);
    private int readable;
    private int denials;
    private int refuted;

    @Test
    void whatIsSaidToBeReadableIsReadWithTheSameValues() {
        long seed = Long.getLong("leat.seed", System.nanoTime());
        System.out.println("ComparisonTest seed " + seed);
        Random seeds = new Random(seed);
        for (int i = 0; i < PAIRS; i++) {
            RandomEvolution random = new RandomEvolution(new Random(seeds.nextLong()));
            Contract earlier = random.contract();
            Contract later = random.later(earlier);
            Comparison comparison = Comparison.of(earlier, later);
            classes.merge(comparison.compatibility(), 1, Integer::sum);
            String pair = "seed " + seed + " pair " + i + "\n" + comparison;
            boolean backward = comparison.compatibility().isBackward();
            boolean forward = comparison.compatibility().isForward();
            boolean counterexample = false;
            for (int e = 0; e < EVENTS; e++) {
                boolean passed = holds(earlier, later, random.event(earlier), true, backward, pair);
                counterexample |= !passed;
                passed = holds(later, earlier, random.event(later), false, forward, pair);
                counterexample |= !passed;
            }
            if (!backward || !forward) {
                denials++;
                refuted += counterexample ? 1 : 0;
            }
        }
        System.out.println(
                classes + ", " + readable + " events read, " + refuted + " of " + denials);

        assertThat(classes)
                .hasSize(4)
                .allSatisfy((_, count) -> assertThat(count).isGreaterThan(PAIRS / 50));
        assertThat(readable).isGreaterThan(15_000);
        // Not more careful than it must be: most verdicts of less than full have an event that
        // shows
        // why.
        assertThat(refuted).isGreaterThan(denials / 2);
    }

    /// Whether a reader of `by` reads an event of `of` with the same values; it has to when
    /// promised.
    private boolean holds(
            Contract of,
            Contract by,
            Map<String, Object> event,
            boolean renames,
            boolean promised,
            String pair) {
        if (!(validate(of, event) instanceof Outcome.Valid(Row written, boolean _))) {
            return true;
        }
        Map<String, Object> seen = renames ? renamed(by.fields(), event) : event;
        Contract reader = renames ? by : RandomEvolution.with(by, by.fields(), UnknownFields.KEEP);
        Outcome read = validate(reader, seen);
        boolean same = read instanceof Outcome.Valid(Row row, boolean _) && same(written, row);
        if (promised) {
            readable++;
            assertThat(same).as("%s\n%s\nreads %s", pair, json(event), read).isTrue();
        }
        return same;
    }

    private static Outcome validate(Contract contract, Map<String, Object> event) {
        return Validator.forRaw(contract).validate(json(event).getBytes(StandardCharsets.UTF_8));
    }

    /// The event as a reader finds it that knows what fields were called before.
    private static Map<String, Object> renamed(List<Field> fields, Map<String, Object> event) {
        Map<String, Object> renamed = new LinkedHashMap<>(event);
        for (Field field : fields) {
            field.formerName()
                    .filter(former -> fields.stream().noneMatch(f -> f.name().equals(former)))
                    .filter(renamed::containsKey)
                    .ifPresent(former -> renamed.putIfAbsent(field.name(), renamed.remove(former)));
            renamed.computeIfPresent(field.name(), (_, value) -> renamed(field.type(), value));
        }
        return renamed;
    }

    @SuppressWarnings("unchecked") // trees of the generator
    private static Object renamed(FieldType type, Object value) {
        if (type instanceof FieldType.Struct struct && value instanceof Map<?, ?> object) {
            return renamed(struct.fields(), (Map<String, Object>) object);
        }
        if (type instanceof FieldType.Array array && value instanceof List<?> list) {
            return list.stream().map(item -> renamed(array.items(), item)).toList();
        }
        return value;
    }

    /// Whether every field of both has one value; a field of `written` that `read` does not have is
    /// one that the reader passes over.
    private static boolean same(Row written, Row read) {
        for (int i = 0; i < read.fields().size(); i++) {
            Field field = read.fields().get(i);
            Object value = value(written, field);
            if (value == null ? read.value(i) != null : !same(value, read.value(i))) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable Object value(Row row, Field field) {
        Object value = row.value(field.name());
        return value != null || row.fields().stream().anyMatch(f -> f.name().equals(field.name()))
                ? value
                : field.formerName().map(row::value).orElse(null);
    }

    private static boolean same(Object written, @Nullable Object read) {
        if (written instanceof Row a && read instanceof Row b) {
            return same(a, b);
        }
        if (written instanceof List<?> a && read instanceof List<?> b) {
            if (a.size() != b.size()) {
                return false;
            }
            for (int i = 0; i < a.size(); i++) {
                if (!same(a.get(i), b.get(i))) {
                    return false;
                }
            }
            return true;
        }
        return written.equals(read);
    }

    private static String json(Object value) {
        return switch (value) {
            case Map<?, ?> object ->
                    object.entrySet().stream()
                            .map(e -> "\"" + e.getKey() + "\":" + json(e.getValue()))
                            .collect(Collectors.joining(",", "{", "}"));
            case List<?> list ->
                    new ArrayList<>(list)
                            .stream()
                                    .map(ComparisonTest::json)
                                    .collect(Collectors.joining(",", "[", "]"));
            default -> value.toString();
        };
    }
}

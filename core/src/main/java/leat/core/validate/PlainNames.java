package leat.core.validate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import leat.core.contract.Field;
import org.jspecify.annotations.Nullable;

/// The names of one object's fields as they stand in an event. A name is compared with the one that
/// followed the last time, so that events of one client cost no look-up.
final class PlainNames {

    private static final byte[] UNKNOWN = {};

    private final byte[][] quoted;
    private final Map<@Nullable String, Integer> indexes = new HashMap<>();

    /// The field that came after field `i - 1` the last time. Threads may overwrite each other's
    /// guesses: a wrong one costs time only.
    private final int[] guesses;

    /// @param known which of the fields can be found
    PlainNames(List<Field> fields, Predicate<Field> known) {
        this.quoted = new byte[fields.size()][];
        this.guesses = new int[fields.size() + 1];
        for (int i = 0; i < quoted.length; i++) {
            Field field = fields.get(i);
            boolean isKnown = known.test(field);
            quoted[i] = isKnown ? PlainScan.quoted(field.name()) : UNKNOWN;
            if (isKnown) {
                indexes.put(field.name(), i);
            }
            guesses[i] = i;
        }
    }

    /// Passes a name and gives its field's index; -1 when it is none of a known field in plain
    /// form.
    ///
    /// @param after one more than the index of the field before it, 0 for the first
    int pass(PlainScan scan, int after) {
        int guess = guesses[after];
        if (guess < quoted.length && quoted[guess].length > 0 && scan.pass(quoted[guess])) {
            return guess;
        }
        Integer field = indexes.get(scan.text());
        if (field == null) {
            return -1;
        }
        guesses[after] = field;
        return field;
    }
}

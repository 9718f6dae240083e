package leat.core.feature;

import leat.core.event.Hash128;
import org.jspecify.annotations.Nullable;

/// Which of an event's values count, and as what.
final class Values {

    /// How texts are told apart; entries of another way are not of the layout.
    static final String HASHED = "long texts by hash";

    private static final int LONGEST_TOLD = 32;
    private static final String HASH_MARK = "#";

    private Values() {}

    /// The value that an event gives a series: −0.0 is 0.0, and what is not finite is none.
    static @Nullable Object value(Observation observation, int series) {
        Object value = observation.values().get(series);
        if (!(value instanceof Double number)) {
            return value;
        }
        double finite = number;
        if (finite == 0) {
            return 0.0;
        }
        return Double.isFinite(finite) ? value : null;
    }

    /// A result as the vector has it: none where it is beyond the doubles.
    static @Nullable Double result(double value) {
        if (value == 0) {
            return 0.0;
        }
        return Double.isFinite(value) ? (Double) value : null;
    }

    /// What a value is told apart by from others: a long text by its hash, so that many different
    /// ones fit a tile. With its mark a hash is longer than any text that stands for itself.
    static Object told(Object value) {
        return value instanceof String text && text.length() > LONGEST_TOLD
                ? HASH_MARK + Hash128.of(text)
                : value;
    }

    static long weightBytes(Object value) {
        return value instanceof String text ? 56 + (2L * text.length()) : 16;
    }
}

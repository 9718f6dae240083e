package leat.core.feature;

import org.jspecify.annotations.Nullable;

/// Which of an event's values count, and as what.
final class Values {

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

    static long weightBytes(Object value) {
        return value instanceof String text ? 56 + (2L * text.length()) : 16;
    }
}

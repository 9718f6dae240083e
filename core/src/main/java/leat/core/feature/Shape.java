package leat.core.feature;

import java.util.List;
import java.util.Set;

/// What is kept of an entity's events, and what a vector is made of.
///
/// @param hopMicros the width of a tile
/// @param series what the events give, one value or none each
/// @param outputs the vector's values, in their order
public record Shape(long hopMicros, List<Series> series, List<Output> outputs) {

    public Shape {
        series = List.copyOf(series);
        outputs = List.copyOf(outputs);
    }

    /// Values of one expression.
    ///
    /// @param needs all that outputs make of it within windows; empty when only its newest value is
    ///   asked for
    /// @param distinctLimit up to how many different values are told apart
    public record Series(ValueKind kind, Set<Aggregate> needs, int distinctLimit) {
        public Series {
            needs = Set.copyOf(needs);
        }
    }

    /// The class of a series' values.
    public enum ValueKind {
        /// [Double], finite
        NUMBER,
        /// [Long]
        INTEGER,
        /// [String]
        TEXT,
        /// [Boolean]
        BOOLEAN,
        /// [Long], microseconds since 1970
        TIMESTAMP
    }

    /// One value of a vector.
    public sealed interface Output {

        /// The index of the series that it is made of.
        int series();
    }

    /// The value that the entity's newest event has, null where it has none.
    public record Newest(int series) implements Output {}

    /// What is made of a window's values.
    ///
    /// @param windowMicros a multiple of the hop
    public record Window(int series, Aggregate aggregate, long windowMicros) implements Output {}
}

package leat.core.feature;

import java.util.Comparator;

/// What is kept of an event, and where it stands in the order of an entity's events.
record Kept<E>(long timeMicros, int partition, long offset, E event) {

    static <E> Kept<E> of(Observation observation, E event) {
        return new Kept<>(
                observation.timeMicros(), observation.partition(), observation.offset(), event);
    }

    /// The order of an entity's events.
    static <E> Comparator<Kept<E>> order() {
        return Comparator.<Kept<E>>comparingLong(Kept::timeMicros)
                .thenComparingInt(Kept::partition)
                .thenComparingLong(Kept::offset);
    }
}

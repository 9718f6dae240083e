package leat.core.contract;

import java.util.Optional;

/// The values between two bounds, each of them open, closed or absent.
public record Range<T extends Comparable<? super T>>(
        Optional<Bound<T>> lower, Optional<Bound<T>> upper) {

    /// One end of a range; `inclusive` when the value itself belongs to it.
    public record Bound<T extends Comparable<? super T>>(T value, boolean inclusive) {}

    public static <T extends Comparable<? super T>> Range<T> all() {
        return new Range<>(Optional.empty(), Optional.empty());
    }

    public static <T extends Comparable<? super T>> Range<T> closed(T lower, T upper) {
        return new Range<>(
                Optional.of(new Bound<>(lower, true)), Optional.of(new Bound<>(upper, true)));
    }

    /// Whether it has no bounds.
    public boolean isAll() {
        return lower.isEmpty() && upper.isEmpty();
    }

    public boolean contains(T value) {
        return aboveLower(value) && belowUpper(value);
    }

    private boolean aboveLower(T value) {
        if (lower.isEmpty()) {
            return true;
        }
        int order = value.compareTo(lower.get().value());
        return lower.get().inclusive() ? order >= 0 : order > 0;
    }

    private boolean belowUpper(T value) {
        if (upper.isEmpty()) {
            return true;
        }
        int order = value.compareTo(upper.get().value());
        return upper.get().inclusive() ? order <= 0 : order < 0;
    }

    /// The range in interval notation, `[0, 100)`; an absent bound is `…`.
    @Override
    public String toString() {
        String from = lower.map(b -> (b.inclusive() ? "[" : "(") + b.value()).orElse("(…");
        String to = upper.map(b -> b.value() + (b.inclusive() ? "]" : ")")).orElse("…)");
        return from + ", " + to;
    }
}

package leat.core.feature;

import java.util.Locale;
import java.util.Optional;

/// What is made of the values of a window; what each means exactly stands in
/// `docs/decisions/feature-views.md`.
public enum Aggregate {
    COUNT,
    SUM,
    MEAN,
    STDDEV,
    MIN,
    MAX,
    FIRST,
    LAST,
    DISTINCT,
    RATE,
    AGE;

    /// As it is written in a view.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Aggregate> of(String word) {
        for (Aggregate aggregate : values()) {
            if (aggregate.word().equals(word)) {
                return Optional.of(aggregate);
            }
        }
        return Optional.empty();
    }

    /// Whether it needs numbers.
    public boolean numeric() {
        return switch (this) {
            case SUM, MEAN, STDDEV, MIN, MAX, RATE -> true;
            case COUNT, FIRST, LAST, DISTINCT, AGE -> false;
        };
    }
}

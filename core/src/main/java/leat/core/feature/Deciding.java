package leat.core.feature;

import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The events of a window that alone decide what is made of it, whatever the others are. Of several
/// with the same extreme value it is the newest.
final class Deciding<E> {

    private enum Rule {
        SMALLEST,
        LARGEST,
        OLDEST,
        NEWEST;

        /// The event that decides comes last.
        <E> Comparator<Candidate<E>> order() {
            Comparator<Candidate<E>> byPlace =
                    Comparator.comparing(Candidate::kept, Kept.<E>order());
            Comparator<Candidate<E>> byValue = Comparator.comparingDouble(Candidate::number);
            return switch (this) {
                case SMALLEST -> byValue.reversed().thenComparing(byPlace);
                case LARGEST -> byValue.thenComparing(byPlace);
                case OLDEST -> byPlace.reversed();
                case NEWEST -> byPlace;
            };
        }
    }

    private record Candidate<E>(Object value, Kept<E> kept) {
        double number() {
            return ((Number) value).doubleValue();
        }
    }

    /// The best by one rule of those that were added.
    private static final class Best<E> {
        private final Rule rule;
        private final Comparator<Candidate<E>> order;
        private @Nullable Candidate<E> candidate;

        Best(Rule rule) {
            this.rule = rule;
            this.order = rule.order();
        }

        void add(Candidate<E> other) {
            if (candidate == null || order.compare(candidate, other) < 0) {
                candidate = other;
            }
        }

        @Nullable Kept<E> kept() {
            return candidate == null ? null : candidate.kept();
        }
    }

    private final List<Best<E>> best;

    private Deciding(Set<Rule> rules) {
        this.best = rules.stream().map(Best<E>::new).toList();
    }

    static <E> Deciding<E> of(Aggregate aggregate) {
        return new Deciding<>(
                switch (aggregate) {
                    case MIN -> EnumSet.of(Rule.SMALLEST);
                    case MAX -> EnumSet.of(Rule.LARGEST);
                    case FIRST -> EnumSet.of(Rule.OLDEST);
                    case LAST, AGE -> EnumSet.of(Rule.NEWEST);
                    case RATE -> EnumSet.of(Rule.OLDEST, Rule.NEWEST);
                    case COUNT, SUM, MEAN, STDDEV, DISTINCT -> EnumSet.noneOf(Rule.class);
                });
    }

    /// @param value that the event gives
    void add(Object value, Kept<E> kept) {
        if (!best.isEmpty()) {
            Candidate<E> candidate = new Candidate<>(value, kept);
            best.forEach(one -> one.add(candidate));
        }
    }

    /// Whether the newest event alone decides, and the one that is known happened at a time.
    boolean isNewestOf(long timeMicros) {
        if (best.size() != 1 || best.getFirst().rule != Rule.NEWEST) {
            return false;
        }
        Kept<E> kept = best.getFirst().kept();
        return kept != null && kept.timeMicros() == timeMicros;
    }

    /// The newest first; empty where no event decides alone, or there is none.
    List<E> found() {
        return best.stream()
                .map(Best::kept)
                .filter(Objects::nonNull)
                .distinct()
                .sorted(Kept.<E>order().reversed())
                .map(Kept::event)
                .toList();
    }
}

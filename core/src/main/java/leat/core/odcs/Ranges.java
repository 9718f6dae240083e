package leat.core.odcs;

import java.util.Optional;
import java.util.function.Function;
import leat.core.contract.Range;
import leat.core.contract.Range.Bound;
import leat.core.yaml.Keys;
import leat.core.yaml.YamlNode.Scalar;

/// Reads ranges: bounds that the options name, checked to leave room for a value.
final class Ranges {

    private static final int MAX_LENGTH = 16 << 20;

    private Ranges() {}

    /// `lowest` and `highest` as a range of lengths or counts.
    static Range<Integer> sizes(Keys options, String lowest, String highest) {
        Optional<Integer> lower = options.integer(lowest, 0, MAX_LENGTH);
        Optional<Integer> upper = options.integer(highest, 0, MAX_LENGTH);
        return checked(
                options,
                lower.map(value -> new Bound<>(value, true)),
                upper.map(value -> new Bound<>(value, true)));
    }

    /// `minimum`, `maximum` and their exclusive kin.
    static <T extends Comparable<? super T>> Range<T> of(Keys options, Function<Scalar, T> parser) {
        return checked(
                options,
                bound(options, "minimum", "exclusiveMinimum", parser),
                bound(options, "maximum", "exclusiveMaximum", parser));
    }

    /// `exclusive…` is a bound of its own, or `true` to open the inclusive one as ODCS 3.0 has it.
    private static <T extends Comparable<? super T>> Optional<Bound<T>> bound(
            Keys options, String inclusive, String exclusive, Function<Scalar, T> parser) {
        Optional<T> closed = options.parsed(inclusive, parser);
        Optional<Scalar> open = options.scalar(exclusive);
        if (open.isPresent() && open.get().isBoolean()) {
            boolean closedEnd = open.get().text().equals("false");
            return closed.map(value -> new Bound<>(value, closedEnd));
        }
        Optional<T> openValue = options.parsed(exclusive, parser);
        if (closed.isPresent() && openValue.isPresent()) {
            options.complain(exclusive, "stands beside " + inclusive, "keep one of the two");
        }
        return closed.map(value -> new Bound<>(value, true))
                .or(() -> openValue.map(value -> new Bound<>(value, false)));
    }

    private static <T extends Comparable<? super T>> Range<T> checked(
            Keys options, Optional<Bound<T>> lower, Optional<Bound<T>> upper) {
        if (lower.isPresent() && upper.isPresent()) {
            int order = lower.get().value().compareTo(upper.get().value());
            boolean open = !lower.get().inclusive() || !upper.get().inclusive();
            if (order > 0 || (order == 0 && open)) {
                options.problems()
                        .add(
                                options.location(),
                                options.path(),
                                "no value lies in " + new Range<>(lower, upper),
                                "widen the range");
            }
        }
        return new Range<>(lower, upper);
    }
}

package leat.core.evolution;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import leat.core.contract.FieldType;
import leat.core.contract.FieldType.TimestampEncoding;
import leat.core.contract.Range;
import leat.core.validate.ValueCheck;

/// Whether one type of single values admits all that another of the same kind admits, and reads it
/// the same. It may say no where the truth is yes (two patterns can mean the same), never the other
/// way round.
final class Inclusion {

    private Inclusion() {}

    static boolean within(FieldType.Text inner, FieldType.Text outer) {
        if (!inner.allowed().isEmpty()) {
            return allowedWithin(inner.allowed(), inner, outer);
        }
        return within(wholeLengths(inner.length()), wholeLengths(outer.length()))
                && outer.allowed().isEmpty()
                && (outer.pattern().isEmpty() || text(outer).equals(text(inner)))
                && (outer.format().isEmpty() || outer.format().equals(inner.format()));
    }

    private static Optional<String> text(FieldType.Text type) {
        return type.pattern().map(com.google.re2j.Pattern::pattern);
    }

    static boolean within(FieldType.Int inner, FieldType.Int outer) {
        if (!inner.allowed().isEmpty()) {
            return allowedWithin(inner.allowed(), inner, outer);
        }
        return within(wholeNumbers(inner.range()), wholeNumbers(outer.range()))
                && outer.allowed().isEmpty()
                && (outer.multipleOf().isEmpty()
                        || inner.multipleOf()
                                .filter(step -> step % outer.multipleOf().get() == 0)
                                .isPresent());
    }

    static boolean within(FieldType.Real inner, FieldType.Real outer) {
        if (!inner.allowed().isEmpty()) {
            return allowedWithin(inner.allowed(), inner, outer);
        }
        return within(inner.range(), outer.range())
                && outer.allowed().isEmpty()
                && (outer.multipleOf().isEmpty()
                        || inner.multipleOf()
                                .filter(step -> isMultiple(step, outer.multipleOf().get()))
                                .isPresent());
    }

    private static boolean isMultiple(BigDecimal step, BigDecimal of) {
        return step.remainder(of).signum() == 0;
    }

    /// Another scale is another value: a column keeps the digits behind the point that it was made
    /// with, and `5.00` and `5.000` are different keys.
    static boolean within(FieldType.Decimal inner, FieldType.Decimal outer) {
        return inner.scale() == outer.scale()
                && inner.precision() <= outer.precision()
                && within(inner.range(), outer.range());
    }

    static boolean within(FieldType.Date inner, FieldType.Date outer) {
        return inner.pattern().equals(outer.pattern()) && within(inner.range(), outer.range());
    }

    static boolean within(FieldType.Time inner, FieldType.Time outer) {
        return inner.pattern().equals(outer.pattern()) && within(inner.range(), outer.range());
    }

    /// A text without a zone is another instant under another default zone, and no instant at all
    /// without one.
    static boolean within(FieldType.Timestamp inner, FieldType.Timestamp outer) {
        boolean sameReading =
                switch (inner.encoding()) {
                    case TimestampEncoding.Epoch(var unit) ->
                            outer.encoding() instanceof TimestampEncoding.Epoch other
                                    && unit.equals(other.unit());
                    case TimestampEncoding.Formatted formatted ->
                            outer.encoding() instanceof TimestampEncoding.Formatted other
                                    && formatted.pattern().equals(other.pattern())
                                    && (inner.defaultZone().isEmpty()
                                            || inner.defaultZone().equals(outer.defaultZone()));
                };
        return sameReading && within(inner.range(), outer.range());
    }

    /// The values that are really admitted are tried one by one.
    private static boolean allowedWithin(List<?> allowed, FieldType inner, FieldType outer) {
        ValueCheck innerCheck = ValueCheck.of(inner);
        ValueCheck outerCheck = ValueCheck.of(outer);
        return allowed.stream()
                .filter(value -> innerCheck.check(value) == null)
                .allMatch(value -> outerCheck.check(value) == null);
    }

    static <T extends Comparable<? super T>> boolean within(Range<T> inner, Range<T> outer) {
        boolean lower =
                outer.lower().isEmpty()
                        || inner.lower()
                                .filter(bound -> bounded(bound, outer.lower().get(), 1))
                                .isPresent();
        boolean upper =
                outer.upper().isEmpty()
                        || inner.upper()
                                .filter(bound -> bounded(bound, outer.upper().get(), -1))
                                .isPresent();
        return lower && upper;
    }

    /// @param inward the sign of the way from the outer bound into its range
    private static <T extends Comparable<? super T>> boolean bounded(
            Range.Bound<T> inner, Range.Bound<T> outer, int inward) {
        int order = Integer.signum(inner.value().compareTo(outer.value())) * inward;
        return order > 0 || (order == 0 && (outer.inclusive() || !inner.inclusive()));
    }

    /// The same integers with closed bounds, so that above 0 and from 1 on are the same.
    private static Range<Long> wholeNumbers(Range<Long> range) {
        return Range.closed(
                range.lower()
                        .map(b -> b.inclusive() ? b.value() : Math.addExact(b.value(), 1))
                        .orElse(Long.MIN_VALUE),
                range.upper()
                        .map(b -> b.inclusive() ? b.value() : Math.subtractExact(b.value(), 1))
                        .orElse(Long.MAX_VALUE));
    }

    static Range<Integer> wholeLengths(Range<Integer> range) {
        return Range.closed(
                range.lower().map(Range.Bound::value).orElse(0),
                range.upper().map(Range.Bound::value).orElse(Integer.MAX_VALUE));
    }
}

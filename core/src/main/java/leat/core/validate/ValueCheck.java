package leat.core.validate;

import com.google.re2j.Pattern;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import leat.core.contract.FieldType;
import leat.core.contract.Range;
import leat.core.contract.TextFormat;
import leat.core.outcome.ReasonCode;
import org.jspecify.annotations.Nullable;

/// What a type demands of a value beyond its Java class: ranges, lengths, patterns, formats,
/// allowed values. The same check serves what clients send, what expressions yield and constants.
@FunctionalInterface
public interface ValueCheck {

    /// The first thing that is wrong with a value of the type's value class; null when it is sound.
    @Nullable Fault check(Object value);

    /// Compiles the check of a type. Objects and arrays have none: their parts are checked one by
    /// one.
    static ValueCheck of(FieldType type) {
        return switch (type) {
            case FieldType.Text text -> new TextCheck(text);
            case FieldType.Int integer -> new IntCheck(integer);
            case FieldType.Real real -> new RealCheck(real);
            case FieldType.Decimal decimal -> value -> outside(decimal.range(), (BigDecimal) value);
            case FieldType.Date date -> value -> outside(date.range(), (LocalDate) value);
            case FieldType.Time time -> value -> outside(time.range(), (LocalTime) value);
            case FieldType.Timestamp timestamp ->
                    value -> outside(timestamp.range(), (Instant) value);
            case FieldType.Bool _, FieldType.Struct _, FieldType.Array _ -> _ -> null;
        };
    }

    /// The check of values that were judged before: only what no table could hold is at fault.
    static ValueCheck ofJudged(FieldType type) {
        return type instanceof FieldType.Text
                ? value -> TextCheck.codePoints((String) value) < 0 ? TextCheck.HALF_PAIR : null
                : _ -> null;
    }

    private static <T extends Comparable<? super T>> @Nullable Fault outside(
            Range<T> range, T value) {
        return range.contains(value)
                ? null
                : new Fault(ReasonCode.RANGE, value + " is outside " + range);
    }

    /// Strings.
    final class TextCheck implements ValueCheck {
        static final Fault HALF_PAIR =
                new Fault(
                        ReasonCode.MALFORMED,
                        "holds half a surrogate pair, which no text can hold");

        private final int shortest;
        private final int longest;
        private final Range<Integer> length;
        private final @Nullable Pattern pattern;
        private final @Nullable TextFormat format;
        private final List<String> allowed;
        private final Set<String> allowedSet;

        TextCheck(FieldType.Text type) {
            this.length = type.length();
            this.shortest = length.lower().map(Range.Bound::value).orElse(0);
            this.longest = length.upper().map(Range.Bound::value).orElse(Integer.MAX_VALUE);
            this.pattern = type.pattern().orElse(null);
            this.format = type.format().orElse(null);
            this.allowed = type.allowed();
            this.allowedSet = new HashSet<>(allowed);
        }

        @Override
        public @Nullable Fault check(Object value) {
            String text = (String) value;
            int points = codePoints(text);
            if (points < 0) {
                return HALF_PAIR;
            }
            if (points < shortest || points > longest) {
                return new Fault(
                        ReasonCode.LENGTH, points + " characters, the contract says " + length);
            }
            if (!allowedSet.isEmpty() && !allowedSet.contains(text)) {
                return new Fault(ReasonCode.ENUM, quoted(text) + " is not one of " + allowed);
            }
            if (pattern != null && !pattern.matcher(text).find()) {
                return new Fault(
                        ReasonCode.PATTERN, quoted(text) + " does not match " + pattern.pattern());
            }
            return format == null || TextFormats.matches(format, text)
                    ? null
                    : new Fault(
                            ReasonCode.FORMAT,
                            quoted(text) + " is not of the format " + format.jsonSchemaName());
        }

        private static String quoted(String text) {
            return "'" + (text.length() > 100 ? text.substring(0, 100) + "…" : text) + "'";
        }

        /// How many code points a text has, -1 when a surrogate stands alone.
        static int codePoints(String text) {
            int chars = text.length();
            int pairs = 0;
            for (int i = 0; i < chars; i++) {
                if (Character.isSurrogate(text.charAt(i))) {
                    if (i + 1 == chars
                            || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
                        return -1;
                    }
                    pairs++;
                    i++;
                }
            }
            return chars - pairs;
        }
    }

    /// Integers.
    final class IntCheck implements ValueCheck {
        private final Range<Long> range;
        private final long lowest;
        private final long highest;
        private final Optional<Long> multipleOf;
        private final List<Long> allowed;

        IntCheck(FieldType.Int type) {
            this.range = type.range();
            this.lowest =
                    range.lower()
                            .map(b -> b.inclusive() ? b.value() : Math.addExact(b.value(), 1))
                            .orElse(Long.MIN_VALUE);
            this.highest =
                    range.upper()
                            .map(b -> b.inclusive() ? b.value() : Math.subtractExact(b.value(), 1))
                            .orElse(Long.MAX_VALUE);
            this.multipleOf = type.multipleOf();
            this.allowed = type.allowed();
        }

        @Override
        public @Nullable Fault check(Object value) {
            long number = (Long) value;
            if (number < lowest || number > highest) {
                return new Fault(ReasonCode.RANGE, number + " is outside " + range);
            }
            if (!allowed.isEmpty() && !allowed.contains(value)) {
                return new Fault(ReasonCode.ENUM, number + " is not one of " + allowed);
            }
            return multipleOf.isEmpty() || number % multipleOf.get() == 0
                    ? null
                    : new Fault(
                            ReasonCode.MULTIPLE_OF,
                            number + " is not a multiple of " + multipleOf.get());
        }
    }

    /// Doubles; always finite.
    final class RealCheck implements ValueCheck {
        private final Range<Double> range;
        private final double lowest;
        private final double highest;
        private final Optional<BigDecimal> multipleOf;
        private final List<Double> allowed;

        RealCheck(FieldType.Real type) {
            this.range = type.range();
            this.lowest =
                    range.lower()
                            .map(b -> b.inclusive() ? b.value() : Math.nextUp(b.value()))
                            .orElse(Double.NEGATIVE_INFINITY);
            this.highest =
                    range.upper()
                            .map(b -> b.inclusive() ? b.value() : Math.nextDown(b.value()))
                            .orElse(Double.POSITIVE_INFINITY);
            this.multipleOf = type.multipleOf();
            this.allowed = type.allowed();
        }

        @Override
        public @Nullable Fault check(Object value) {
            double number = (Double) value;
            if (number < lowest || number > highest) {
                return new Fault(ReasonCode.RANGE, number + " is outside " + range);
            }
            if (!allowed.isEmpty() && !allowed.contains(number + 0.0)) {
                return new Fault(ReasonCode.ENUM, number + " is not one of " + allowed);
            }
            return multipleOf.isEmpty()
                            || BigDecimal.valueOf(number).remainder(multipleOf.get()).signum() == 0
                    ? null
                    : new Fault(
                            ReasonCode.MULTIPLE_OF,
                            number + " is not a multiple of " + multipleOf.get());
        }
    }
}

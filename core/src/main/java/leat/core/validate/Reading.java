package leat.core.validate;

import java.math.BigDecimal;
import leat.core.contract.FieldType;
import leat.core.contract.FieldType.TimestampEncoding;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;

/// Small rules of how values are read.
final class Reading {

    private static final int MAX_SCALE = 2000;

    private Reading() {}

    /// The current number exactly; null when its exponent is beyond what any number here can have
    /// (2³¹ or so), which the parser reports by an exception of its own.
    static @Nullable BigDecimal decimal(JsonParser parser) {
        try {
            return parser.getDecimalValue();
        } catch (NumberFormatException _) {
            return null;
        }
    }

    /// The decimal at exactly the type's scale; null when it does not fit without rounding. Huge
    /// exponents are not written out.
    static @Nullable BigDecimal fit(FieldType.Decimal type, @Nullable BigDecimal value) {
        if (value == null) {
            return null;
        }
        if (value.signum() == 0) {
            return BigDecimal.ZERO.setScale(type.scale());
        }
        long digitsBeforePoint = value.precision() - (long) value.scale();
        if (digitsBeforePoint > type.precision() - type.scale() || value.scale() > MAX_SCALE) {
            return null;
        }
        BigDecimal stripped = value.stripTrailingZeros();
        return stripped.scale() > type.scale() ? null : stripped.setScale(type.scale());
    }

    /// The integer; null when it has a fraction or needs more than 64 bits.
    static @Nullable Long whole(@Nullable BigDecimal value) {
        if (value == null) {
            return null;
        }
        if (value.signum() == 0) {
            return 0L;
        }
        long digitsBeforePoint = value.precision() - (long) value.scale();
        if (digitsBeforePoint > 19 || digitsBeforePoint <= 0 || value.scale() > MAX_SCALE) {
            return null;
        }
        BigDecimal stripped = value.stripTrailingZeros();
        if (stripped.scale() > 0) {
            return null;
        }
        java.math.BigInteger integer = stripped.toBigIntegerExact();
        return integer.bitLength() < Long.SIZE ? integer.longValue() : null;
    }

    /// What a type's values are called in messages.
    static String noun(FieldType type) {
        return switch (type) {
            case FieldType.Text _ -> "a string";
            case FieldType.Int _ -> "a 64-bit integer";
            case FieldType.Real _ -> "a number";
            case FieldType.Decimal decimal ->
                    "a decimal(" + decimal.precision() + "," + decimal.scale() + ")";
            case FieldType.Bool _ -> "a boolean";
            case FieldType.Date _ -> "a date";
            case FieldType.Time _ -> "a time of day";
            case FieldType.Timestamp(TimestampEncoding.Epoch epoch, var _, var _) ->
                    "a timestamp, a number of " + unit(epoch) + " since 1970";
            case FieldType.Timestamp _ -> "a timestamp";
            case FieldType.Struct _ -> "an object";
            case FieldType.Array _ -> "an array";
        };
    }

    private static String unit(TimestampEncoding.Epoch epoch) {
        return switch ((int) (epoch.unit().toNanos() / 1000)) {
            case 1 -> "microseconds";
            case 1000 -> "milliseconds";
            default -> "seconds";
        };
    }
}

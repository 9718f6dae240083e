package leat.core.validate;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import leat.core.contract.FieldType;
import leat.core.contract.FieldType.TimestampEncoding;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.NumberInput;

/// A place in the bytes of an event that is read in its plain form. Every method that cannot go on
/// says so and leaves the rest to [Validator], which knows what is wrong, if anything is.
final class PlainScan {

    static final byte[] TRUE = utf8("true");
    static final byte[] FALSE = utf8("false");
    static final byte[] NULL = utf8("null");

    private static final int MAX_NUMBER_CHARS = 100;
    private static final int MAX_LONG_DIGITS = 18;

    /// Beyond what rounding twice can do to the last digits of a quotient.
    private static final double DOUBT = 0x1p-50;

    /// Powers of ten that a double holds exactly.
    private static final double[] TENS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22
    };

    private final byte[] bytes;
    private final int end;
    private int at;

    private boolean ascii;
    private int numberStart;
    private long unscaled;
    private int scale;
    private boolean small;
    private boolean held;

    PlainScan(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.at = offset;
        this.end = offset + length;
    }

    /// A name as it stands in an event; contracts allow none that needs an escape.
    static byte[] quoted(String name) {
        return utf8('"' + name + '"');
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// Passes white space and one character; false when another one stands there.
    boolean pass(char wanted) {
        if (peek() != wanted) {
            return false;
        }
        at++;
        return true;
    }

    /// The next character behind white space, 0 at the end.
    int peek() {
        while (at < end) {
            byte b = bytes[at];
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return b;
            }
            at++;
        }
        return 0;
    }

    /// Whether nothing but white space follows.
    boolean atEnd() {
        return peek() == 0 && at == end;
    }

    /// Passes exactly these bytes; false when others stand there.
    boolean pass(byte[] wanted) {
        int to = at + wanted.length;
        if (to > end || !Arrays.equals(bytes, at, to, wanted, 0, wanted.length)) {
            return false;
        }
        at = to;
        return true;
    }

    /// Passes a string in quotes without escapes; null when it is none.
    @Nullable String text() {
        int from = at + 1;
        int start = at;
        if (!passText()) {
            return null;
        }
        int size = at - 1 - from;
        if (ascii) {
            return new String(bytes, from, size, StandardCharsets.ISO_8859_1);
        }
        if (!Utf8.valid(bytes, from, size)) {
            at = start;
            return null;
        }
        return new String(bytes, from, size, StandardCharsets.UTF_8);
    }

    /// Passes a string in quotes without escapes, whose UTF-8 is not looked at; false when it is
    /// none.
    boolean passText() {
        if (at >= end || bytes[at] != '"') {
            return false;
        }
        ascii = true;
        for (int to = at + 1; to < end; to++) {
            byte b = bytes[to];
            if (b == '"') {
                at = to + 1;
                return true;
            }
            if (b < ' ') {
                if (b >= 0) {
                    return false;
                }
                ascii = false;
            } else if (b == '\\') {
                return false;
            }
        }
        return false;
    }

    /// Passes a number without an exponent, which the methods below then give; false when it is
    /// none. `-0` is left to others.
    boolean number() {
        numberStart = at;
        boolean negative = at < end && bytes[at] == '-';
        int from = negative ? at + 1 : at;
        long value = 0;
        int point = -1;
        int to = from;
        for (; to < end; to++) {
            int digit = bytes[to] - '0';
            if (digit >= 0 && digit <= 9) {
                value = value * 10 + digit;
            } else if (digit == '.' - '0' && point < 0) {
                point = to;
            } else {
                break;
            }
        }
        int whole = (point < 0 ? to : point) - from;
        boolean ended = to < end && bytes[to] != 'e' && bytes[to] != 'E' && bytes[to] != '.';
        boolean leadingZero = whole > 1 && bytes[from] == '0';
        if (whole == 0
                || leadingZero
                || point == to - 1
                || !ended
                || to - numberStart > MAX_NUMBER_CHARS) {
            return false;
        }
        scale = point < 0 ? 0 : to - point - 1;
        small = whole + scale <= MAX_LONG_DIGITS;
        held = small || whole + scale - leadingZeros(from, to) <= MAX_LONG_DIGITS;
        unscaled = negative ? -value : value;
        at = to;
        return !(negative && value == 0);
    }

    /// The zeros before the first digit that counts, of a number of some digits behind the point.
    private int leadingZeros(int from, int to) {
        int zeros = 0;
        for (int i = from; i < to && (bytes[i] == '0' || bytes[i] == '.'); i++) {
            zeros += bytes[i] == '0' ? 1 : 0;
        }
        return zeros;
    }

    /// Whether [#unscaled] and [#scale] hold the last number.
    boolean small() {
        return small;
    }

    long unscaled() {
        return unscaled;
    }

    /// How many digits stood behind the point.
    int scale() {
        return scale;
    }

    /// Passes a timestamp, in microseconds since 1970, or one of the marks of [TimeTexts].
    long micros(FieldType.Timestamp type) {
        return switch (type.encoding()) {
            case TimestampEncoding.Epoch epoch ->
                    number() && small
                            ? TimeTexts.epochMicros(epoch, unscaled, scale)
                            : TimeTexts.INVALID;
            case TimestampEncoding.Formatted formatted -> {
                String text = text();
                yield text == null
                        ? TimeTexts.INVALID
                        : TimeTexts.micros(formatted, type.defaultZone(), text);
            }
        };
    }

    /// The last number as the nearest double.
    double real() {
        if (held && scale < TENS.length) {
            double tens = TENS[scale];
            double most = unscaled;
            double rest = unscaled - (long) most;
            double quotient = most / tens;
            if (rest == 0) {
                // Both operands are exact, so that the quotient is rounded once.
                return quotient;
            }
            // The remainder of a division is a double, and so is the rest. Only a quotient very
            // near
            // the middle of two doubles can be rounded to one or the other.
            double more = (Math.fma(-quotient, tens, most) + rest) / tens;
            double least = quotient + more * (1 - DOUBT);
            if (least == quotient + more * (1 + DOUBT)) {
                return least;
            }
        }
        return NumberInput.parseDouble(digits(), true);
    }

    BigDecimal decimal() {
        return small ? BigDecimal.valueOf(unscaled, scale) : new BigDecimal(digits());
    }

    private String digits() {
        return new String(bytes, numberStart, at - numberStart, StandardCharsets.ISO_8859_1);
    }
}

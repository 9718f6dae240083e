package leat.core.feature;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A sum of finite doubles, or of their squares, without any rounding; so it depends on no order,
/// and what was added can be subtracted again without a trace.
///
/// It is an integer in two's complement, `Σ limbs[i]·2^(64·(base + i))`, over just the limbs that
/// the terms need: two for most measurements, three for their squares, at the very most 68.
final class ExactSum {

    /// Below the square of the smallest double.
    private static final int LOWEST_BYTE = -8 * 34;

    /// Above 2^63 squares of the largest double.
    private static final int HIGHEST_BYTE = 8 * 34;

    /// A sum that has had to do with very different numbers gives their limbs back.
    private static final int USUAL_LIMBS = 4;

    private static final long MANTISSA = (1L << 52) - 1;

    private static final long[] NONE = {};

    private long[] limbs = NONE;
    private int base;

    /// Adds a finite number.
    void add(double value) {
        long mantissa = mantissa(value);
        if (mantissa != 0) {
            add(mantissa, 0, exponent(value), value < 0);
        }
    }

    /// Adds the square of a finite number.
    void addSquare(double value) {
        long mantissa = mantissa(value);
        if (mantissa != 0) {
            long high = Math.multiplyHigh(mantissa, mantissa);
            add(mantissa * mantissa, high, 2 * exponent(value), false);
        }
    }

    void add(ExactSum other) {
        merge(other, 0);
    }

    void subtract(ExactSum other) {
        merge(other, -1);
        if (limbs.length > USUAL_LIMBS) {
            trim();
        }
    }

    void clear() {
        limbs = NONE;
    }

    /// −1, 0 or 1, as it is below, at or above zero.
    int sign() {
        for (int i = limbs.length - 1; i >= 0; i--) {
            if (limbs[i] != 0) {
                return limbs[limbs.length - 1] < 0 ? -1 : 1;
            }
        }
        return 0;
    }

    /// The sum, rounded once, half to even; null where it is beyond the doubles.
    @Nullable Double rounded() {
        return magnitude().rounded(negative());
    }

    /// The sum by a count, rounded once, half to even.
    @Nullable Double mean(long count) {
        return magnitude().dividedBy(count, negative());
    }

    /// `(count·squares − sum²) / count²`, rounded once, half to even; null where it is beyond the
    /// doubles.
    static @Nullable Double variance(ExactSum sum, ExactSum squares, long count) {
        Magnitude numerator = squares.magnitude().times(count).minus(sum.magnitude().squared());
        return numerator.dividedBySquare(count);
    }

    private static long mantissa(double value) {
        long bits = Double.doubleToRawLongBits(value);
        long fraction = bits & MANTISSA;
        return Math.getExponent(value) < Double.MIN_EXPONENT ? fraction : fraction | (MANTISSA + 1);
    }

    /// Of the mantissa's lowest bit.
    private static int exponent(double value) {
        return Math.max(Math.getExponent(value), Double.MIN_EXPONENT) - 52;
    }

    /// Adds a 128 bit number other than zero, times two to the power of an exponent.
    private void add(long low, long high, int exponent, boolean negative) {
        int shift = exponent & 63;
        int limb = exponent >> 6;
        long first = low << shift;
        long second = shift == 0 ? high : (high << shift) | (low >>> (64 - shift));
        long third = shift == 0 ? 0 : high >>> (64 - shift);
        long extension = 0;
        if (negative) {
            third = (first | second) == 0 ? -third : ~third;
            second = first == 0 ? -second : ~second;
            first = -first;
            extension = -1;
        }
        while (first == 0) {
            first = second;
            second = third;
            third = extension;
            limb++;
        }
        add(first, second, third, extension, limb);
    }

    /// Adds three limbs in two's complement, all above them being `extension`.
    private void add(long first, long second, long third, long extension, int limb) {
        int given = third != extension ? 3 : second != extension ? 2 : 1;
        cover(limb, limb + given);
        long extended = extension();
        long carry = 0;
        int at = limb - base;
        for (int i = 0; at < limbs.length; i++, at++) {
            long term = i == 0 ? first : i == 1 ? second : i == 2 ? third : extension;
            if (i >= given && extension + carry == 0) {
                return;
            }
            long before = limbs[at];
            long after = before + term + carry;
            carry = carry(before, term, after);
            limbs[at] = after;
        }
        settle(extended + extension + carry);
    }

    /// @param flip 0 to add, −1 to subtract
    private void merge(ExactSum other, long flip) {
        if (other.sign() == 0) {
            return;
        }
        cover(other.base, other.base + other.limbs.length);
        long extended = extension();
        long extension = other.extension() ^ flip;
        long carry = -flip;
        int given = other.limbs.length;
        int at = other.base - base;
        for (int i = 0; at < limbs.length; i++, at++) {
            if (i >= given && extension + carry == 0) {
                return;
            }
            long term = i < given ? other.limbs[i] ^ flip : extension;
            long before = limbs[at];
            long after = before + term + carry;
            carry = carry(before, term, after);
            limbs[at] = after;
        }
        settle(extended + extension + carry);
    }

    private static long carry(long left, long right, long sum) {
        return ((left & right) | ((left | right) & ~sum)) >>> 63;
    }

    /// Adds the limb above the highest, unless it says no more than the highest one's sign.
    private void settle(long above) {
        if (above != extension()) {
            limbs = Arrays.copyOf(limbs, limbs.length + 1);
            limbs[limbs.length - 1] = above;
        }
    }

    /// Makes room for the limbs `from` to `to`.
    private void cover(int from, int to) {
        if (limbs.length == 0) {
            base = from;
            limbs = new long[to - from];
            return;
        }
        int low = Math.min(from, base);
        int high = Math.max(to, base + limbs.length);
        if (high - low > limbs.length) {
            long[] wider = new long[high - low];
            System.arraycopy(limbs, 0, wider, base - low, limbs.length);
            Arrays.fill(wider, base - low + limbs.length, wider.length, extension());
            limbs = wider;
            base = low;
        }
    }

    private void trim() {
        int from = 0;
        int to = limbs.length;
        while (to > 1 && limbs[to - 1] == limbs[to - 2] >> 63) {
            to--;
        }
        while (from < to && limbs[from] == 0) {
            from++;
        }
        limbs = Arrays.copyOfRange(limbs, from, to);
        base += from;
    }

    /// What all limbs above the highest are.
    private long extension() {
        return limbs.length == 0 ? 0 : limbs[limbs.length - 1] >> 63;
    }

    private boolean negative() {
        return extension() < 0;
    }

    private Magnitude magnitude() {
        if (!negative()) {
            return new Magnitude(limbs, base);
        }
        long[] negated = new long[limbs.length];
        boolean carry = true;
        for (int i = 0; i < limbs.length; i++) {
            negated[i] = carry ? -limbs[i] : ~limbs[i];
            carry &= limbs[i] == 0;
        }
        return new Magnitude(negated, base);
    }

    /// How many bytes follow, and if any, where the lowest of them stands, and they, from the
    /// lowest on, without those that say nothing.
    void writeTo(TileWriter writer) {
        int to = limbs.length * 8;
        while (to > 1 && octet(to - 1) == (byte) (octet(to - 2) >> 7)) {
            to--;
        }
        int from = 0;
        while (from < to && octet(from) == 0) {
            from++;
        }
        writer.count(to - from);
        if (from < to) {
            writer.signed((8L * base) + from);
            for (int i = from; i < to; i++) {
                writer.octet(octet(i));
            }
        }
    }

    private byte octet(int i) {
        return (byte) (limbs[i >> 3] >> (8 * (i & 7)));
    }

    static ExactSum readFrom(TileReader reader) {
        ExactSum sum = new ExactSum();
        int length = reader.count();
        if (length == 0) {
            return sum;
        }
        long lowest = reader.signed();
        if (lowest < LOWEST_BYTE || lowest + length > HIGHEST_BYTE + 8) {
            throw reader.broken("a sum with bytes from " + lowest + " on, " + length + " of them");
        }
        sum.base = (int) lowest >> 3;
        int skipped = (int) lowest & 7;
        sum.limbs = new long[(skipped + length + 7) >> 3];
        long octet = 0;
        for (int i = skipped; i < skipped + length; i++) {
            octet = reader.octet();
            sum.limbs[i >> 3] |= (octet & 0xFF) << (8 * (i & 7));
        }
        int used = (skipped + length) & 7;
        if (octet < 0 && used != 0) {
            sum.limbs[sum.limbs.length - 1] |= -1L << (8 * used);
        }
        return sum;
    }

    long weightBytes() {
        return 40 + (8L * limbs.length);
    }
}

package leat.core.feature;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/// A number that is not negative, `Σ limbs[i]·2^(64·(base + i))`, the limbs unsigned: what an
/// [ExactSum] is calculated on with and rounded from. It never changes.
final class Magnitude {

    private static final long LOW_HALF = 0xFFFF_FFFFL;

    /// From here on the square of a count no longer fits an unsigned limb.
    private static final long LARGE_COUNT = 1L << 32;

    private final long[] limbs;

    /// Without leading zeros.
    private final int length;

    private final int base;

    Magnitude(long[] limbs, int base) {
        int significant = limbs.length;
        while (significant > 0 && limbs[significant - 1] == 0) {
            significant--;
        }
        this.limbs = limbs;
        this.length = significant;
        this.base = base;
    }

    Magnitude times(long factor) {
        long[] product = new long[length + 1];
        product[length] = accumulate(product, 0, factor);
        return new Magnitude(product, base);
    }

    Magnitude squared() {
        long[] square = new long[2 * length];
        for (int i = 0; i < length; i++) {
            square[i + length] = accumulate(square, i, limbs[i]);
        }
        return new Magnitude(square, 2 * base);
    }

    /// Adds `factor` times this to `target` from limb `at` on, and returns what is carried.
    private long accumulate(long[] target, int at, long factor) {
        long carry = 0;
        for (int i = 0; i < length; i++) {
            long high = Math.unsignedMultiplyHigh(limbs[i], factor);
            long low = (limbs[i] * factor) + carry;
            high += Long.compareUnsigned(low, carry) < 0 ? 1 : 0;
            long sum = target[at + i] + low;
            high += Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
            target[at + i] = sum;
            carry = high;
        }
        return carry;
    }

    /// @param less at most this
    Magnitude minus(Magnitude less) {
        if (less.length == 0) {
            return this;
        }
        int from = Math.min(base, less.base);
        int to = Math.max(base + length, less.base + less.length);
        long[] difference = new long[to - from];
        System.arraycopy(limbs, 0, difference, base - from, length);
        long borrow = 0;
        for (int i = less.base - from; i < difference.length; i++) {
            int of = i - (less.base - from);
            long taken = of < less.length ? less.limbs[of] : 0;
            long before = difference[i];
            long after = before - taken - borrow;
            borrow = ((~before & taken) | ((~before | taken) & after)) >>> 63;
            difference[i] = after;
        }
        if (borrow != 0) {
            throw new IllegalArgumentException("what is subtracted is more than what is there");
        }
        return new Magnitude(difference, from);
    }

    /// This, rounded once to a double, half to even; null where no double is as large.
    @Nullable Double rounded(boolean negative) {
        if (length == 0) {
            return 0.0;
        }
        int shift = Long.numberOfLeadingZeros(limbs[length - 1]);
        boolean more = bits(length - 2, shift) != 0 || anyBelow(length - 2, shift);
        return round(bits(length - 1, shift), exponent(length - 1, shift), more, negative);
    }

    /// This by an unsigned divisor, rounded once to a double, half to even; null where no double is
    /// as large.
    @Nullable Double dividedBy(long divisor, boolean negative) {
        if (length == 0) {
            return 0.0;
        }
        int shift = Long.numberOfLeadingZeros(limbs[length - 1]);
        long high = bits(length - 1, shift);
        long low = bits(length - 2, shift);
        boolean more = (low & 1) != 0 || anyBelow(length - 2, shift);
        // Halved, the high limb is below the divisor, whose highest bit is moved up.
        int moved = Long.numberOfLeadingZeros(divisor);
        long normal = divisor << moved;
        long halfLow = (low >>> 1) | (high << 63);
        long quotient = divide(high >>> 1, halfLow, normal);
        more |= halfLow != quotient * normal;
        return round(quotient, exponent(length - 2, shift) + 1 + moved, more, negative);
    }

    /// This by the square of a count, rounded once to a double, half to even; null where no double
    /// is as large.
    @Nullable Double dividedBySquare(long count) {
        if (length == 0 || count < LARGE_COUNT) {
            return dividedBy(count * count, false);
        }
        BigInteger divisor = BigInteger.valueOf(count).pow(2);
        BigInteger number = toBigInteger();
        int scale = Math.max(0, Long.SIZE + 1 + divisor.bitLength() - number.bitLength());
        BigInteger[] parts = number.shiftLeft(scale).divideAndRemainder(divisor);
        int excess = Math.max(0, parts[0].bitLength() - Long.SIZE);
        boolean more =
                parts[1].signum() != 0
                        || (parts[0].signum() != 0 && parts[0].getLowestSetBit() < excess);
        long quotient = parts[0].shiftRight(excess).longValue();
        return round(quotient, (Long.SIZE * base) - scale + excess, more, false);
    }

    private BigInteger toBigInteger() {
        BigInteger number = BigInteger.ZERO;
        for (int i = length - 1; i >= 0; i--) {
            number =
                    number.shiftLeft(Long.SIZE).or(new BigInteger(Long.toUnsignedString(limbs[i])));
        }
        return number;
    }

    /// The limb `i` of this moved up by `shift` bits.
    private long bits(int i, int shift) {
        long own = i >= 0 ? limbs[i] << shift : 0;
        long below = i >= 1 && shift > 0 ? limbs[i - 1] >>> (Long.SIZE - shift) : 0;
        return own | below;
    }

    private int exponent(int i, int shift) {
        return (Long.SIZE * (base + i)) - shift;
    }

    /// Whether anything stands below limb `i` of this moved up by `shift` bits.
    private boolean anyBelow(int i, int shift) {
        if (i >= 1 && limbs[i - 1] << shift != 0) {
            return true;
        }
        for (int below = i - 2; below >= 0; below--) {
            if (limbs[below] != 0) {
                return true;
            }
        }
        return false;
    }

    /// Unsigned 128 by 64 bits, in digits of 32 (Knuth, The Art of Computer Programming 4.3.1,
    /// algorithm D).
    ///
    /// @param divisor its highest bit is set, and it is more than `high`
    private static long divide(long high, long low, long divisor) {
        long first = digit(high, low >>> 32, divisor);
        long left = ((high << 32) | (low >>> 32)) - (first * divisor);
        return (first << 32) + digit(left, low & LOW_HALF, divisor);
    }

    private static long digit(long left, long next, long divisor) {
        long upper = divisor >>> 32;
        long lower = divisor & LOW_HALF;
        long digit = Long.divideUnsigned(left, upper);
        long rest = left - (digit * upper);
        while (digit > LOW_HALF || Long.compareUnsigned(digit * lower, (rest << 32) | next) > 0) {
            digit--;
            rest += upper;
            if (rest > LOW_HALF) {
                break;
            }
        }
        return digit;
    }

    /// `bits·2^exponent`, rounded.
    ///
    /// @param more whether the number is a little more than that; only where `bits` has more
    ///   significant bits than a double
    private static @Nullable Double round(long bits, int exponent, boolean more, boolean negative) {
        int zeros = Long.numberOfLeadingZeros(bits);
        long normal = bits << zeros;
        int power = exponent - zeros + Long.SIZE - 1;
        if (power > Double.MAX_EXPONENT) {
            return null;
        }
        int dropped = 11 + Math.max(0, Double.MIN_EXPONENT - power);
        if (dropped > Long.SIZE) {
            return 0.0;
        }
        long kept = dropped == Long.SIZE ? 0 : normal >>> dropped;
        long rest = normal << (Long.SIZE - dropped);
        boolean up = rest < 0 && (rest != Long.MIN_VALUE || more || (kept & 1) != 0);
        // Of a subnormal number the field of the exponent is zero, as is the highest bit kept.
        long field = dropped > 11 ? 0 : (long) (power + Double.MAX_EXPONENT - 1) << 52;
        double rounded = Double.longBitsToDouble(field + kept + (up ? 1 : 0));
        if (rounded == Double.POSITIVE_INFINITY) {
            return null;
        }
        return negative && rounded != 0 ? -rounded : rounded;
    }
}

package leat.core.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ExactSumTest {

    @Test
    void whatIsAddedAndSubtractedLeavesNoTrace() {
        ExactSum sum = sum(0.1, 1e300, -1e-300);

        sum.subtract(sum(1e300));
        sum.subtract(sum(-1e-300));

        assertThat(sum.rounded()).isEqualTo(0.1);
        sum.subtract(sum(0.1));
        assertThat(sum.sign()).isZero();
        assertThat(entry(sum)).isEqualTo(entry(new ExactSum()));
    }

    @Test
    void theSignIsThatOfTheExactSum() {
        assertThat(sum(1e16, 1.0, -1e16).sign()).isEqualTo(1);
        assertThat(sum(1e16, -Double.MIN_VALUE, -1e16).sign()).isEqualTo(-1);
        assertThat(sum(-0.0).sign()).isZero();
    }

    @Test
    void whatIsBeyondTheDoublesIsNoValue() {
        assertThat(sum(Double.MAX_VALUE, Double.MAX_VALUE).rounded()).isNull();
        assertThat(sum(-Double.MAX_VALUE, -Double.MAX_VALUE).rounded()).isNull();
        assertThat(sum(Double.MAX_VALUE, Double.MAX_VALUE).mean(2)).isEqualTo(Double.MAX_VALUE);
        // Half of the last place more than the largest double is a tie, which goes to infinity.
        double half = Math.ulp(Double.MAX_VALUE) / 2;
        assertThat(sum(Double.MAX_VALUE, half).rounded()).isNull();
        assertThat(sum(Double.MAX_VALUE, Math.nextDown(half)).rounded())
                .isEqualTo(Double.MAX_VALUE);
    }

    @Test
    void aResultThatRoundsToZeroHasNoSign() {
        assertThat(bits(sum(-Double.MIN_VALUE).mean(3))).isZero();
    }

    @Test
    void sumsMeansAndVariancesAreRoundedOnce() {
        long base = Long.getLong("leat.feature.seed", System.nanoTime());
        for (long seed = base; seed < base + 20_000; seed++) {
            try {
                check(new Random(seed));
            } catch (AssertionError | RuntimeException e) {
                fail("failed with -Dleat.feature.seed=" + seed, e);
            }
        }
    }

    private static void check(Random random) {
        Numbers numbers = Numbers.of(random);
        List<Double> values = new ArrayList<>();
        ExactSum sum = new ExactSum();
        ExactSum squares = new ExactSum();
        int count = 1 + random.nextInt(8);
        for (int i = 0; i < count; i++) {
            double value = numbers.next();
            values.add(value);
            sum.add(value);
            squares.addSquare(value);
            if (random.nextInt(3) == 0) {
                sum = read(entry(sum));
                squares = read(entry(squares));
            }
        }
        BigDecimal exact = Exactly.sum(values);
        assertThat(sum.sign()).isEqualTo(exact.signum());
        assertThat(bits(sum.rounded())).isEqualTo(bits(Exactly.rounded(exact, BigDecimal.ONE)));
        long by = random.nextBoolean() ? count : (random.nextLong() >>> 1) | 1;
        assertThat(bits(sum.mean(by)))
                .isEqualTo(bits(Exactly.rounded(exact, BigDecimal.valueOf(by))));
        long times = random.nextBoolean() ? count : Math.max(count, random.nextLong() >>> 1);
        assertThat(bits(ExactSum.variance(sum, squares, times)))
                .isEqualTo(bits(variance(values, BigDecimal.valueOf(times))));
    }

    private static @Nullable Double variance(List<Double> values, BigDecimal count) {
        BigDecimal numerator =
                count.multiply(Exactly.squares(values)).subtract(Exactly.sum(values).pow(2));
        return Exactly.rounded(numerator, count.pow(2));
    }

    @Test
    void sumsOfMeasurementsAreShort() {
        Random random = new Random(1);
        ExactSum sum = new ExactSum();
        ExactSum squares = new ExactSum();

        for (int i = 0; i < 10_000; i++) {
            double value = random.nextInt(20_000) / 100.0;
            sum.add(value);
            squares.addSquare(value);
        }

        assertThat(entry(sum)).hasSizeLessThanOrEqualTo(13);
        assertThat(entry(squares)).hasSizeLessThanOrEqualTo(20);
        assertThat(sum.weightBytes()).isLessThanOrEqualTo(64);
    }

    @Test
    void aSumOutsideOfWhatDoublesAddUpToIsRefused() {
        TileWriter writer = new TileWriter();
        writer.count(1);
        writer.signed(300);
        writer.octet(1);

        assertThatThrownBy(() -> read(writer.bytes()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a sum with bytes from 300 on");
    }

    private static ExactSum sum(double... values) {
        ExactSum sum = new ExactSum();
        for (double value : values) {
            sum.add(value);
        }
        return sum;
    }

    private static byte[] entry(ExactSum sum) {
        TileWriter writer = new TileWriter();
        sum.writeTo(writer);
        return writer.bytes();
    }

    private static ExactSum read(byte[] entry) {
        TileReader reader = new TileReader(entry, 0);
        ExactSum sum = ExactSum.readFrom(reader);
        reader.end();
        return sum;
    }

    /// Of no value, those of a NaN, which no result is.
    private static long bits(@Nullable Double value) {
        return Double.doubleToLongBits(Objects.requireNonNullElse(value, Double.NaN));
    }
}

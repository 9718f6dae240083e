package leat.core.feature;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Roundings by their definition: of the doubles next to a quotient, the nearest, and of two as
/// near the even one. It shares nothing with the code under test.
final class Exactly {

    private static final BigDecimal BEYOND = BigDecimal.TWO.pow(1024);

    private Exactly() {}

    static BigDecimal sum(List<Double> values) {
        return values.stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    static BigDecimal squares(List<Double> values) {
        return values.stream()
                .map(value -> new BigDecimal(value).pow(2))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    static @Nullable Double deviation(List<Double> values) {
        BigDecimal count = BigDecimal.valueOf(values.size());
        BigDecimal numerator = count.multiply(squares(values)).subtract(sum(values).pow(2));
        Double variance = rounded(numerator, count.pow(2));
        return variance == null ? null : (Double) Math.sqrt(variance);
    }

    /// Null where the quotient rounds to no finite double.
    static @Nullable Double rounded(BigDecimal numerator, BigDecimal divisor) {
        double near = numerator.divide(divisor, new MathContext(40)).doubleValue();
        List<Double> candidates = new ArrayList<>(List.of(near));
        candidates.add(Math.nextUp(near));
        candidates.add(Math.nextDown(near));
        double best = near;
        for (double candidate : candidates) {
            int compared =
                    distance(numerator, divisor, candidate)
                            .compareTo(distance(numerator, divisor, best));
            boolean even = (Double.doubleToLongBits(candidate) & 1) == 0;
            if (compared < 0 || (compared == 0 && even)) {
                best = candidate;
            }
        }
        return Double.isInfinite(best) ? null : (Double) (best == 0 ? 0.0 : best);
    }

    /// How far a double is from the quotient, times the divisor; infinity stands for 2^1024, at
    /// which it begins.
    private static BigDecimal distance(BigDecimal numerator, BigDecimal divisor, double candidate) {
        BigDecimal exact;
        if (Double.isInfinite(candidate)) {
            exact = candidate > 0 ? BEYOND : BEYOND.negate();
        } else {
            exact = new BigDecimal(candidate);
        }
        return numerator.subtract(exact.multiply(divisor)).abs();
    }
}

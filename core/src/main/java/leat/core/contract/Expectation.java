package leat.core.contract;

import java.math.BigDecimal;
import java.util.Locale;

/// What a quality rule demands of its number, in ODCS's words.
///
/// @param low the only bound, or the lower of two
/// @param high the upper of two bounds; equal to `low` where there is only one
public record Expectation(Operator operator, double low, double high) {

    /// How the number is compared. The bounds of `BETWEEN` belong to it.
    public enum Operator {
        BE("mustBe"),
        NOT_BE("mustNotBe"),
        BE_GREATER_THAN("mustBeGreaterThan"),
        BE_GREATER_OR_EQUAL_TO("mustBeGreaterOrEqualTo"),
        BE_LESS_THAN("mustBeLessThan"),
        BE_LESS_OR_EQUAL_TO("mustBeLessOrEqualTo"),
        BE_BETWEEN("mustBeBetween"),
        NOT_BE_BETWEEN("mustNotBeBetween");

        private final String key;

        Operator(String key) {
            this.key = key;
        }

        /// The key in the contract, `mustBeLessThan`.
        public String key() {
            return key;
        }

        /// Whether it takes a list of two bounds.
        public boolean takesTwo() {
            return this == BE_BETWEEN || this == NOT_BE_BETWEEN;
        }
    }

    /// @throws IllegalArgumentException when the bounds are the wrong way round
    public Expectation {
        if (low > high) {
            throw new IllegalArgumentException("the lower bound is above the upper one");
        }
    }

    /// An expectation with one bound.
    public static Expectation of(Operator operator, double bound) {
        return new Expectation(operator, bound, bound);
    }

    public boolean holds(double value) {
        return switch (operator) {
            case BE -> value == low;
            case NOT_BE -> value != low;
            case BE_GREATER_THAN -> value > low;
            case BE_GREATER_OR_EQUAL_TO -> value >= low;
            case BE_LESS_THAN -> value < low;
            case BE_LESS_OR_EQUAL_TO -> value <= low;
            case BE_BETWEEN -> value >= low && value <= high;
            case NOT_BE_BETWEEN -> value < low || value > high;
        };
    }

    /// `must be less than 5`.
    @Override
    public String toString() {
        String words = operator.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return "must "
                + words
                + " "
                + plain(low)
                + (operator.takesTwo() ? " and " + plain(high) : "");
    }

    private static String plain(double bound) {
        return BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString();
    }
}

package leat.ml.training.algorithm;

import java.util.List;
import java.util.Optional;

/// Something that can be set of an algorithm.
///
/// @param fallback the value when it is not set, as it is written
/// @param meaning for the reference, without a final full stop
public record Parameter(String name, Range range, String fallback, String meaning) {

    /// Checks that the fallback is in the range.
    ///
    /// @throws IllegalArgumentException when it is not
    public Parameter {
        if (range.read(fallback).isEmpty()) {
            throw new IllegalArgumentException(name + " cannot be " + fallback + " by default");
        }
    }

    /// The values that a parameter may have.
    public sealed interface Range {

        /// The value that a setting means: a [Long], [Double] or [String], or none when it is out
        /// of the range.
        ///
        /// @param setting a number, a boolean or a text
        Optional<Object> read(Object setting);

        /// Integers, both ends included.
        record Whole(long least, long most) implements Range {
            @Override
            public Optional<Object> read(Object setting) {
                try {
                    long value = Long.parseLong(setting.toString());
                    return value >= least && value <= most ? Optional.of(value) : Optional.empty();
                } catch (NumberFormatException _) {
                    return Optional.empty();
                }
            }

            @Override
            public String toString() {
                return "an integer from " + least + " to " + most;
            }
        }

        /// Numbers, both ends included, or one of some words.
        record Decimal(double least, double most, List<String> words) implements Range {

            public Decimal {
                words = List.copyOf(words);
            }

            Decimal(double least, double most) {
                this(least, most, List.of());
            }

            @Override
            public Optional<Object> read(Object setting) {
                if (words.contains(setting.toString())) {
                    return Optional.of(setting.toString());
                }
                try {
                    double value = Double.parseDouble(setting.toString());
                    return value >= least && value <= most ? Optional.of(value) : Optional.empty();
                } catch (NumberFormatException _) {
                    return Optional.empty();
                }
            }

            @Override
            public String toString() {
                StringBuilder text = new StringBuilder();
                text.append("a number from ").append(plain(least)).append(" to ");
                text.append(plain(most));
                words.forEach(word -> text.append(" or ").append(word));
                return text.toString();
            }

            private static String plain(double value) {
                return new java.math.BigDecimal(Double.toString(value))
                        .stripTrailingZeros()
                        .toPlainString();
            }
        }

        /// One of some words.
        record Word(List<String> words) implements Range {

            public Word {
                words = List.copyOf(words);
            }

            @Override
            public Optional<Object> read(Object setting) {
                return Optional.<Object>of(setting.toString()).filter(words::contains);
            }

            @Override
            public String toString() {
                return String.join(" or ", words);
            }
        }
    }
}

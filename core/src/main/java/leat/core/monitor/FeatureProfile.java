package leat.core.monitor;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// What the values of one feature look like.
public sealed interface FeatureProfile {

    /// How many rows have been looked at.
    long rows();

    /// How many of them have no value that a model could be given as it is: null, and of numbers
    /// NaN and the infinities too.
    long absent();

    /// The sum with a profile that tells the same apart.
    ///
    /// @throws IllegalArgumentException when it does not
    FeatureProfile plus(FeatureProfile more);

    /// A feature that is a number.
    ///
    /// @param nans values that are no numbers, NaN or of another type
    /// @param values those that are finite, of which the rest tells
    /// @param min NaN, as max, mean and stddev, when there is no finite value
    /// @param stddev of all values, not of a sample
    /// @param histogram of the values, or of a sample of them
    record Numbers(
            long nulls,
            long nans,
            long infinities,
            long values,
            double min,
            double max,
            double mean,
            double stddev,
            Histogram histogram)
            implements FeatureProfile {

        static Numbers none(List<Double> edges) {
            return new Numbers(
                    0,
                    0,
                    0,
                    0,
                    Double.NaN,
                    Double.NaN,
                    Double.NaN,
                    Double.NaN,
                    Histogram.empty(edges));
        }

        @Override
        public long rows() {
            return absent() + values;
        }

        @Override
        public long absent() {
            return nulls + nans + infinities;
        }

        /// Mean and deviation by Chan, Golub and LeVeque 1979, "Updating formulae and a pairwise
        /// algorithm for computing sample variances".
        @Override
        public Numbers plus(FeatureProfile more) {
            if (!(more instanceof Numbers other)) {
                throw new IllegalArgumentException("numbers and categories have no sum");
            }
            if (values == 0 || other.values == 0) {
                return counted(other, values == 0 ? other : this);
            }
            long all = values + other.values;
            double between = other.mean - mean;
            double squares =
                    values * stddev * stddev
                            + other.values * other.stddev * other.stddev
                            + between * between * values * ((double) other.values / all);
            return counted(
                    other,
                    new Numbers(
                            0,
                            0,
                            0,
                            all,
                            Math.min(min, other.min),
                            Math.max(max, other.max),
                            mean + between * ((double) other.values / all),
                            Math.sqrt(squares / all),
                            histogram));
        }

        private Numbers counted(Numbers other, Numbers moments) {
            return new Numbers(
                    nulls + other.nulls,
                    nans + other.nans,
                    infinities + other.infinities,
                    values + other.values,
                    moments.min,
                    moments.max,
                    moments.mean,
                    moments.stddev,
                    histogram.plus(other.histogram));
        }
    }

    /// A feature that is one of some texts.
    ///
    /// @param counts of the texts that are told apart, in a stable order
    /// @param others how many rows have another text
    record Categories(long nulls, SequencedMap<String, Long> counts, long others)
            implements FeatureProfile {

        /// The most texts that are told apart.
        public static final int MAX_CATEGORIES = 100;

        public Categories {
            counts = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(counts));
            if (counts.size() > MAX_CATEGORIES) {
                throw new IllegalArgumentException(
                        counts.size() + " categories are more than " + MAX_CATEGORIES);
            }
        }

        static Categories none(Iterable<String> names) {
            SequencedMap<String, Long> counts = new LinkedHashMap<>();
            names.forEach(name -> counts.put(name, 0L));
            return new Categories(0, counts, 0);
        }

        @Override
        public long rows() {
            return nulls + others + counts.values().stream().mapToLong(Long::longValue).sum();
        }

        @Override
        public long absent() {
            return nulls;
        }

        @Override
        public Categories plus(FeatureProfile more) {
            if (!(more instanceof Categories other)
                    || !counts.keySet().equals(other.counts.keySet())) {
                throw new IllegalArgumentException("different categories have no sum");
            }
            SequencedMap<String, Long> sums = new LinkedHashMap<>();
            for (Map.Entry<String, Long> one : counts.entrySet()) {
                sums.put(
                        one.getKey(), one.getValue() + other.counts.getOrDefault(one.getKey(), 0L));
            }
            return new Categories(nulls + other.nulls, sums, others + other.others);
        }
    }
}

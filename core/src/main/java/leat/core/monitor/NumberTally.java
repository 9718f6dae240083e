package leat.core.monitor;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The profile of a number's values while it grows. Mean and deviation by Welford 1962,
/// <https://doi.org/10.1080/00401706.1962.10490022>.
final class NumberTally implements FeatureTally {

    private final List<Double> edges;
    private final long[] counts;
    private long nulls;
    private long nans;
    private long infinities;
    private long values;
    private double min = Double.NaN;
    private double max = Double.NaN;
    private double mean;
    private double squares;

    NumberTally(List<Double> edges) {
        this.edges = List.copyOf(edges);
        this.counts = new long[edges.size() + 1];
    }

    /// The value as a finite number, or NaN.
    static double finite(@Nullable Object value) {
        double number = number(value);
        return Double.isInfinite(number) ? Double.NaN : number;
    }

    private static double number(@Nullable Object value) {
        return switch (value) {
            case Number number -> number.doubleValue();
            case Boolean flag -> flag ? 1 : 0;
            case null, default -> Double.NaN;
        };
    }

    @Override
    public void add(@Nullable Object value) {
        double number = number(value);
        if (value == null) {
            nulls++;
        } else if (Double.isNaN(number)) {
            nans++;
        } else if (Double.isInfinite(number)) {
            infinities++;
        } else {
            learn(number);
        }
    }

    private void learn(double value) {
        min = values == 0 ? value : Math.min(min, value);
        max = values == 0 ? value : Math.max(max, value);
        values++;
        double before = value - mean;
        mean += before / values;
        squares += before * (value - mean);
        counts[Histogram.interval(edges, value)]++;
    }

    /// What another one of the same edges has seen, too.
    void addAll(NumberTally more) {
        FeatureProfile.Numbers sum = profile().plus(more.profile());
        nulls = sum.nulls();
        nans = sum.nans();
        infinities = sum.infinities();
        values = sum.values();
        min = sum.min();
        max = sum.max();
        mean = values == 0 ? 0 : sum.mean();
        squares = values == 0 ? 0 : sum.stddev() * sum.stddev() * values;
        for (int i = 0; i < counts.length; i++) {
            counts[i] += more.counts[i];
        }
    }

    @Override
    public FeatureProfile.Numbers profile() {
        return profile(new Histogram(edges, Arrays.stream(counts).boxed().toList()));
    }

    /// With another histogram than the one counted.
    FeatureProfile.Numbers profile(Histogram histogram) {
        return new FeatureProfile.Numbers(
                nulls,
                nans,
                infinities,
                values,
                min,
                max,
                values == 0 ? Double.NaN : mean,
                values == 0 ? Double.NaN : Math.sqrt(squares / values),
                histogram);
    }
}

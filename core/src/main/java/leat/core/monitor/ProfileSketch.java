package leat.core.monitor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// The profile of rows that nothing is known of, in one pass. Counts, extremes, means and
/// deviations are exact. Intervals are cut, and counted, by a sample of at most [#SAMPLE_ROWS]
/// rows: those whose keys hash lowest ("bottom-k", Cohen and Kaplan 2007,
/// <https://doi.org/10.1145/1281100.1281133>). So the sample depends neither on the order of the
/// rows nor on what was sketched together, ties stay ties, and the same rows give the same bytes. A
/// share of the sample is off by 0.0055 at most (one standard deviation). Not for several threads.
public final class ProfileSketch {

    /// The most rows in the sample; with fewer rows the histograms are exact. Of more than 488
    /// features there are fewer, so that a sample has at most four million numbers.
    public static final int SAMPLE_ROWS = 8_192;

    private static final int MAX_SAMPLED = 4_000_000;

    private final List<ProfiledFeature> features;
    private final int sampleRows;
    private final List<NumberTally> numbers = new ArrayList<>();
    private final List<CategorySketch> categories = new ArrayList<>();
    private final PriorityQueue<Sampled> sample =
            new PriorityQueue<>(Comparator.comparingLong(Sampled::rank).reversed());

    /// A row of the sample: its numbers, NaN where there is no finite one.
    private static final class Sampled {
        private final long rank;
        private final double[] values;

        Sampled(long rank, double[] values) {
            this.rank = rank;
            this.values = values;
        }

        long rank() {
            return rank;
        }
    }

    /// One that has seen nothing.
    public ProfileSketch(List<ProfiledFeature> features) {
        this.features = List.copyOf(features);
        this.sampleRows = Math.min(SAMPLE_ROWS, MAX_SAMPLED / Math.max(1, features.size()));
        for (ProfiledFeature feature : features) {
            switch (feature.kind()) {
                case NUMBER -> numbers.add(new NumberTally(List.of()));
                case CATEGORY -> categories.add(new CategorySketch());
            }
        }
    }

    /// Looks at one row.
    ///
    /// @param key one that no other row has, as its number or a hash of its position
    /// @param row the values by position: numbers, booleans, texts or null
    public void add(long key, List<? extends @Nullable Object> row) {
        if (row.size() != features.size()) {
            throw new IllegalArgumentException(
                    "a row of " + row.size() + " values is none of the features " + features);
        }
        double[] finite = new double[numbers.size()];
        int number = 0;
        int category = 0;
        for (int i = 0; i < features.size(); i++) {
            Object value = row.get(i);
            switch (features.get(i).kind()) {
                case NUMBER -> {
                    numbers.get(number).add(value);
                    finite[number++] = NumberTally.finite(value);
                }
                case CATEGORY -> categories.get(category++).add(value);
            }
        }
        take(new Sampled(mix(key), finite));
    }

    /// Looks at all that another one of the same features has looked at, of other rows.
    public void addAll(ProfileSketch more) {
        if (!features.equals(more.features)) {
            throw new IllegalArgumentException("sketches of different features have no sum");
        }
        for (int i = 0; i < numbers.size(); i++) {
            numbers.get(i).addAll(more.numbers.get(i));
        }
        for (int i = 0; i < categories.size(); i++) {
            categories.get(i).addAll(more.categories.get(i));
        }
        more.sample.forEach(this::take);
    }

    private void take(Sampled row) {
        if (sample.size() < sampleRows) {
            sample.add(row);
        } else if (row.rank < sample.element().rank) {
            sample.remove();
            sample.add(row);
        }
    }

    /// A bijection that scatters: the finalizer of SplitMix64, Steele, Lea and Flood 2014,
    /// <https://doi.org/10.1145/2660193.2660195>.
    private static long mix(long key) {
        long mixed = key + 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    /// What has been seen so far.
    public Profile profile() {
        SequencedMap<String, FeatureProfile> profiles = new LinkedHashMap<>();
        int number = 0;
        int category = 0;
        for (ProfiledFeature feature : features) {
            profiles.put(
                    feature.name(),
                    switch (feature.kind()) {
                        case NUMBER -> numbers.get(number).profile(histogram(number++));
                        case CATEGORY -> categories.get(category++).profile();
                    });
        }
        return new Profile(profiles);
    }

    private Histogram histogram(int number) {
        double[] rising =
                sample.stream()
                        .mapToDouble(row -> row.values[number])
                        .filter(Double::isFinite)
                        .sorted()
                        .toArray();
        List<Double> edges = Histogram.edges(rising);
        long[] counts = new long[edges.size() + 1];
        for (double value : rising) {
            counts[Histogram.interval(edges, value)]++;
        }
        return new Histogram(edges, Arrays.stream(counts).boxed().toList());
    }
}

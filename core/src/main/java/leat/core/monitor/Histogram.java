package leat.core.monitor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/// How many values lie in which interval: the first below the first edge, the last from the last
/// edge on, each of the others from its lower edge on to below its upper.
///
/// @param edges rising; empty where nothing is told apart
/// @param counts one more than edges
public record Histogram(List<Double> edges, List<Long> counts) {

    /// Into how many intervals of equal weight learnt edges cut the values, where they are not too
    /// alike for that.
    public static final int INTERVALS = 20;

    /// The most edges: two for each interval, see [#edges(double[])].
    static final int MAX_EDGES = 2 * INTERVALS;

    /// Takes copies.
    ///
    /// @throws IllegalArgumentException when the edges do not rise, or the counts do not fit
    public Histogram {
        edges = List.copyOf(edges);
        counts = List.copyOf(counts);
        if (counts.size() != edges.size() + 1 || edges.size() > MAX_EDGES) {
            throw new IllegalArgumentException(
                    edges.size() + " edges cannot have " + counts.size() + " counts");
        }
        for (int i = 0; i < edges.size(); i++) {
            boolean rises = i == 0 || edges.get(i) > edges.get(i - 1);
            if (!rises || !Double.isFinite(edges.get(i))) {
                throw new IllegalArgumentException("the edges " + edges + " do not rise");
            }
        }
        if (counts.stream().anyMatch(count -> count < 0)) {
            throw new IllegalArgumentException("the counts " + counts + " are not all counts");
        }
    }

    /// One without values.
    static Histogram empty(List<Double> edges) {
        return new Histogram(edges, Collections.nCopies(edges.size() + 1, 0L));
    }

    /// Edges that cut values into intervals of equal weight. A value so frequent that it is several
    /// quantiles gets an interval of its own, so that values beside it are told from it: a constant
    /// has one below, its own, and one above. Edges lie halfway between values, so that a value
    /// that is computed again, and comes out a little different, is where it was.
    ///
    /// @param rising finite values
    static List<Double> edges(double[] rising) {
        List<Double> edges = new ArrayList<>();
        for (int cut = 1; cut < INTERVALS && rising.length > 0; cut++) {
            double value = quantile(rising, cut);
            boolean frequent =
                    (cut + 1 < INTERVALS && quantile(rising, cut + 1) == value)
                            || rising[0] == rising[rising.length - 1];
            double below = below(rising, value);
            add(edges, frequent ? Math.max(below, value - nearness(value)) : below);
            if (frequent) {
                add(edges, Math.min(above(rising, value), value + nearness(value)));
            }
        }
        return edges;
    }

    private static double quantile(double[] rising, int cut) {
        return rising[(int) ((long) cut * rising.length / INTERVALS)];
    }

    private static void add(List<Double> edges, double edge) {
        if (Double.isFinite(edge) && (edges.isEmpty() || edges.getLast() < edge)) {
            edges.add(edge + 0.0);
        }
    }

    /// Halfway to the value before, where there is one.
    private static double below(double[] rising, double value) {
        int first = first(rising, value);
        return first > 0 ? between(rising[first - 1], value) : value - nearness(value);
    }

    /// Halfway to the value behind, where there is one.
    private static double above(double[] rising, double value) {
        int next = first(rising, Math.nextUp(value));
        return next < rising.length ? between(value, rising[next]) : Double.POSITIVE_INFINITY;
    }

    /// The place of the first value that is not below another.
    private static int first(double[] rising, double value) {
        int from = 0;
        int to = rising.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (rising[middle] < value) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    /// Above the lower one, and not above the upper.
    private static double between(double lower, double upper) {
        double middle = lower / 2 + upper / 2;
        return middle > lower ? Math.min(middle, upper) : upper;
    }

    /// What is so near to a frequent value is the same.
    private static double nearness(double value) {
        return Math.max(Math.abs(value), 1) * 1e-6;
    }

    /// In which interval a value lies.
    static int interval(List<Double> edges, double value) {
        int found = Collections.binarySearch(edges, value == 0 ? 0.0 : value);
        return found >= 0 ? found + 1 : -found - 1;
    }

    public long total() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    /// The sum with one of the same edges.
    Histogram plus(Histogram more) {
        if (!edges.equals(more.edges)) {
            throw new IllegalArgumentException(
                    "histograms with edges " + edges + " and " + more.edges + " have no sum");
        }
        return new Histogram(
                edges,
                IntStream.range(0, counts.size())
                        .mapToObj(i -> counts.get(i) + more.counts.get(i))
                        .toList());
    }
}

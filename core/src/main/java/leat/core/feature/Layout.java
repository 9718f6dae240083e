package leat.core.feature;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.zip.CRC32C;
import leat.core.feature.Shape.Newest;
import leat.core.feature.Shape.Output;
import leat.core.feature.Shape.Series;
import leat.core.feature.Shape.ValueKind;
import leat.core.feature.Shape.Window;

/// A [Shape], checked, and what follows from it for the states of all entities of its view.
public final class Layout {

    /// How many hops a window may have, unless the hop is a microsecond.
    public static final int WINDOW_HOPS_LIMIT = 100_000;

    private final Shape shape;
    private final List<Needs> needs;
    private final long[] windowsMicros;

    /// Of the series that have an output of the newest event.
    private final int[] newest;

    /// Whether the order of events with the same time matters.
    private final boolean ordered;

    private final int fingerprint;

    private Layout(Shape shape) {
        this.shape = shape;
        this.needs = shape.series().stream().map(Needs::of).toList();
        TreeSet<Long> windows = new TreeSet<>();
        TreeSet<Integer> newestSeries = new TreeSet<>();
        for (Output output : shape.outputs()) {
            switch (output) {
                case Newest(int series) -> newestSeries.add(series);
                case Window window -> windows.add(window.windowMicros());
            }
        }
        this.windowsMicros = windows.stream().mapToLong(Long::longValue).toArray();
        this.newest = newestSeries.stream().mapToInt(Integer::intValue).toArray();
        this.ordered = newest.length > 0 || needs.stream().anyMatch(Needs::stamps);
        this.fingerprint = fingerprintOf(shape, newestSeries);
    }

    /// Works a shape out.
    ///
    /// @throws IllegalArgumentException when the shape contradicts itself
    public static Layout of(Shape shape) {
        if (shape.hopMicros() < 1) {
            throw new IllegalArgumentException("a hop of " + shape.hopMicros() + " µs");
        }
        for (Output output : shape.outputs()) {
            if (output.series() < 0 || output.series() >= shape.series().size()) {
                throw new IllegalArgumentException(output + " is of no series of the shape");
            }
            if (output instanceof Window window) {
                check(window, shape.series().get(window.series()), shape.hopMicros());
            }
        }
        return new Layout(shape);
    }

    private static void check(Window window, Series series, long hopMicros) {
        long hops = window.windowMicros() / hopMicros;
        if (hops < 1 || window.windowMicros() % hopMicros != 0) {
            throw new IllegalArgumentException(
                    window + " is not a multiple of the hop of " + hopMicros + " µs");
        }
        if (hops > WINDOW_HOPS_LIMIT && hopMicros > 1) {
            throw new IllegalArgumentException(
                    window + " has more than " + WINDOW_HOPS_LIMIT + " hops");
        }
        if (!series.needs().contains(window.aggregate())) {
            throw new IllegalArgumentException(window + " is not among its series' needs");
        }
        if (window.aggregate().numeric() && series.kind() != ValueKind.NUMBER) {
            throw new IllegalArgumentException(window + " is made of numbers only");
        }
        if (window.aggregate() == Aggregate.DISTINCT && series.distinctLimit() < 1) {
            throw new IllegalArgumentException(window + " tells no values apart");
        }
    }

    /// Of all that the form of an entry depends on, so that an entry of another view is found out.
    private static int fingerprintOf(Shape shape, SortedSet<Integer> newest) {
        List<String> parts = new ArrayList<>();
        parts.add(Long.toString(shape.hopMicros()));
        for (Series series : shape.series()) {
            parts.add(series.kind().name());
            parts.add(new TreeSet<>(series.needs()).toString());
            parts.add(Integer.toString(series.distinctLimit()));
            if (series.kind() == ValueKind.TEXT && series.needs().contains(Aggregate.DISTINCT)) {
                parts.add(Values.HASHED);
            }
        }
        parts.add(newest.toString());
        CRC32C sum = new CRC32C();
        sum.update(String.join(" ", parts).getBytes(StandardCharsets.UTF_8));
        return (int) sum.getValue() & 0xFFFF;
    }

    Shape shape() {
        return shape;
    }

    int seriesCount() {
        return needs.size();
    }

    Needs needs(int series) {
        return needs.get(series);
    }

    int windowCount() {
        return windowsMicros.length;
    }

    /// The index of a width among the windows, which are in the order of their widths.
    int window(long micros) {
        return Arrays.binarySearch(windowsMicros, micros);
    }

    /// What is asked of a series within a window.
    Set<Aggregate> aggregates(int series, int window) {
        Set<Aggregate> asked = EnumSet.noneOf(Aggregate.class);
        for (Output output : shape.outputs()) {
            if (output instanceof Window(int of, Aggregate aggregate, long micros)
                    && of == series
                    && micros == windowsMicros[window]) {
                asked.add(aggregate);
            }
        }
        return asked;
    }

    int newestCount() {
        return newest.length;
    }

    int newestSeries(int index) {
        return newest[index];
    }

    boolean ordered() {
        return ordered;
    }

    int newestIndex(int series) {
        return Arrays.binarySearch(newest, series);
    }

    /// 16 bits.
    int fingerprint() {
        return fingerprint;
    }

    /// The start of the tile that holds a time. Without windows nothing is told apart by time, and
    /// all is in one.
    long tileStart(long timeMicros) {
        return windowsMicros.length == 0 ? 0 : floor(timeMicros);
    }

    /// Where a window begins, at a query time.
    long from(int window, long queryMicros) {
        return floor(queryMicros - windowsMicros[window]);
    }

    private long floor(long timeMicros) {
        return timeMicros - Math.floorMod(timeMicros, shape.hopMicros());
    }
}

package leat.core.feature;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import leat.core.feature.Shape.Newest;
import leat.core.feature.Shape.Output;
import leat.core.feature.Shape.Window;
import org.jspecify.annotations.Nullable;

/// What a vector is by `docs/decisions/feature-views.md`, computed anew from all events each time:
/// no tiles, no totals, nothing that is kept.
final class Oracle {

    private static final Comparator<Observation> ORDER =
            Comparator.comparingLong(Observation::timeMicros)
                    .thenComparingInt(Observation::partition)
                    .thenComparingLong(Observation::offset);

    private final Shape shape;
    private final List<Observation> events = new ArrayList<>();

    Oracle(Shape shape) {
        this.shape = shape;
    }

    void add(Observation event) {
        events.add(event);
    }

    long queryMicros() {
        return events.stream().mapToLong(Observation::timeMicros).max().orElseThrow() + 1;
    }

    /// Where the widest window begins; the begin of time where there is none, for nothing leaves.
    long oldest(long queryMicros) {
        return shape.outputs().stream()
                .filter(Window.class::isInstance)
                .mapToLong(output -> floor(queryMicros - ((Window) output).windowMicros()))
                .min()
                .orElse(Long.MIN_VALUE);
    }

    private long floor(long micros) {
        return Math.floorDiv(micros, shape.hopMicros()) * shape.hopMicros();
    }

    List<@Nullable Object> vector() {
        List<@Nullable Object> vector = new ArrayList<>();
        for (Output output : shape.outputs()) {
            vector.add(
                    switch (output) {
                        case Newest(int series) ->
                                value(events.stream().max(ORDER).orElseThrow(), series);
                        case Window window -> value(window);
                    });
        }
        return vector;
    }

    private @Nullable Object value(Window window) {
        long query = queryMicros();
        long from = floor(query - window.windowMicros());
        List<Observation> seen =
                events.stream()
                        .filter(event -> event.timeMicros() >= from && event.timeMicros() < query)
                        .filter(event -> value(event, window.series()) != null)
                        .sorted(ORDER)
                        .toList();
        if (window.aggregate() == Aggregate.COUNT) {
            return (long) seen.size();
        }
        List<Object> values = seen.stream().flatMap(event -> values(event, window)).toList();
        if (window.aggregate() == Aggregate.DISTINCT) {
            int limit = shape.series().get(window.series()).distinctLimit();
            return Math.min(values.stream().distinct().count(), limit);
        }
        return seen.isEmpty() ? null : ofSome(window.aggregate(), seen, values, query);
    }

    private static Stream<Object> values(Observation event, Window window) {
        return Stream.ofNullable(value(event, window.series()));
    }

    private static @Nullable Object ofSome(
            Aggregate aggregate, List<Observation> seen, List<Object> values, long query) {
        return switch (aggregate) {
            case SUM -> Exactly.rounded(Exactly.sum(numbers(values)), BigDecimal.ONE);
            case MEAN ->
                    Exactly.rounded(
                            Exactly.sum(numbers(values)), BigDecimal.valueOf(values.size()));
            case STDDEV -> Exactly.deviation(numbers(values));
            case MIN -> numbers(values).stream().min(Double::compare).orElseThrow();
            case MAX -> numbers(values).stream().max(Double::compare).orElseThrow();
            case FIRST -> values.getFirst();
            case LAST -> values.getLast();
            case RATE ->
                    rate(
                            (Double) values.getFirst(),
                            (Double) values.getLast(),
                            seen.getLast().timeMicros() - seen.getFirst().timeMicros());
            case AGE ->
                    Exactly.rounded(
                            BigDecimal.valueOf(query - seen.getLast().timeMicros()),
                            BigDecimal.valueOf(1_000_000));
            case COUNT, DISTINCT -> throw new IllegalArgumentException(aggregate.word());
        };
    }

    private static @Nullable Double rate(double first, double last, long micros) {
        double rate = (last - first) / (micros / 1e6);
        return micros == 0 || Double.isInfinite(rate) ? null : (Double) (rate + 0.0);
    }

    private static List<Double> numbers(Collection<Object> values) {
        return values.stream().map(Double.class::cast).toList();
    }

    /// What an event has for a series: −0.0 is 0.0, and what is not finite is nothing.
    private static @Nullable Object value(Observation event, int series) {
        Object value = event.values().get(series);
        if (value instanceof Double number) {
            return Double.isFinite(number) ? (Double) (number + 0.0) : null;
        }
        return value;
    }
}

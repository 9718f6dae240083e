package leat.core.feature;

import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the values of one series come to in every window.
final class History {

    private static final double MICROS_A_SECOND = 1e6;

    private final Needs needs;

    /// One a window; null where nothing of it is asked for that is added and subtracted.
    private final @Nullable Total[] totals;

    private final @Nullable Extremes smallest;
    private final @Nullable Extremes largest;
    private final @Nullable Timeline<Stamped> firsts;
    private final @Nullable Distincts distincts;
    private @Nullable Stamped last;

    History(Layout layout, int series) {
        this.needs = layout.needs(series);
        this.totals = new @Nullable Total[layout.windowCount()];
        for (int window = 0; window < totals.length; window++) {
            Set<Aggregate> asked = layout.aggregates(series, window);
            boolean squared = asked.contains(Aggregate.STDDEV);
            boolean summed =
                    squared || asked.contains(Aggregate.SUM) || asked.contains(Aggregate.MEAN);
            if (summed || asked.contains(Aggregate.COUNT)) {
                totals[window] = new Total(summed, squared);
            }
        }
        this.smallest = needs.min() ? Extremes.smallest() : null;
        this.largest = needs.max() ? Extremes.largest() : null;
        this.firsts = needs.first() ? new Timeline<>() : null;
        this.distincts = needs.distinct() ? new Distincts(totals.length) : null;
    }

    /// Takes in a value, after its tile did.
    ///
    /// @param slot what its tile has of the series
    /// @param froms where the windows begin
    void add(Object value, long start, Slot slot, long[] froms) {
        for (int window = 0; window < totals.length; window++) {
            Total total = totals[window];
            if (total != null && start >= froms[window]) {
                total.add(value);
            }
        }
        if (distincts != null) {
            Object told = Values.told(value);
            if (slot.distinct().contains(told)) {
                distincts.add(told, start, froms);
            }
        }
        take(slot, start);
    }

    /// Takes in a whole tile.
    void add(Slot slot, long start, long[] froms) {
        for (int window = 0; window < totals.length; window++) {
            Total total = totals[window];
            if (total != null && start >= froms[window]) {
                total.add(slot);
            }
        }
        if (distincts != null) {
            for (Object value : slot.distinct()) {
                distincts.add(value, start, froms);
            }
        }
        take(slot, start);
    }

    private void take(Slot slot, long start) {
        if (smallest != null) {
            smallest.add(start, slot.min());
        }
        if (largest != null) {
            largest.add(start, slot.max());
        }
        if (firsts != null) {
            firsts.put(start, slot.first());
        }
        if (needs.last() && (last == null || last.before(slot.last()))) {
            last = slot.last();
        }
    }

    /// A tile leaves a window.
    void leave(Slot slot, long start, int window) {
        Total total = totals[window];
        if (total != null) {
            total.subtract(slot);
        }
        if (distincts != null) {
            distincts.leave(slot.distinct(), start, window);
        }
    }

    /// A tile has left all windows.
    void forget(Slot slot, long start) {
        if (distincts != null) {
            distincts.forget(slot.distinct(), start);
        }
    }

    /// No window sees a tile before this start.
    void dropBefore(long start) {
        if (smallest != null) {
            smallest.dropBefore(start);
        }
        if (largest != null) {
            largest.dropBefore(start);
        }
        if (firsts != null) {
            firsts.dropBefore(start);
        }
        if (last != null && last.timeMicros() < start) {
            last = null;
        }
    }

    /// @param from where the window begins
    @Nullable Object value(Aggregate aggregate, int window, long from, long queryMicros) {
        Stamped newest = last != null && last.timeMicros() >= from ? last : null;
        return switch (aggregate) {
            case COUNT -> total(window).count();
            case SUM -> total(window).sum();
            case MEAN -> total(window).mean();
            case STDDEV -> total(window).deviation();
            case MIN -> Objects.requireNonNull(smallest).from(from);
            case MAX -> Objects.requireNonNull(largest).from(from);
            case FIRST -> firstValue(from);
            case LAST -> newest == null ? null : newest.value();
            case DISTINCT ->
                    Math.min(
                            Objects.requireNonNull(distincts).count(window), needs.distinctLimit());
            case RATE -> rate(first(from), newest);
            case AGE ->
                    newest == null
                            ? null
                            : (Double) ((queryMicros - newest.timeMicros()) / MICROS_A_SECOND);
        };
    }

    private Total total(int window) {
        return Objects.requireNonNull(totals[window]);
    }

    private @Nullable Stamped first(long from) {
        Timeline<Stamped> tiles = Objects.requireNonNull(firsts);
        int at = tiles.ceiling(from);
        return at < tiles.size() ? tiles.value(at) : null;
    }

    private @Nullable Object firstValue(long from) {
        Stamped first = first(from);
        return first == null ? null : first.value();
    }

    /// In doubles, as anyone would compute it from the two events.
    private static @Nullable Double rate(@Nullable Stamped first, @Nullable Stamped last) {
        if (first == null || last == null || first.timeMicros() == last.timeMicros()) {
            return null;
        }
        double seconds = (last.timeMicros() - first.timeMicros()) / MICROS_A_SECOND;
        return Values.result(((Double) last.value() - (Double) first.value()) / seconds);
    }

    long weightBytes() {
        long weight = 64;
        weight += smallest == null ? 0 : smallest.weightBytes();
        weight += largest == null ? 0 : largest.weightBytes();
        weight += firsts == null ? 0 : firsts.weightBytes() + (64L * firsts.size());
        for (Total total : totals) {
            weight += total == null ? 4 : total.weightBytes();
        }
        return weight + (distincts == null ? 0 : distincts.weightBytes());
    }
}

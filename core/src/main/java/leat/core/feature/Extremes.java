package leat.core.feature;

import org.jspecify.annotations.Nullable;

/// The extreme value of every window. As all windows end at the query time, a tile matters only
/// while no later one has a value at least as extreme: those that matter are kept, and from the
/// oldest to the newest their values are ever less extreme. So nothing needs to be looked for again
/// when a tile leaves a window.
final class Extremes {

    /// 1 for the largest, −1 for the smallest.
    private final int direction;

    private final Timeline<Double> tiles = new Timeline<>();

    private Extremes(int direction) {
        this.direction = direction;
    }

    static Extremes smallest() {
        return new Extremes(-1);
    }

    static Extremes largest() {
        return new Extremes(1);
    }

    void add(long start, double value) {
        int at = tiles.ceiling(start);
        if (at < tiles.size() && !beats(value, tiles.value(at))) {
            return;
        }
        int from = at;
        while (from > 0 && !beats(tiles.value(from - 1), value)) {
            from--;
        }
        tiles.replace(from, tiles.has(at, start) ? at + 1 : at, start, value);
    }

    private boolean beats(double value, double other) {
        return direction * Double.compare(value, other) > 0;
    }

    /// Of the tiles at and after a start; null where there are none.
    @Nullable Double from(long start) {
        int at = tiles.ceiling(start);
        return at < tiles.size() ? tiles.value(at) : null;
    }

    void dropBefore(long start) {
        tiles.dropBefore(start);
    }

    long weightBytes() {
        return 24 + tiles.weightBytes() + (16L * tiles.size());
    }
}

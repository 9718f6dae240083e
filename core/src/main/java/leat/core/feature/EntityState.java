package leat.core.feature;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import leat.core.feature.Shape.Newest;
import leat.core.feature.Shape.Output;
import leat.core.feature.Shape.Window;
import org.jspecify.annotations.Nullable;

/// What is known of one entity: its tiles, and what every window comes to, so that an event costs
/// about the same however long the windows are. What the values are is decided in
/// `docs/decisions/feature-views.md`; they depend on which events were added, not on their order.
///
/// All tiles but the one that the last event was added to are kept as their entries: they are
/// needed again only by a late event, and when they leave a window.
///
/// Not for use by several threads at a time.
public final class EntityState {

    private static final byte[] NOT_WRITTEN = {};

    private final Layout layout;
    private final List<History> histories = new ArrayList<>();

    /// Where the windows begin.
    private final long[] froms;

    private final Timeline<byte[]> entries = new Timeline<>();
    private long entriesBytes;
    private @Nullable Tile open;
    private boolean openChanged;
    private @Nullable NewestEvent newest;

    /// What an event changed.
    ///
    /// @param tileStart the tile that its values went to, the entry of which is to be written again
    /// @param tooLate whether no window can see its tile any more, so that it changed nothing
    /// @param expired the tiles that no window can see any more since then; their entries are to be
    ///   deleted
    public record Change(long tileStart, boolean tooLate, List<Long> expired) {
        public Change {
            expired = List.copyOf(expired);
        }
    }

    private EntityState(Layout layout) {
        this.layout = layout;
        this.froms = new long[layout.windowCount()];
        for (int series = 0; series < layout.seriesCount(); series++) {
            histories.add(new History(layout, series));
        }
    }

    /// Of an entity that nothing is known of.
    public static EntityState of(Layout layout) {
        return new EntityState(layout);
    }

    /// What was known when the entries of the tiles were written.
    ///
    /// @throws TileUnreadable when an entry is not of the layout or not whole
    public static EntityState restored(Layout layout, Iterable<Map.Entry<Long, byte[]>> tiles) {
        TreeMap<Long, byte[]> sorted = new TreeMap<>();
        for (Map.Entry<Long, byte[]> tile : tiles) {
            sorted.put(tile.getKey(), tile.getValue());
        }
        EntityState state = new EntityState(layout);
        if (!sorted.isEmpty()) {
            state.restore(sorted);
        }
        return state;
    }

    private void restore(NavigableMap<Long, byte[]> tiles) {
        Map.Entry<Long, byte[]> last = tiles.lastEntry();
        newest = Tile.of(layout, last.getKey(), last.getValue()).newest();
        for (int window = 0; window < froms.length; window++) {
            froms[window] = layout.from(window, queryMicros());
        }
        tiles.forEach((start, entry) -> {
            write(start, entry);
            Tile tile = Tile.of(layout, start, entry);
            if (start >= oldest()) {
                take(tile);
            }
        });
    }

    private void take(Tile tile) {
        for (int series = 0; series < histories.size(); series++) {
            Slot slot = tile.slot(series);
            if (slot != null) {
                histories.get(series).add(slot, tile.start(), froms);
            }
        }
    }

    /// Adds an event that was not added before.
    public Change add(Observation observation) {
        long start = layout.tileStart(observation.timeMicros());
        if (newest != null && start < oldest()) {
            return new Change(start, true, List.of());
        }
        if (open == null || open.start() != start) {
            close();
        }
        List<Long> expired = List.of();
        if (newest == null || newest.timeMicros() < observation.timeMicros()) {
            expired = advance(observation.timeMicros() + 1);
        }
        NewestEvent event = NewestEvent.of(observation, layout);
        boolean isNewest = newest == null || newest.before(observation);
        if (isNewest) {
            newest = event;
        }
        if (isNewest || layout.windowCount() > 0) {
            addTo(opened(start, event), observation, event);
        }
        return new Change(start, false, expired);
    }

    private void addTo(Tile tile, Observation observation, NewestEvent event) {
        for (int series = 0; series < histories.size(); series++) {
            if (!layout.needs(series).windowed()) {
                continue;
            }
            Object value = Values.value(observation, series);
            if (value != null) {
                Slot slot = tile.add(series, Stamped.of(value, observation));
                histories.get(series).add(value, tile.start(), slot, froms);
            }
        }
        if (tile.newest().before(observation)) {
            tile.newest(event);
        }
        openChanged = true;
    }

    private Tile opened(long start, NewestEvent event) {
        if (open != null && open.start() == start) {
            return open;
        }
        byte[] entry = entries.find(start);
        open = entry != null ? Tile.of(layout, start, entry) : new Tile(layout, start, event);
        if (entry == null) {
            write(start, NOT_WRITTEN);
        }
        return open;
    }

    /// Keeps the open tile as its entry.
    private void close() {
        if (open != null && openChanged) {
            write(open.start(), open.encoded());
        }
        open = null;
        openChanged = false;
    }

    private void write(long start, byte[] entry) {
        byte[] before = entries.find(start);
        entriesBytes += entry.length - (before == null ? -16 : before.length);
        entries.put(start, entry);
    }

    /// Moves the windows on to a query time, and returns the tiles that have left all of them.
    private List<Long> advance(long queryMicros) {
        for (int window = 0; window < froms.length; window++) {
            long from = layout.from(window, queryMicros);
            if (newest != null && from > froms[window]) {
                leave(window, from);
            }
            froms[window] = from;
        }
        int expired = entries.ceiling(oldest());
        return froms.length == 0 || expired == 0 ? List.of() : expire(expired);
    }

    /// Takes the tiles before `from` out of a window.
    private void leave(int window, long from) {
        int to = entries.ceiling(from);
        for (int i = entries.ceiling(froms[window]); i < to; i++) {
            Tile tile = Tile.of(layout, entries.start(i), entries.value(i));
            for (int series = 0; series < histories.size(); series++) {
                Slot slot = tile.slot(series);
                if (slot != null) {
                    histories.get(series).leave(slot, tile.start(), window);
                    if (window == froms.length - 1) {
                        histories.get(series).forget(slot, tile.start());
                    }
                }
            }
        }
    }

    private List<Long> expire(int count) {
        List<Long> expired = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            expired.add(entries.start(i));
            entriesBytes -= entries.value(i).length + 16;
        }
        entries.dropBefore(oldest());
        histories.forEach(history -> history.dropBefore(oldest()));
        return expired;
    }

    /// The first time that a window sees; without windows the start of the only tile.
    private long oldest() {
        return froms.length == 0 ? 0 : froms[froms.length - 1];
    }

    /// The entry of a tile that has not expired; not to be changed.
    ///
    /// @throws NoSuchElementException when there is no such tile
    public byte[] encoded(long tileStart) {
        if (open != null && openChanged && open.start() == tileStart) {
            write(tileStart, open.encoded());
            openChanged = false;
        }
        byte[] entry = entries.find(tileStart);
        if (entry == null) {
            throw new NoSuchElementException("no tile at " + tileStart + " µs");
        }
        return entry;
    }

    /// The time that the vector is of: a microsecond after the newest event.
    ///
    /// @throws NoSuchElementException when no event was added
    public long queryMicros() {
        return newestEvent().timeMicros() + 1;
    }

    private NewestEvent newestEvent() {
        if (newest == null) {
            throw new NoSuchElementException("there is no event yet");
        }
        return newest;
    }

    /// The values of the shape's outputs: [Double], [Long], [String], [Boolean], or null where
    /// there is none.
    ///
    /// @throws NoSuchElementException when no event was added
    public List<@Nullable Object> vector() {
        long queryMicros = queryMicros();
        List<@Nullable Object> vector = new ArrayList<>(layout.shape().outputs().size());
        for (Output output : layout.shape().outputs()) {
            vector.add(
                    switch (output) {
                        case Newest(int series) ->
                                newestEvent().values().get(layout.newestIndex(series));
                        case Window(int series, Aggregate aggregate, long micros) -> {
                            int window = layout.window(micros);
                            yield histories
                                    .get(series)
                                    .value(aggregate, window, froms[window], queryMicros);
                        }
                    });
        }
        return vector;
    }

    /// About how much memory this takes.
    public long weightBytes() {
        long weight = 200 + entries.weightBytes() + entriesBytes;
        for (History history : histories) {
            weight += history.weightBytes();
        }
        return weight;
    }
}

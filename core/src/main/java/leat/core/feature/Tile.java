package leat.core.feature;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The partial aggregates of the events of one hop, of all series.
final class Tile {

    private static final int FORMAT = 1;

    private final Layout layout;
    private final long start;
    private NewestEvent newest;
    private final @Nullable Slot[] slots;

    /// A tile with no event's values yet.
    Tile(Layout layout, long start, NewestEvent newest) {
        this.layout = layout;
        this.start = start;
        this.newest = newest;
        this.slots = new @Nullable Slot[layout.seriesCount()];
    }

    long start() {
        return start;
    }

    NewestEvent newest() {
        return newest;
    }

    void newest(NewestEvent event) {
        newest = event;
    }

    /// What is kept of a series; null where it has no value here.
    @Nullable Slot slot(int series) {
        return slots[series];
    }

    /// Adds a value to a series, and returns what is kept of it.
    Slot add(int series, Stamped value) {
        Slot slot = slots[series];
        if (slot == null) {
            slot = new Slot(layout.needs(series));
            slots[series] = slot;
        }
        slot.add(value);
        return slot;
    }

    /// The entry of the tile: format, fingerprint of the layout, newest event, series.
    byte[] encoded() {
        TileWriter writer = new TileWriter();
        writer.octet(FORMAT);
        writer.octet(layout.fingerprint());
        writer.octet(layout.fingerprint() >> 8);
        writeNewest(writer);
        for (int series = 0; series < slots.length; series++) {
            Slot slot = slots[series];
            if (slot != null) {
                slot.writeTo(writer, start, newest);
            } else if (layout.needs(series).windowed()) {
                writer.count(0);
            }
        }
        return writer.bytes();
    }

    private void writeNewest(TileWriter writer) {
        writer.signed(newest.timeMicros() - start);
        if (layout.ordered()) {
            writer.count(newest.partition());
            writer.count(newest.offset());
        }
        for (int i = 0; i < layout.newestCount(); i++) {
            Object value = newest.values().get(i);
            writer.octet(value == null ? 0 : 1);
            if (value != null) {
                writer.value(layout.needs(layout.newestSeries(i)).kind(), value);
            }
        }
    }

    /// Reads an entry.
    ///
    /// @throws TileUnreadable when it is none of this layout, or not whole
    static Tile of(Layout layout, long start, byte[] entry) {
        TileReader reader = new TileReader(entry, start);
        byte format = reader.octet();
        if (format != FORMAT) {
            throw reader.broken("the format " + format + " instead of " + FORMAT);
        }
        int fingerprint = (reader.octet() & 0xFF) | ((reader.octet() & 0xFF) << 8);
        if (fingerprint != layout.fingerprint()) {
            throw reader.broken("of another view's shape");
        }
        NewestEvent newest = readNewest(reader, layout, start);
        if (layout.tileStart(newest.timeMicros()) != start) {
            throw reader.broken("an event of another tile, at " + newest.timeMicros() + " µs");
        }
        Tile tile = new Tile(layout, start, newest);
        for (int series = 0; series < tile.slots.length; series++) {
            Needs needs = layout.needs(series);
            if (needs.windowed()) {
                tile.slots[series] = Slot.readFrom(reader, needs, start, newest);
            }
        }
        reader.end();
        return tile;
    }

    private static NewestEvent readNewest(TileReader reader, Layout layout, long start) {
        long timeMicros = start + reader.signed();
        int partition = layout.ordered() ? (int) reader.varint() : 0;
        long offset = layout.ordered() ? reader.varint() : 0;
        List<@Nullable Object> values = new ArrayList<>(layout.newestCount());
        for (int i = 0; i < layout.newestCount(); i++) {
            Needs needs = layout.needs(layout.newestSeries(i));
            values.add(reader.flag() ? reader.value(needs.kind()) : null);
        }
        return new NewestEvent(timeMicros, partition, offset, values);
    }
}

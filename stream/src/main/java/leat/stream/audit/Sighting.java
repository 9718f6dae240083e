package leat.stream.audit;

import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import leat.core.event.Hash128;

/// That an event was seen in one place of its way.
///
/// @param identity the hash of source and id, without the attempt
/// @param partition the raw partition it claims to come from; below 0 where it is not in raw yet
/// @param offset the raw offset it claims to come from; in the client's ledger the line's number
///   and in the collector's spool 0
/// @param attempt how often the event came back from the dead; known of records only, else 0
/// @param detail the raw append time in milliseconds, or the offset of an output in its own topic,
///   or a document's version; otherwise 0
record Sighting(
        Hash128 identity, int partition, long offset, Place place, int attempt, long detail) {

    /// Where an event can be seen, in the order of its way.
    enum Place {
        LEDGER,
        SPOOL,
        RAW,
        ENRICHED,
        DEAD,
        REFUSED_BY_LAKE,
        REFUSED_BY_SEARCH,
        BACK_TO_LAKE,
        BACK_TO_SEARCH,
        LAKE,
        SEARCH;

        /// Whether it is what came back to a sink.
        boolean back() {
            return this == BACK_TO_LAKE || this == BACK_TO_SEARCH;
        }
    }

    /// What stands in a file for one sighting.
    static final int BYTES = 2 * Long.BYTES + Integer.BYTES + Long.BYTES + 1 + 4 + Long.BYTES;

    private static final List<Place> PLACES = List.of(Place.values());

    /// Brings all sightings of an event together, position by position in the order of the log.
    static final Comparator<Sighting> ORDER = Sighting::compare;

    /// Written out, because chained comparators took a sixth of an audit's time.
    private static int compare(Sighting a, Sighting b) {
        int order = Long.compare(a.identity.high(), b.identity.high());
        if (order == 0) {
            order = Long.compare(a.identity.low(), b.identity.low());
        }
        if (order == 0) {
            order = Integer.compare(a.partition, b.partition);
        }
        if (order == 0) {
            order = Long.compare(a.offset, b.offset);
        }
        if (order == 0) {
            order = a.place.compareTo(b.place);
        }
        return order == 0 ? Long.compare(a.detail, b.detail) : order;
    }

    void write(ByteBuffer buffer) {
        buffer.putLong(identity.high())
                .putLong(identity.low())
                .putInt(partition)
                .putLong(offset)
                .put((byte) PLACES.indexOf(place))
                .putInt(attempt)
                .putLong(detail);
    }

    static Sighting read(ByteBuffer buffer) {
        return new Sighting(
                new Hash128(buffer.getLong(), buffer.getLong()),
                buffer.getInt(),
                buffer.getLong(),
                PLACES.get(buffer.get()),
                buffer.getInt(),
                buffer.getLong());
    }

    boolean samePosition(Sighting other) {
        return partition == other.partition && offset == other.offset;
    }
}

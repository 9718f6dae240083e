package leat.stream.enricher.dedupe;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A map from 128-bit identities to the time each was last appended, off the Java heap: 24 bytes an
/// entry, open addressing, 30 to 48 bytes an identity with the free slots.
///
/// It is cut into 256 shards by the identity's first byte. A full shard is built again alone,
/// without what expired, so that no single step takes longer than a millisecond or so even at ten
/// million identities, and memory follows the live window. One thread at a time.
final class IdentityTable implements AutoCloseable {

    static final long ABSENT = -1;

    private static final int SHARDS = 256;
    private static final int MIN_CAPACITY = 16;
    private static final long ENTRY_BYTES = 24;

    /// The capacity of a shard that gave its memory back: whatever is asked of it fails.
    private static final int CLOSED = -1;

    private static final long LOW = 8;
    private static final long MILLIS = 16;

    private final Shard[] shards = new Shard[SHARDS];
    private long horizonMillis;
    private long bytes;
    private int nextShrink;

    IdentityTable() {
        for (int i = 0; i < SHARDS; i++) {
            shards[i] = new Shard();
        }
    }

    /// When the identity was last appended, or [#ABSENT]. May still answer with what expired.
    long lastSeen(long high, long low) {
        return shard(high).lastSeen(high, low);
    }

    /// Remembers the identity; an older time never replaces a newer one.
    void put(long high, long low, long millis) {
        shard(high).put(high, low, Math.max(0, millis));
    }

    /// Lets go, bit by bit, of everything older.
    void expireBefore(long millis) {
        horizonMillis = Math.max(horizonMillis, millis);
        shards[nextShrink].shrink();
        nextShrink = (nextShrink + 1) % SHARDS;
    }

    /// Lets go of everything expired at once.
    void compact() {
        for (Shard shard : shards) {
            if (shard.capacity > 0) {
                shard.rebuild();
            }
        }
    }

    long bytes() {
        return bytes;
    }

    /// How many identities are held, expired ones that were not dropped yet included.
    long size() {
        long size = 0;
        for (Shard shard : shards) {
            size += shard.used;
        }
        return size;
    }

    @Override
    public void close() {
        for (Shard shard : shards) {
            shard.close();
        }
    }

    private Shard shard(long high) {
        return shards[(int) (high >>> 56)];
    }

    /// An entry is high, low, millis + 1; a free slot has 0 in the third place.
    private final class Shard {
        private MemorySegment slots = MemorySegment.NULL;
        private int capacity;
        private int used;

        void close() {
            if (capacity > 0) {
                NativeMemory.free(slots);
                slots = MemorySegment.NULL;
                capacity = CLOSED;
            }
        }

        long lastSeen(long high, long low) {
            if (capacity == 0) {
                return ABSENT;
            }
            long at = first(low);
            while (true) {
                long stored = slots.get(ValueLayout.JAVA_LONG, at + MILLIS);
                if (stored == 0) {
                    return ABSENT;
                }
                if (slots.get(ValueLayout.JAVA_LONG, at) == high
                        && slots.get(ValueLayout.JAVA_LONG, at + LOW) == low) {
                    return stored - 1;
                }
                at = next(at);
            }
        }

        void put(long high, long low, long millis) {
            if (capacity == 0) {
                rebuild();
            }
            long at = first(low);
            long expired = -1;
            while (true) {
                long stored = slots.get(ValueLayout.JAVA_LONG, at + MILLIS);
                if (stored == 0) {
                    break;
                }
                if (slots.get(ValueLayout.JAVA_LONG, at) == high
                        && slots.get(ValueLayout.JAVA_LONG, at + LOW) == low) {
                    slots.set(ValueLayout.JAVA_LONG, at + MILLIS, Math.max(stored, millis + 1));
                    return;
                }
                if (expired < 0 && stored - 1 < horizonMillis) {
                    expired = at;
                }
                at = next(at);
            }
            // An expired slot on the way is free for the taking: the probes of others only need it
            // to stay occupied.
            if (expired >= 0) {
                store(slots, expired, high, low, millis + 1);
                return;
            }
            store(slots, at, high, low, millis + 1);
            if (++used > capacity - capacity / 5) {
                rebuild();
            }
        }

        /// Makes a shard smaller in which little is alive.
        void shrink() {
            if (capacity > MIN_CAPACITY && live() < capacity / 4) {
                rebuild();
            }
        }

        void rebuild() {
            int live = live();
            int grown = Math.max(MIN_CAPACITY, live + live / 2 + live / 16);
            MemorySegment old = slots;
            MemorySegment fresh = NativeMemory.allocate(grown * ENTRY_BYTES);
            bytes += fresh.byteSize() - old.byteSize();
            slots = fresh;
            capacity = grown;
            used = live;
            for (long from = 0; from < old.byteSize(); from += ENTRY_BYTES) {
                long stored = old.get(ValueLayout.JAVA_LONG, from + MILLIS);
                if (stored != 0 && stored - 1 >= horizonMillis) {
                    long low = old.get(ValueLayout.JAVA_LONG, from + LOW);
                    long at = first(low);
                    while (fresh.get(ValueLayout.JAVA_LONG, at + MILLIS) != 0) {
                        at = next(at);
                    }
                    store(fresh, at, old.get(ValueLayout.JAVA_LONG, from), low, stored);
                }
            }
            if (old.byteSize() > 0) {
                NativeMemory.free(old);
            }
        }

        private int live() {
            int live = 0;
            for (long at = MILLIS; at < slots.byteSize(); at += ENTRY_BYTES) {
                long stored = slots.get(ValueLayout.JAVA_LONG, at);
                if (stored != 0 && stored - 1 >= horizonMillis) {
                    live++;
                }
            }
            return live;
        }

        private long first(long low) {
            return Math.unsignedMultiplyHigh(low, capacity) * ENTRY_BYTES;
        }

        private long next(long at) {
            long next = at + ENTRY_BYTES;
            return next == capacity * ENTRY_BYTES ? 0 : next;
        }

        private static void store(MemorySegment to, long at, long high, long low, long stored) {
            to.set(ValueLayout.JAVA_LONG, at, high);
            to.set(ValueLayout.JAVA_LONG, at + LOW, low);
            to.set(ValueLayout.JAVA_LONG, at + MILLIS, stored);
        }
    }
}

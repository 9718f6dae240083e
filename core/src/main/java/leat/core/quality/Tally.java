package leat.core.quality;

import java.util.HashSet;
import java.util.Set;
import leat.core.event.Hash128;

/// What a rule has counted in a window, or in a part of one. Tallies of parts that have no event in
/// common [#plus] to the tally of the whole, in whatever order.
///
/// @param rows events looked at
/// @param hits those among them that the rule counts; for duplicate values those with an identity
/// @param newestMicros the greatest event time; [Long#MIN_VALUE] when no event was looked at
/// @param identities of the events, for duplicate values; empty for other rules
/// @param overflown whether there were more identities than are kept, and so duplicates are not
///   known
public record Tally(
        long rows, long hits, long newestMicros, Set<Hash128> identities, boolean overflown) {

    /// The most identities of a window that are told apart.
    public static final int MAX_IDENTITIES = 50_000;

    public static final Tally NONE = new Tally(0, 0, Long.MIN_VALUE, Set.of(), false);

    public Tally {
        identities = Set.copyOf(identities);
    }

    public Tally plus(Tally more) {
        Builder sum = new Builder();
        sum.add(this);
        sum.add(more);
        return sum.build();
    }

    /// A tally while it grows. Not for several threads.
    public static final class Builder {
        private final Set<Hash128> identities = new HashSet<>();
        private long rows;
        private long hits;
        private long newestMicros = Long.MIN_VALUE;
        private boolean overflown;

        /// One event was looked at.
        void row(boolean hit) {
            rows++;
            hits += hit ? 1 : 0;
        }

        void newest(long eventMicros) {
            newestMicros = Math.max(newestMicros, eventMicros);
        }

        /// The event just looked at has an identity.
        void identity(Hash128 identity) {
            hits++;
            remember(identity);
        }

        private void remember(Hash128 identity) {
            if (overflown || identities.contains(identity)) {
                return;
            }
            if (identities.size() == MAX_IDENTITIES) {
                overflown = true;
                identities.clear();
            } else {
                identities.add(identity);
            }
        }

        /// All of a part.
        public void add(Tally part) {
            rows += part.rows;
            hits += part.hits;
            newest(part.newestMicros);
            if (part.overflown) {
                overflown = true;
                identities.clear();
            }
            part.identities.forEach(this::remember);
        }

        public Tally build() {
            return new Tally(rows, hits, newestMicros, identities, overflown);
        }
    }
}

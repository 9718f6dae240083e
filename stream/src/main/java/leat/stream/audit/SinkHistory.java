package leat.stream.audit;

import java.util.List;
import leat.stream.audit.Sighting.Place;

/// What one sink was given of one raw record's event, and what it refused: the enriched event
/// first, then whatever came back to it, each a higher attempt than the letter it came from. Only
/// the last of them counts.
///
/// @param lastBack the last attempt that came back; -1 when none did
/// @param refused whether the sink has refused the last that it was given
record SinkHistory(Place returns, int lastBack, boolean refused) {

    static SinkHistory ofLake(List<Sighting> here) {
        return of(here, Place.REFUSED_BY_LAKE, Place.BACK_TO_LAKE);
    }

    static SinkHistory ofSearch(List<Sighting> here) {
        return of(here, Place.REFUSED_BY_SEARCH, Place.BACK_TO_SEARCH);
    }

    private static SinkHistory of(List<Sighting> here, Place refusals, Place returns) {
        int lastRefused = -1;
        int lastBack = -1;
        for (Sighting sighting : here) {
            if (sighting.place() == refusals) {
                lastRefused = Math.max(lastRefused, sighting.attempt());
            } else if (sighting.place() == returns) {
                lastBack = Math.max(lastBack, sighting.attempt());
            }
        }
        return new SinkHistory(returns, lastBack, lastRefused >= 0 && lastRefused >= lastBack);
    }

    /// How many records the sink should have loaded, if it has not refused them.
    ///
    /// @param here what this was made of
    /// @param position where its loader goes on in the enriched topic
    /// @param retryPosition where it goes on in the topic of what came back
    long due(List<Sighting> here, long position, long retryPosition) {
        long due = 0;
        for (Sighting sighting : here) {
            boolean given =
                    lastBack < 0
                            ? sighting.place() == Place.ENRICHED && sighting.detail() < position
                            : sighting.place() == returns
                                    && sighting.attempt() == lastBack
                                    && sighting.detail() < retryPosition;
            due += given ? 1 : 0;
        }
        return due;
    }
}

package leat.core.extraction;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The event that everything of a source up to a position is in the raw topic.
///
/// @param source names it, e.g. `pull/orders` or `file/host-a/clicks//var/log/clicks.jsonl`
/// @param position what its reader goes on with; only the reader knows what the keys mean
/// @param rows all rows taken so far
/// @param at when the position was taken
public record Taken(String source, SortedMap<String, String> position, long rows, Instant at) {

    public Taken {
        position = Collections.unmodifiableSortedMap(new TreeMap<>(position));
    }

    public Taken(String source, Map<String, String> position, long rows, Instant at) {
        this(source, new TreeMap<>(position), rows, at);
    }
}

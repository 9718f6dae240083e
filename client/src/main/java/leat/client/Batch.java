package leat.client;

import java.util.List;

/// The events of one request.
///
/// @param contract `car-telemetry` for its newest major version, or `car-telemetry.v1`
/// @param key with the index it makes the ids of events that have none of their own: 1 to 200
///   visible ASCII characters
/// @param firstIndex the index of the first event under the key
public record Batch(String contract, String key, long firstIndex, List<Event> events) {

    /// Checks that there is something in it.
    ///
    /// @throws IllegalArgumentException when it is empty
    public Batch {
        events = List.copyOf(events);
        if (events.isEmpty()) {
            throw new IllegalArgumentException("a batch has one event at least");
        }
    }

    Batch part(int from, int to) {
        return new Batch(contract, key, firstIndex + from, events.subList(from, to));
    }
}

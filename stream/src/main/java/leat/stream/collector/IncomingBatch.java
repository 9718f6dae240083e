package leat.stream.collector;

import java.util.List;
import java.util.Optional;

/// The events of one request, all of one contract, in the client's order.
///
/// @param idempotency gives ids to events that have none of their own
public record IncomingBatch(List<IncomingEvent> events, Optional<IdempotencyKey> idempotency) {

    public IncomingBatch {
        events = List.copyOf(events);
    }

    /// The bytes of all payloads.
    public long bytes() {
        long sum = 0;
        for (IncomingEvent event : events) {
            sum += event.payload().length;
        }
        return sum;
    }

    /// The client's name for a request: event `i` of it is `key/(firstIndex + i)`.
    public record IdempotencyKey(String key, long firstIndex) {
        String idOf(int item) {
            return key + "/" + (firstIndex + item);
        }
    }
}

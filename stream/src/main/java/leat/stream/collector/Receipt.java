package leat.stream.collector;

import java.util.List;
import leat.core.outcome.Reason;
import leat.stream.collector.access.Denial;

/// What became of a batch.
public sealed interface Receipt {

    /// Every event has its fate, and the log has acknowledged what it was given, or the spool has
    /// it on disk.
    ///
    /// @param items one for each event, in the batch's order
    /// @param spooled how many of them are in the spool, and go to the log when it is there again
    record Settled(List<Item> items, int spooled) implements Receipt {
        public Settled {
            items = List.copyOf(items);
        }
    }

    /// The log did not acknowledge the whole batch in time. Some of it may be stored: the batch is
    /// to be sent again as it is, and events with a repeatable id are then told apart as
    /// duplicates.
    ///
    /// @param acknowledged how many events are known to be stored
    /// @param deduplication whether all ids of the batch are repeatable
    /// @param cause what the log's client said
    record Unavailable(int acknowledged, boolean deduplication, String cause) implements Receipt {

        /// What the client is told of its events.
        ///
        /// @param whole what it calls the batch
        public String message(String whole) {
            String stored =
                    acknowledged == 0
                            ? "the log did not acknowledge the events in time"
                            : "the log acknowledged "
                                    + acknowledged
                                    + " events of the "
                                    + whole
                                    + " only";
            return stored + " (" + cause + ")";
        }

        /// What the client is to do.
        ///
        /// @param keyName what it calls the key of a request that is sent again
        public String remedy(String keyName) {
            return deduplication
                    ? "send the same request again: what is stored already is found by its id"
                    : "send the same request again; with an "
                            + keyName
                            + " what is stored already would be found by its id";
        }
    }

    /// The caller may not bring events of this contract in. Nothing of the batch is stored.
    record Denied(Denial denial) implements Receipt {}

    /// The caller has used up what it may send for now. Nothing of the batch is stored.
    ///
    /// @param retryAfterMillis when to try again
    record Throttled(long retryAfterMillis) implements Receipt {}

    /// One event's fate.
    sealed interface Item {}

    /// It is in the raw topic, or on its way there in the spool.
    ///
    /// @param repeatable whether the event sent again gets the same id
    record Accepted(String id, boolean repeatable) implements Item {}

    /// It is in the collector's dead letters, or on its way there, under the id that it has or was
    /// given.
    record Dead(String id, List<Reason> reasons) implements Item {
        public Dead {
            reasons = List.copyOf(reasons);
        }
    }

    /// It is stored nowhere.
    record Refused(List<Reason> reasons) implements Item {
        public Refused {
            reasons = List.copyOf(reasons);
        }
    }
}

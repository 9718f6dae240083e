package leat.stream.collector.otlp;

import java.util.ArrayList;
import java.util.List;
import leat.core.config.DataSize;
import leat.core.encoding.PayloadFormat;
import leat.core.outcome.Reason;
import leat.stream.collector.IncomingEvent;
import leat.stream.collector.Limits;

/// The events of a request while it is taken apart, and no more of them than a request may have.
final class Collected {

    /// A resource stands once in a request and in every event of it.
    private static final int MOST_TIMES_REQUEST_SIZE = 4;

    private final Limits limits;
    private final List<IncomingEvent> events = new ArrayList<>();
    private long sizeBytes;
    private boolean allTimed = true;

    Collected(Limits limits) {
        this.limits = limits;
    }

    /// Whether a message may be decoded: one that is larger than an event may be is not.
    boolean fits(Undecoded part) {
        return part.sizeBytes() <= limits.eventSize().bytes();
    }

    /// Takes a message that is too large, for the intake to refuse by its size.
    void addTooLarge(Undecoded part) throws MalformedExport {
        add(new IncomingEvent(part.toBytes()));
    }

    /// @param faults why it is not what the client meant; empty for a sound one
    void add(byte[] json, List<Reason> faults) throws MalformedExport {
        add(new IncomingEvent(json, null, faults, PayloadFormat.JSON));
    }

    private void add(IncomingEvent event) throws MalformedExport {
        if (events.size() >= limits.requestEvents()) {
            throw MalformedExport.tooMuch(
                    "the request has more than " + limits.requestEvents() + " records");
        }
        sizeBytes += event.payload().length;
        long most = limits.requestSize().bytes() * MOST_TIMES_REQUEST_SIZE;
        if (sizeBytes > most) {
            throw MalformedExport.tooMuch(
                    "the records, each with its resource, are larger than " + new DataSize(most));
        }
        events.add(event);
    }

    /// A record came without a time of its own.
    void untimed() {
        allTimed = false;
    }

    boolean allTimed() {
        return allTimed;
    }

    List<IncomingEvent> events() {
        return events;
    }
}

package leat.stream.collector;

import java.util.List;
import leat.core.encoding.PayloadFormat;
import leat.core.outcome.Reason;
import org.jspecify.annotations.Nullable;

/// One event as a door took it out of its protocol.
///
/// The payload is handed over, not copied: nobody changes it afterwards.
///
/// @param payload the client's bytes of this one event
/// @param attributes what the client said about the event; `null` for a bare payload
/// @param faults why the door could not read what the protocol wraps around the payload, e.g. a
///   CloudEvent without a source; empty for a readable one
/// @param format how the payload is written, as the client said
/// @param address the key that the event was addressed to, e.g. by an MQTT topic; an event whose
///   own key is another is a dead letter; `null` where the protocol addresses none
@SuppressWarnings("ArrayRecordComponent") // an event is not compared, and copying is what it saves
public record IncomingEvent(
        byte[] payload,
        @Nullable EventAttributes attributes,
        List<Reason> faults,
        PayloadFormat format,
        @Nullable String address) {

    public IncomingEvent {
        faults = List.copyOf(faults);
    }

    public IncomingEvent(
            byte[] payload,
            @Nullable EventAttributes attributes,
            List<Reason> faults,
            PayloadFormat format) {
        this(payload, attributes, faults, format, null);
    }

    public IncomingEvent(byte[] payload) {
        this(payload, null, List.of(), PayloadFormat.JSON);
    }

    public IncomingEvent(byte[] payload, EventAttributes attributes) {
        this(payload, attributes, List.of(), PayloadFormat.JSON);
    }
}

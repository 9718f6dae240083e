package leat.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One event: bytes, and what is known about them. Bytes are handed over, not copied.
///
/// @param payload what is stored
/// @param contentType how it is written
/// @param identity what it is known by; empty for an event that has id fields in its contract, or
///   is to be known by its place in what is sent
/// @param attributes other attributes of a CloudEvent, only with an identity: `type`, `time`,
///   `subject`, `dataschema` and extensions
@SuppressWarnings("ArrayRecordComponent") // an event is sent, not compared
public record Event(
        byte[] payload,
        String contentType,
        Optional<Identity> identity,
        Map<String, String> attributes) {

    private static final String JSON = "application/json";

    /// What a CloudEvent is known by: two with the same are one event.
    public record Identity(String source, String id) {

        /// Checks that neither is empty.
        ///
        /// @throws IllegalArgumentException when one is
        public Identity {
            if (source.isEmpty() || id.isEmpty()) {
                throw new IllegalArgumentException("an identity has a source and an id");
            }
        }
    }

    /// How requests over HTTP carry it; a request carries events of one form.
    enum Form {
        /// A line of JSON.
        LINE,
        /// A CloudEvent in a batch of them.
        ENVELOPE,
        /// As the only event of its request.
        ALONE
    }

    /// Checks that attributes have an identity.
    ///
    /// @throws IllegalArgumentException when they have none
    public Event {
        attributes = Map.copyOf(attributes);
        if (identity.isEmpty() && !attributes.isEmpty()) {
            throw new IllegalArgumentException("attributes need an identity: a source and an id");
        }
    }

    /// An event of JSON text.
    public static Event json(String text) {
        return json(text.getBytes(UTF_8));
    }

    /// An event of JSON bytes.
    public static Event json(byte[] bytes) {
        return of(bytes, JSON);
    }

    /// An event in another encoding, such as `application/avro`.
    public static Event of(byte[] payload, String contentType) {
        return new Event(payload, contentType, Optional.empty(), Map.of());
    }

    /// The same, known by a source and an id.
    public Event withIdentity(String source, String id) {
        return new Event(payload, contentType, Optional.of(new Identity(source, id)), attributes);
    }

    /// The same with another attribute.
    public Event withAttribute(String name, String value) {
        Map<String, String> more = new TreeMap<>(attributes);
        more.put(name, value);
        return new Event(payload, contentType, identity, more);
    }

    boolean isJson() {
        return contentType.equals(JSON);
    }

    Form form() {
        if (identity.isPresent()) {
            return Form.ENVELOPE;
        }
        return isJson() ? Form.LINE : Form.ALONE;
    }

    /// What it takes in a request, about.
    long sizeBytes() {
        return payload.length + 2L;
    }
}

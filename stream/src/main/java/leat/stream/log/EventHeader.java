package leat.stream.log;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import leat.core.event.EventHeaders;
import leat.core.event.EventIdentity;
import leat.core.event.Position;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// Reads the headers that [EventHeaders] names. All of them are UTF-8 text.
public final class EventHeader {

    /// So many fit a long.
    private static final int MOST_TIME_DIGITS = 18;

    private EventHeader() {}

    /// The last header of that name, or null.
    public static @Nullable String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null
                ? null
                : new String(header.value(), StandardCharsets.UTF_8);
    }

    /// The event time in microseconds since 1970, as the enricher writes it; empty where there is
    /// none, as in what a foreign producer wrote. Asked for with every event, so no text is made.
    public static OptionalLong eventMicros(Headers headers) {
        Header header = headers.lastHeader(EventHeaders.EVENT_TIME);
        byte[] text = header == null ? null : header.value();
        if (text == null) {
            return OptionalLong.empty();
        }
        boolean negative = text.length > 0 && text[0] == '-';
        int digits = negative ? text.length - 1 : text.length;
        if (digits < 1 || digits > MOST_TIME_DIGITS) {
            return OptionalLong.empty();
        }
        long value = 0;
        for (int i = text.length - digits; i < text.length; i++) {
            if (text[i] < '0' || text[i] > '9') {
                return OptionalLong.empty();
            }
            value = (10 * value) + (text[i] - '0');
        }
        return OptionalLong.of(negative ? -value : value);
    }

    /// The position in the last header of that name; empty where there is none.
    public static Optional<Position> position(Headers headers, String name) {
        String text = text(headers, name);
        try {
            return Optional.ofNullable(text).map(Position::parse);
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// The position of the event that a vector goes back to: its origin, else what it was written
    /// with.
    public static Optional<Position> origin(Headers vector) {
        return position(vector, EventHeaders.ORIGIN)
                .or(() -> position(vector, EventHeaders.POSITION));
    }

    /// Adds a header.
    public static void add(Headers headers, String name, String text) {
        headers.add(name, text.getBytes(StandardCharsets.UTF_8));
    }

    /// Who the event is; empty where a foreign producer wrote the record without `ce_source` or
    /// `ce_id`. Such a record is a duplicate of no other.
    public static Optional<EventIdentity> identity(Headers headers) {
        String source = text(headers, EventHeaders.SOURCE);
        String id = text(headers, EventHeaders.ID);
        if (source == null || id == null) {
            return Optional.empty();
        }
        return Optional.of(new EventIdentity(source, id, attempt(headers)));
    }

    /// How often a dead letter came back; 0 where the header is absent or no number.
    private static int attempt(Headers headers) {
        String attempt = text(headers, EventHeaders.ATTEMPT);
        return attempt != null && attempt.matches("\\d{1,9}") ? Integer.parseInt(attempt) : 0;
    }
}

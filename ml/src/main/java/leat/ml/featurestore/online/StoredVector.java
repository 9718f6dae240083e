package leat.ml.featurestore.online;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// A vector as the online store keeps it: its query time, and the JSON object that the log has of
/// it, byte for byte.
public final class StoredVector {

    /// The members of the JSON that are no features.
    static final String ENTITY = "entity";

    static final String QUERY_TIME = "query_time";

    private static final JsonFactory JSON = new JsonFactory();

    private final byte[] bytes;

    private StoredVector(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Reads a record of `latest`; empty when it is no vector: one JSON object with `entity` and
    /// `query_time`, and values that are not objects or lists.
    public static Optional<StoredVector> read(byte[] json) {
        return micros(json).map(micros -> of(micros, json));
    }

    /// @param json as [#read] found it to be sound
    static StoredVector of(long queryMicros, byte[] json) {
        return new StoredVector(
                ByteBuffer.allocate(Long.BYTES + json.length)
                        .putLong(queryMicros)
                        .put(json)
                        .array());
    }

    /// What [#stored] gave.
    static StoredVector ofStored(byte[] stored) {
        return new StoredVector(stored);
    }

    /// Eight bytes of query time, then the JSON; not to be changed.
    byte[] stored() {
        return bytes;
    }

    /// Where the JSON begins in [#stored].
    static int jsonStart() {
        return Long.BYTES;
    }

    /// One microsecond after the newest event, since 1970.
    public long queryMicros() {
        return ByteBuffer.wrap(bytes).getLong();
    }

    /// The same as a time.
    public Instant queryTime() {
        return Instant.EPOCH.plus(queryMicros(), ChronoUnit.MICROS);
    }

    /// The JSON as the log has it.
    public byte[] json() {
        return Arrays.copyOfRange(bytes, Long.BYTES, bytes.length);
    }

    private static Optional<Long> micros(byte[] json) {
        Optional<Long> micros = Optional.empty();
        boolean entity = false;
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value == null || !value.isScalarValue()) {
                    return Optional.empty();
                }
                if (name.equals(QUERY_TIME) && value == JsonToken.VALUE_STRING) {
                    Instant time = Instant.parse(parser.getString());
                    micros = Optional.of(ChronoUnit.MICROS.between(Instant.EPOCH, time));
                } else if (name.equals(ENTITY)) {
                    entity = value == JsonToken.VALUE_STRING;
                } else {
                    // What is not read to its end is not checked either.
                    parser.finishToken();
                }
            }
            boolean whole =
                    parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
            return whole && entity ? micros : Optional.empty();
        } catch (JacksonException | DateTimeParseException | ArithmeticException _) {
            // A time may be written that is too far away for microseconds.
            return Optional.empty();
        }
    }
}

package leat.stream.inspect;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import leat.core.encoding.Decoded;
import leat.core.encoding.Metadata;
import leat.core.encoding.PayloadDecoder;
import leat.core.encoding.PayloadFormat;
import org.jspecify.annotations.Nullable;

/// A record's value: the bytes as they are, and as people read them.
public final class Payload {

    private final byte[] bytes;
    private final @Nullable Reading reading;

    /// A value that is JSON, or was meant to be.
    Payload(byte @Nullable [] bytes) {
        this(bytes, null);
    }

    /// @param reading how a value is read that may be no JSON
    Payload(byte @Nullable [] bytes, @Nullable Reading reading) {
        this.bytes = bytes == null ? new byte[0] : bytes;
        this.reading = reading;
    }

    /// What is known of a value's encoding.
    ///
    /// @param contentType what its record says
    record Reading(PayloadDecoder decoder, @Nullable String contentType, Metadata metadata) {

        /// Null for bytes that their encoding does not make readable.
        byte @Nullable [] json(byte[] bytes) {
            return switch (decoder.decode(contentType, bytes, metadata)) {
                case Decoded.Json(byte[] json) -> json;
                case Decoded.Refused _ -> null;
            };
        }

        boolean isJson(byte[] bytes) {
            return contentType == null
                    ? bytes.length == 0 || bytes[0] != 0
                    : PayloadFormat.of(contentType).orElse(PayloadFormat.JSON)
                            == PayloadFormat.JSON;
        }
    }

    /// The bytes; not to be changed.
    public byte[] bytes() {
        return bytes;
    }

    /// The bytes as JSON, which is what they are but for an encoding that the contract names; not
    /// to be changed. Bytes that cannot be read are handed back as they are.
    byte[] json() {
        byte[] json = reading == null ? null : reading.json(bytes);
        return json == null ? bytes : json;
    }

    /// As text: an encoded event as the JSON it becomes, in base64 where it becomes none; of other
    /// events bytes that are not UTF-8 are replaced.
    public String text() {
        if (reading == null || reading.isJson(bytes)) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
        byte[] json = reading.json(bytes);
        return json == null
                ? Base64.getEncoder().encodeToString(bytes)
                : new String(json, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Payload payload && Arrays.equals(bytes, payload.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return text();
    }
}

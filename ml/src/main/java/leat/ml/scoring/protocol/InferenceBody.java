package leat.ml.scoring.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalInt;

/// A body of the protocol: JSON, and tensors in binary behind it.
public final class InferenceBody {

    /// The header that says where the JSON ends.
    public static final String JSON_LENGTH = "Inference-Header-Content-Length";

    private final byte[] bytes;
    private final int jsonLength;

    private InferenceBody(byte[] bytes, int jsonLength) {
        this.bytes = bytes;
        this.jsonLength = jsonLength;
    }

    /// JSON alone.
    public static InferenceBody json(byte[] bytes) {
        return new InferenceBody(bytes, bytes.length);
    }

    /// What was received.
    ///
    /// @param jsonLength the value of the header [#JSON_LENGTH], where it was there
    /// @throws InferenceMalformed when the header is no length within the body
    public static InferenceBody received(byte[] bytes, Optional<String> jsonLength) {
        if (jsonLength.isEmpty()) {
            return json(bytes);
        }
        try {
            return of(bytes, Integer.parseInt(jsonLength.get().strip()));
        } catch (NumberFormatException _) {
            throw new InferenceMalformed(JSON_LENGTH + " is no number: " + jsonLength.get());
        }
    }

    /// JSON up to a length, and binary behind it.
    ///
    /// @throws InferenceMalformed when there is less
    static InferenceBody of(byte[] bytes, int jsonLength) {
        if (jsonLength < 0 || jsonLength > bytes.length) {
            throw new InferenceMalformed(
                    JSON_LENGTH + " is " + jsonLength + ", and the body has " + bytes.length);
        }
        return new InferenceBody(bytes, jsonLength);
    }

    /// All of it; belongs to whoever asks.
    public byte[] bytes() {
        return bytes;
    }

    /// The length of the JSON; empty where nothing follows it.
    public OptionalInt jsonLength() {
        return jsonLength == bytes.length ? OptionalInt.empty() : OptionalInt.of(jsonLength);
    }

    ByteBuffer json() {
        return ByteBuffer.wrap(bytes, 0, jsonLength);
    }

    ByteBuffer binary() {
        return ByteBuffer.wrap(bytes, jsonLength, bytes.length - jsonLength)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN);
    }
}

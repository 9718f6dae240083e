package leat.stream.inspect;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A record's value: the bytes as they are.
public final class Payload {

    private final byte[] bytes;

    Payload(byte @Nullable [] bytes) {
        this.bytes = bytes == null ? new byte[0] : bytes;
    }

    /// The bytes; not to be changed.
    public byte[] bytes() {
        return bytes;
    }

    /// As text; bytes that are not UTF-8 are replaced.
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
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

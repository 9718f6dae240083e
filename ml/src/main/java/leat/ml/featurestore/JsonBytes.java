package leat.ml.featurestore;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import tools.jackson.core.io.JsonStringEncoder;

/// JSON as it grows. A generator of a library costs as much for a vector as all that is computed
/// for it, mostly for names that are the same every time.
final class JsonBytes {

    private static final byte[] QUOTE = {'"'};

    private byte[] bytes;
    private int length;

    /// @param expected about how many bytes there will be
    JsonBytes(int expected) {
        bytes = new byte[expected];
    }

    /// Bytes that are JSON already.
    JsonBytes raw(byte[] json) {
        if (length + json.length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + json.length));
        }
        System.arraycopy(json, 0, bytes, length, json.length);
        length += json.length;
        return this;
    }

    /// Text of ASCII that is JSON already.
    JsonBytes ascii(String json) {
        return raw(json.getBytes(ISO_8859_1));
    }

    /// A string of ASCII in which nothing is to be escaped.
    JsonBytes quoted(String text) {
        return raw(QUOTE).ascii(text).raw(QUOTE);
    }

    /// Any string without halves of surrogate pairs.
    JsonBytes text(String text) {
        return raw(QUOTE).raw(JsonStringEncoder.getInstance().quoteAsUTF8(text)).raw(QUOTE);
    }

    byte[] bytes() {
        return Arrays.copyOf(bytes, length);
    }
}

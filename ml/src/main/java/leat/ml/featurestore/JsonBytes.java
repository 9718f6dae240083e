package leat.ml.featurestore;

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

    /// Begins anew.
    JsonBytes clear() {
        length = 0;
        return this;
    }

    /// Bytes that are JSON already.
    JsonBytes raw(byte[] json) {
        room(json.length);
        System.arraycopy(json, 0, bytes, length, json.length);
        length += json.length;
        return this;
    }

    /// Text of ASCII that is JSON already.
    @SuppressWarnings("deprecation") // What it does to other text is what is not wanted of it.
    JsonBytes ascii(String json) {
        room(json.length());
        json.getBytes(0, json.length(), bytes, length);
        length += json.length();
        return this;
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
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

package leat.stream.collector;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import leat.core.outcome.Reason;

/// A growing array of UTF-8 JSON text.
public final class JsonBytes {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes;
    private int size;

    public JsonBytes(int capacity) {
        bytes = new byte[capacity];
    }

    /// Appends `ascii` as it is: punctuation, names, words.
    public JsonBytes raw(String ascii) {
        int length = ascii.length();
        reserve(length);
        for (int i = 0; i < length; i++) {
            bytes[size + i] = (byte) ascii.charAt(i);
        }
        size += length;
        return this;
    }

    /// Appends JSON text that is made already.
    public JsonBytes raw(byte[] json) {
        reserve(json.length);
        System.arraycopy(json, 0, bytes, size, json.length);
        size += json.length;
        return this;
    }

    public JsonBytes number(long value) {
        return raw(Long.toString(value));
    }

    /// Appends a JSON string with `text` in it.
    public JsonBytes text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        reserve(2 + 6 * utf8.length);
        bytes[size++] = '"';
        for (byte b : utf8) {
            if (b == '"' || b == '\\') {
                bytes[size++] = '\\';
                bytes[size++] = b;
            } else if ((b >= 0 && b < 0x20) || b == 0x7F) {
                bytes[size++] = '\\';
                bytes[size++] = 'u';
                bytes[size++] = '0';
                bytes[size++] = '0';
                bytes[size++] = HEX[b >> 4];
                bytes[size++] = HEX[b & 0xF];
            } else {
                bytes[size++] = b;
            }
        }
        bytes[size++] = '"';
        return this;
    }

    /// Appends an array of `{"code", "field", "message"}`, as many as stay below `maxBytes`.
    public JsonBytes reasons(List<Reason> reasons, int maxBytes) {
        int limit = size + maxBytes - 2;
        raw("[");
        int start = size;
        for (Reason reason : reasons) {
            int before = size;
            if (size > start) {
                raw(",");
            }
            raw("{\"code\":\"").raw(reason.code().word());
            raw("\",\"field\":").text(reason.field());
            raw(",\"message\":").text(reason.message()).raw("}");
            if (size > limit) {
                size = before;
                break;
            }
        }
        return raw("]");
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}

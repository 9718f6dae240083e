package leat.stream.send;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes one JSON value into bytes; used again for the next. The caller keeps the order of names
/// and values; commas come by themselves.
final class RowJson {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes = new byte[1024];
    private int length;

    void clear() {
        length = 0;
    }

    int length() {
        return length;
    }

    byte[] copy() {
        return Arrays.copyOf(bytes, length);
    }

    RowJson beginObject() {
        comma();
        return put('{');
    }

    RowJson endObject() {
        return put('}');
    }

    RowJson beginArray() {
        comma();
        return put('[');
    }

    RowJson endArray() {
        return put(']');
    }

    RowJson name(String name) {
        string(name);
        return put(':');
    }

    /// A value that is JSON already.
    RowJson raw(String json) {
        comma();
        return append(json.getBytes(StandardCharsets.UTF_8));
    }

    RowJson string(String text) {
        comma();
        put('"');
        int start = 0;
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < utf8.length; at++) {
            byte b = utf8[at];
            if (b == '"' || b == '\\' || (b >= 0 && b < ' ')) {
                append(utf8, start, at - start);
                escape(b);
                start = at + 1;
            }
        }
        append(utf8, start, utf8.length - start);
        return put('"');
    }

    private void escape(byte b) {
        put('\\');
        switch (b) {
            case '"', '\\' -> put((char) b);
            case '\n' -> put('n');
            case '\r' -> put('r');
            case '\t' -> put('t');
            default -> {
                put('u').put('0').put('0');
                put((char) HEX[b >> 4]).put((char) HEX[b & 15]);
            }
        }
    }

    /// Between two values or members there is a comma; after an opening bracket or a colon not.
    private void comma() {
        if (length > 0) {
            byte last = bytes[length - 1];
            if (last != '{' && last != '[' && last != ':') {
                put(',');
            }
        }
    }

    private RowJson put(char ascii) {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, length * 2);
        }
        bytes[length++] = (byte) ascii;
        return this;
    }

    private RowJson append(byte[] more) {
        append(more, 0, more.length);
        return this;
    }

    private void append(byte[] more, int offset, int count) {
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
        }
        System.arraycopy(more, offset, bytes, length, count);
        length += count;
    }
}

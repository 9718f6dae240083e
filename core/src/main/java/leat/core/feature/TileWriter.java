package leat.core.feature;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import leat.core.feature.Shape.ValueKind;

/// Writes an entry: integers as LEB128, signed ones in zigzag, doubles as their eight bytes.
final class TileWriter {

    private byte[] bytes = new byte[128];
    private int length;

    void octet(int value) {
        room(1);
        bytes[length++] = (byte) value;
    }

    /// An integer that is not negative, else it takes ten bytes.
    void count(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
    }

    void signed(long value) {
        count((value << 1) ^ (value >> 63));
    }

    void number(double value) {
        room(8);
        long bits = Double.doubleToRawLongBits(value);
        for (int i = 0; i < 8; i++) {
            bytes[length++] = (byte) (bits >> (8 * i));
        }
    }

    /// UTF-8; where it has halves of surrogate pairs, which UTF-8 cannot say, its chars.
    private void text(String text) {
        if (wellFormed(text)) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            count((long) utf8.length << 1);
            room(utf8.length);
            System.arraycopy(utf8, 0, bytes, length, utf8.length);
            length += utf8.length;
        } else {
            count(((long) text.length() << 1) | 1);
            text.chars().forEach(this::count);
        }
    }

    private static boolean wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return text.codePoints()
                        .noneMatch(point -> Character.getType(point) == Character.SURROGATE);
            }
        }
        return true;
    }

    void value(ValueKind kind, Object value) {
        switch (kind) {
            case NUMBER -> number((Double) value);
            case INTEGER, TIMESTAMP -> signed((Long) value);
            case TEXT -> text((String) value);
            case BOOLEAN -> octet((Boolean) value ? 1 : 0);
        }
    }

    byte[] bytes() {
        return Arrays.copyOf(bytes, length);
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}

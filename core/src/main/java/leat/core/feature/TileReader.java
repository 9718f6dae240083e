package leat.core.feature;

import java.nio.charset.StandardCharsets;
import leat.core.feature.Shape.ValueKind;

/// Reads what [TileWriter] wrote. What it cannot have written is no entry of this view: the state
/// is damaged or of another program, and to go on would be to serve wrong values.
final class TileReader {

    private final byte[] bytes;
    private final long tileStart;
    private int at;

    TileReader(byte[] bytes, long tileStart) {
        this.bytes = bytes;
        this.tileStart = tileStart;
    }

    byte octet() {
        if (at >= bytes.length) {
            throw broken("its end");
        }
        return bytes[at++];
    }

    long varint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = octet();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw broken("an integer of more than ten bytes");
    }

    long signed() {
        long value = varint();
        return (value >>> 1) ^ -(value & 1);
    }

    /// How many of something follow, each at least a byte.
    int count() {
        return length(varint());
    }

    private int length(long count) {
        if (count < 0 || count > bytes.length - at) {
            throw broken(count + " of what would not fit into it");
        }
        return (int) count;
    }

    double number() {
        long bits = 0;
        for (int i = 0; i < 8; i++) {
            bits |= (octet() & 0xFFL) << (8 * i);
        }
        double value = Double.longBitsToDouble(bits);
        if (!Double.isFinite(value)) {
            throw broken("a number that is not finite");
        }
        return value;
    }

    private String text() {
        long header = varint();
        int length = length(header >>> 1);
        if ((header & 1) == 0) {
            at += length;
            return new String(bytes, at - length, length, StandardCharsets.UTF_8);
        }
        char[] chars = new char[length];
        for (int i = 0; i < length; i++) {
            chars[i] = (char) varint();
        }
        return new String(chars);
    }

    boolean flag() {
        byte value = octet();
        if (value != 0 && value != 1) {
            throw broken("a truth value of " + value);
        }
        return value == 1;
    }

    Object value(ValueKind kind) {
        return switch (kind) {
            case NUMBER -> number();
            case INTEGER, TIMESTAMP -> signed();
            case TEXT -> text();
            case BOOLEAN -> flag();
        };
    }

    void end() {
        if (at < bytes.length) {
            throw broken((bytes.length - at) + " bytes more than a tile has");
        }
    }

    TileUnreadable broken(String found) {
        return new TileUnreadable(
                "The state's entry of the tile at "
                        + tileStart
                        + " µs is not of this view: byte "
                        + at
                        + " of "
                        + bytes.length
                        + " is "
                        + found
                        + ". Has the view changed without a new version, or is the state damaged?"
                        + " Give the view a new version, or build its state anew.");
    }
}

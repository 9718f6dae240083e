package leat.core.encoding;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/// Reads Avro's binary encoding from an array without believing any length in it: nothing is
/// allocated that is not there, and all lists together have no more items than an event's JSON
/// could have.
final class AvroInput extends Decoder {

    /// Each value of an event's JSON takes two bytes at least.
    static final int MAX_VALUES = JsonOutput.MAX_BYTES / 2;

    private final byte[] bytes;
    private int at;
    private int values;

    AvroInput(byte[] bytes, int from) {
        this.bytes = bytes;
        this.at = from;
    }

    int left() {
        return bytes.length - at;
    }

    /// Counts values that are about to be made.
    void charge(long more) {
        if (more < 0 || more > MAX_VALUES - values) {
            throw new Undecodable("has more than " + MAX_VALUES + " values");
        }
        values += (int) more;
    }

    @Override
    public void readNull() {}

    @Override
    public boolean readBoolean() {
        return bytes[take(1)] != 0;
    }

    @Override
    public int readInt() {
        long value = readLong();
        if (value != (int) value) {
            throw new Undecodable("has an int beyond 32 bits");
        }
        return (int) value;
    }

    @Override
    public long readLong() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            byte b = bytes[take(1)];
            value |= (b & 0x7FL) << shift;
            if (b >= 0) {
                return value >>> 1 ^ -(value & 1);
            }
        }
        throw new Undecodable("has a number that does not end");
    }

    @Override
    public float readFloat() {
        return Float.intBitsToFloat(little(4).getInt());
    }

    @Override
    public double readDouble() {
        return Double.longBitsToDouble(little(8).getLong());
    }

    private ByteBuffer little(int length) {
        return ByteBuffer.wrap(bytes, take(length), length).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public Utf8 readString(@Nullable Utf8 old) {
        return new Utf8(readString());
    }

    @Override
    public String readString() {
        int length = length();
        int from = take(length);
        try {
            CharBuffer text =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT)
                            .decode(ByteBuffer.wrap(bytes, from, length));
            return text.toString();
        } catch (CharacterCodingException e) {
            throw new Undecodable("has a string that is not UTF-8");
        }
    }

    @Override
    public void skipString() {
        skipBytes();
    }

    @Override
    public ByteBuffer readBytes(@Nullable ByteBuffer old) {
        int length = length();
        byte[] copy = new byte[length];
        System.arraycopy(bytes, take(length), copy, 0, length);
        return ByteBuffer.wrap(copy);
    }

    @Override
    public void skipBytes() {
        take(length());
    }

    @Override
    public void readFixed(byte[] target, int start, int length) {
        System.arraycopy(bytes, take(length), target, start, length);
    }

    @Override
    public void skipFixed(int length) {
        take(length);
    }

    @Override
    public int readEnum() {
        return readInt();
    }

    @Override
    public long readArrayStart() {
        return block();
    }

    @Override
    public long arrayNext() {
        return block();
    }

    @Override
    public long skipArray() {
        return skipBlocks();
    }

    @Override
    public long readMapStart() {
        return block();
    }

    @Override
    public long mapNext() {
        return block();
    }

    @Override
    public long skipMap() {
        return skipBlocks();
    }

    @Override
    public int readIndex() {
        return readInt();
    }

    @Override
    public int remainingBytes() {
        return left();
    }

    private long block() {
        long count = readLong();
        if (count < 0) {
            readLong();
            count = -count;
        }
        charge(count);
        return count;
    }

    /// Blocks with their size are jumped over; the items of one without it are the caller's.
    private long skipBlocks() {
        long count = readLong();
        while (count < 0) {
            long size = readLong();
            if (size < 0 || size > left()) {
                throw new Undecodable("ends in the middle of a list");
            }
            take((int) size);
            count = readLong();
        }
        charge(count);
        return count;
    }

    private int length() {
        long length = readLong();
        if (length < 0 || length > left()) {
            throw new Undecodable("has a length of " + length + " where " + left() + " bytes are");
        }
        return (int) length;
    }

    private int take(int length) {
        if (length > left()) {
            throw new Undecodable("ends too early");
        }
        int from = at;
        at += length;
        return from;
    }
}

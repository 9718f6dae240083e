package leat.ml.featurestore.online;

import java.util.Arrays;

/// An answer in the making, of a limited size.
final class AnswerBytes {

    private final int most;
    private byte[] bytes;
    private int length;

    AnswerBytes(int expected, int most) {
        this.most = most;
        this.bytes = new byte[Math.min(expected, most)];
    }

    /// The answer would be larger than allowed.
    static final class TooLarge extends RuntimeException {
        TooLarge(int most) {
            super("the answer is larger than " + most + " bytes");
        }
    }

    AnswerBytes write(byte[] source, int start, int end) {
        int count = end - start;
        if (count > bytes.length - length) {
            grow(count);
        }
        System.arraycopy(source, start, bytes, length, count);
        length += count;
        return this;
    }

    AnswerBytes write(byte[] source) {
        return write(source, 0, source.length);
    }

    AnswerBytes write(char ascii) {
        if (length == bytes.length) {
            grow(1);
        }
        bytes[length++] = (byte) ascii;
        return this;
    }

    /// Allocates nothing.
    AnswerBytes write(String ascii) {
        int count = ascii.length();
        if (count > bytes.length - length) {
            grow(count);
        }
        for (int i = 0; i < count; i++) {
            bytes[length + i] = (byte) ascii.charAt(i);
        }
        length += count;
        return this;
    }

    private void grow(int more) {
        if (more > most - length) {
            throw new TooLarge(most);
        }
        bytes = Arrays.copyOf(bytes, (int) Math.min(most, Math.max(2L * length, length + more)));
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }
}

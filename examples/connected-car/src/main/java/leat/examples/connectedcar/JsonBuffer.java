package leat.examples.connectedcar;

import java.nio.charset.StandardCharsets;

/// Writes short JSON objects of literals and numbers into one byte array that is used again and
/// again. Made for fixed fields: the caller keeps within [#CAPACITY].
final class JsonBuffer {

    static final int CAPACITY = 2048;

    private static final int[] POWERS = {1, 10, 100, 1000, 10_000, 100_000, 1_000_000};

    private final byte[] bytes = new byte[CAPACITY];
    private int length;

    static byte[] literal(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    JsonBuffer clear() {
        length = 0;
        return this;
    }

    JsonBuffer literal(byte[] text) {
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
        return this;
    }

    JsonBuffer integer(long value) {
        if (value < 0) {
            bytes[length++] = '-';
        }
        digits(Math.abs(value));
        return this;
    }

    /// A number ≥ 0 with at most `places` (0 to 6) digits behind the point, rounded half up.
    JsonBuffer decimal(float value, int places) {
        return fraction((long) (value * (double) POWERS[places] + 0.5), places);
    }

    /// `scaled / 10^places`, without zeros at the end.
    JsonBuffer fraction(long scaled, int places) {
        long whole = scaled / POWERS[places];
        long rest = scaled - whole * POWERS[places];
        digits(whole);
        if (rest != 0) {
            int used = places;
            while (rest % 10 == 0) {
                rest /= 10;
                used--;
            }
            bytes[length] = '.';
            for (int at = length + used; at > length; at--) {
                bytes[at] = (byte) ('0' + rest % 10);
                rest /= 10;
            }
            length += used + 1;
        }
        return this;
    }

    private void digits(long value) {
        int count = 1;
        for (long power = 10; power <= value && count < 18; power *= 10) {
            count++;
        }
        long left = value;
        for (int at = length + count - 1; at >= length; at--) {
            bytes[at] = (byte) ('0' + left % 10);
            left /= 10;
        }
        length += count;
    }
}

package leat.ml.training.command;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Locale;

/// What a program writes, however much: its first and its last bytes. For several threads.
final class CommandOutput {

    static final int HEAD_BYTES = 64 << 10;
    static final int TAIL_BYTES = 192 << 10;

    private static final int SHOWN_CHARACTERS = 300;

    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private final byte[] ring = new byte[TAIL_BYTES];
    private long inRing;

    /// Adds the first bytes of an array.
    synchronized void add(byte[] bytes, int length) {
        int first = Math.min(length, HEAD_BYTES - head.size());
        head.write(bytes, 0, first);
        int from = first;
        while (from < length) {
            int place = (int) (inRing % TAIL_BYTES);
            int part = Math.min(length - from, TAIL_BYTES - place);
            System.arraycopy(bytes, from, ring, place, part);
            inRing += part;
            from += part;
        }
    }

    /// All that is kept; where something is not, a line in its place says how much.
    synchronized byte[] bytes() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head.toByteArray());
        if (inRing > TAIL_BYTES) {
            all.writeBytes(
                    String.format(Locale.ROOT, "%n[%,d bytes are left out]%n", inRing - TAIL_BYTES)
                            .getBytes(US_ASCII));
        }
        all.writeBytes(tail());
        return all.toByteArray();
    }

    private byte[] tail() {
        int size = (int) Math.min(inRing, TAIL_BYTES);
        int start = (int) ((inRing - size) % TAIL_BYTES);
        byte[] tail = new byte[size];
        int first = Math.min(size, TAIL_BYTES - start);
        System.arraycopy(ring, start, tail, 0, first);
        System.arraycopy(ring, 0, tail, first, size - first);
        return tail;
    }

    /// The last line that says something, shortened and without signs that are none; empty where
    /// nothing was written.
    synchronized String lastLine() {
        String text = new String(inRing > 0 ? tail() : head.toByteArray(), UTF_8).strip();
        String line = text.substring(text.lastIndexOf('\n') + 1);
        String clean = line.replaceAll("\\p{Cntrl}", " ").strip();
        return clean.length() > SHOWN_CHARACTERS
                ? clean.substring(0, SHOWN_CHARACTERS) + " …"
                : clean;
    }
}

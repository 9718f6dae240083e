package leat.stream.extract;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Whole lines of a file from a place on, as many as fit into one reading.
///
/// @param rows those that are not blank, without their line breaks
/// @param end where the next line begins
/// @param inside whether `end` lies inside a line that is longer than [#MAX_LINE_BYTES], which is
///   left out
record FileLines(List<byte[]> rows, long end, boolean inside) {

    /// A longer line is no event: the collector takes 1 MiB unless it is told otherwise, 3 at most.
    static final int MAX_LINE_BYTES = 4 << 20;

    private static final int READ_BYTES = 1 << 20;
    private static final int MAX_ROWS = 1_000;

    /// Reads on. A line without its end is left for later.
    static FileLines read(FileChannel channel, long from, boolean inside) throws IOException {
        byte[] bytes = bytes(channel, from, READ_BYTES);
        int first = firstBreak(bytes, 0);
        if (first < 0 && bytes.length == READ_BYTES && !inside) {
            bytes = bytes(channel, from, MAX_LINE_BYTES);
            first = firstBreak(bytes, 0);
        }
        if (first < 0) {
            boolean tooLong = inside || bytes.length == MAX_LINE_BYTES;
            return new FileLines(List.of(), tooLong ? from + bytes.length : from, tooLong);
        }
        List<byte[]> rows = new ArrayList<>();
        int start = inside ? first + 1 : 0;
        int end = inside ? firstBreak(bytes, start) : first;
        while (end >= 0 && rows.size() < MAX_ROWS) {
            if (!isBlank(bytes, start, end)) {
                rows.add(Arrays.copyOfRange(bytes, start, end));
            }
            start = end + 1;
            end = firstBreak(bytes, start);
        }
        return new FileLines(rows, from + start, false);
    }

    /// The last line of a file that nobody writes to any more; empty where it is blank.
    static byte[] rest(FileChannel channel, long from) throws IOException {
        byte[] bytes = bytes(channel, from, MAX_LINE_BYTES);
        return isBlank(bytes, 0, bytes.length) ? new byte[0] : bytes;
    }

    /// What stands from a place on, up to the file's end.
    static byte[] bytes(FileChannel channel, long from, int most) throws IOException {
        int size = (int) Math.clamp(channel.size() - from, 0L, (long) most);
        ByteBuffer buffer = ByteBuffer.allocate(size);
        int read = 0;
        while (buffer.hasRemaining() && read >= 0) {
            read = channel.read(buffer, from + buffer.position());
        }
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private static int firstBreak(byte[] bytes, int from) {
        for (int at = from; at < bytes.length; at++) {
            if (bytes[at] == '\n') {
                return at;
            }
        }
        return -1;
    }

    private static boolean isBlank(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            if (bytes[at] != ' ' && bytes[at] != '\t' && bytes[at] != '\r') {
                return false;
            }
        }
        return true;
    }
}

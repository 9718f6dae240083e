package leat.stream.send;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// The rows of a JSON-lines file: each line's bytes as they are. Blank lines are left out; a broken
/// line is sent too, and refused by the platform with its reason.
final class LineRows implements RowReader {

    private final InputStream content;
    private final byte[] buffer = new byte[1 << 16];
    private int from;
    private int to;
    private long line;

    LineRows(InputStream content) {
        this.content = content;
    }

    @Override
    public @Nullable SourceRow next() throws IOException {
        ByteArrayOutputStream row = new ByteArrayOutputStream(512);
        while (from < to || fill()) {
            row.reset();
            line++;
            long size = readLine(row);
            if (size > MAX_ROW_BYTES) {
                return SourceRow.oversized(line);
            }
            byte[] bytes = row.toByteArray();
            if (!blank(bytes)) {
                return new SourceRow(line, bytes);
            }
        }
        return null;
    }

    @Override
    public boolean mayBlock() throws IOException {
        return from == to && content.available() == 0;
    }

    /// Reads up to the end of the line, keeps what fits, and returns how long the line was.
    private long readLine(ByteArrayOutputStream row) throws IOException {
        long size = 0;
        do {
            int end = from;
            while (end < to && buffer[end] != '\n') {
                end++;
            }
            size += end - from;
            if (size <= MAX_ROW_BYTES + 1L) {
                row.write(buffer, from, end - from);
            }
            from = end;
            if (end < to) {
                from++;
                return size;
            }
        } while (fill());
        return size;
    }

    private boolean fill() throws IOException {
        from = 0;
        to = Math.max(0, content.read(buffer));
        return to > 0;
    }

    private static boolean blank(byte[] bytes) {
        for (byte b : bytes) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        content.close();
    }
}

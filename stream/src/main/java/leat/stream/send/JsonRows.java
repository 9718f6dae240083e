package leat.stream.send;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The elements of a JSON array, or JSON values one after the other, cut out by their brackets.
///
/// An element's bytes are sent as they stand, so that no number changes its digits and a duplicate
/// key stays one; only line breaks between tokens become spaces. What is inside an element is the
/// platform's to judge.
final class JsonRows implements RowReader {

    private static final int END = -1;

    private final InputStream content;
    private final String source;
    private final byte[] buffer = new byte[1 << 16];
    private byte[] row = new byte[1 << 10];
    private int from;
    private int to;
    private long line = 1;
    private boolean started;
    private boolean array;
    private boolean finished;

    JsonRows(InputStream content, String source) {
        this.content = content;
        this.source = source;
    }

    @Override
    public @Nullable SourceRow next() throws IOException {
        if (finished) {
            return null;
        }
        int first = afterSpace();
        if (!started) {
            started = true;
            if (first == '[') {
                array = true;
                first = afterSpace();
                if (first == ']') {
                    return end();
                }
            }
        } else if (array && first == ']') {
            return end();
        } else if (array && first == ',') {
            first = afterSpace();
        } else if (array && first != END) {
            throw unreadable("expected ',' or ']' between the elements of the array");
        }
        if (first == END) {
            if (array) {
                throw unreadable("the file ends inside the array; it is not whole");
            }
            finished = true;
            return null;
        }
        return element(first);
    }

    private @Nullable SourceRow end() throws IOException {
        if (afterSpace() != END) {
            throw unreadable("there is more behind the end of the array");
        }
        finished = true;
        return null;
    }

    private SourceRow element(int first) throws IOException {
        if (array && (first == ',' || first == ']')) {
            throw unreadable("an element is missing before '" + (char) first + "'");
        }
        long start = line;
        int size = 0;
        boolean oversized = false;
        int depth = 0;
        boolean text = false;
        boolean escaped = false;
        int b = first;
        while (true) {
            if (text) {
                if (escaped) {
                    escaped = false;
                } else if (b == '\\') {
                    escaped = true;
                } else if (b == '"') {
                    text = false;
                }
            } else if (b == '"') {
                text = true;
            } else if (b == '{' || b == '[') {
                depth++;
            } else if (b == '}' || b == ']') {
                depth--;
            }
            if (depth < 0) {
                throw unreadable("'" + (char) b + "' closes what was never opened");
            }
            if (size == row.length) {
                row = Arrays.copyOf(row, size * 2);
            }
            if (size == MAX_ROW_BYTES) {
                oversized = true;
            } else {
                row[size++] = (byte) oneLine(b, text);
            }
            if (depth == 0 && !text && (b == '}' || b == ']' || b == '"' || endsHere(peek()))) {
                break;
            }
            b = read();
            if (b == END) {
                throw unreadable(
                        "the file ends inside the element that begins in line "
                                + start
                                + "; it is not whole");
            }
        }
        return oversized
                ? SourceRow.oversized(start)
                : new SourceRow(start, Arrays.copyOf(row, size));
    }

    /// A line break between tokens becomes a space; inside a string, where JSON forbids it, a tab,
    /// which JSON forbids there too: the event stays as wrong as it is.
    private static int oneLine(int b, boolean text) {
        if (b != '\n' && b != '\r') {
            return b;
        }
        return text ? '\t' : ' ';
    }

    /// Whether a number or word ends before `b`.
    private static boolean endsHere(int b) {
        return b == END || b == ',' || b == ']' || b == '}' || isSpace(b);
    }

    private static boolean isSpace(int b) {
        return b == ' ' || b == '\t' || b == '\n' || b == '\r';
    }

    private int afterSpace() throws IOException {
        int b = read();
        while (isSpace(b)) {
            b = read();
        }
        return b;
    }

    private int read() throws IOException {
        int b = peek();
        if (b != END) {
            from++;
            line += b == '\n' ? 1 : 0;
        }
        return b;
    }

    private int peek() throws IOException {
        if (from == to) {
            from = 0;
            to = Math.max(0, content.read(buffer));
            if (to == 0) {
                return END;
            }
        }
        return buffer[from] & 0xFF;
    }

    private SendException.UnreadableInput unreadable(String message) {
        return new SendException.UnreadableInput(source + ", line " + line + ": " + message);
    }

    @Override
    public void close() throws IOException {
        content.close();
    }
}

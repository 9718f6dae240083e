package leat.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// Reads answers off one connection: of each only status and length are looked at.
final class HttpAnswers {

    private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);
    private static final int STATUS_AT = 9;
    private static final int STATUS_DIGITS = 3;

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 14];
    private final byte[] line = new byte[1 << 12];
    private int at;
    private int end;

    HttpAnswers(InputStream in) {
        this.in = in;
    }

    /// Reads one answer.
    ///
    /// @throws IllegalStateException when it is not 2xx
    void readAccepted() throws IOException {
        require2xx(read());
    }

    /// Reads one answer; false when it says that the server is too busy.
    ///
    /// @throws IllegalStateException when it is neither that nor 2xx
    boolean readUnlessBusy() throws IOException {
        int status = read();
        if (status == 429 || status == 503) {
            return false;
        }
        require2xx(status);
        return true;
    }

    private static void require2xx(int status) {
        if (status / 100 != 2) {
            throw new IllegalStateException("the server answered " + status);
        }
    }

    /// Reads one answer; its status.
    int read() throws IOException {
        int size = readLine();
        if (size < STATUS_AT + STATUS_DIGITS) {
            throw new IllegalStateException(
                    "not HTTP: " + new String(line, 0, size, StandardCharsets.US_ASCII));
        }
        int status = number(STATUS_AT, STATUS_AT + STATUS_DIGITS);
        int length = 0;
        for (size = readLine(); size > 0; size = readLine()) {
            if (isLength(size)) {
                length = number(LENGTH.length, size);
            }
        }
        skip(length);
        return status;
    }

    private boolean isLength(int size) {
        if (size < LENGTH.length) {
            return false;
        }
        for (int i = 0; i < LENGTH.length; i++) {
            if ((line[i] | 0x20) != (LENGTH[i] | 0x20)) {
                return false;
            }
        }
        return true;
    }

    private int number(int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            if (line[i] >= '0' && line[i] <= '9') {
                number = 10 * number + line[i] - '0';
            }
        }
        return number;
    }

    private void skip(int length) throws IOException {
        int left = length;
        while (left > 0) {
            if (at == end) {
                fill();
            }
            int taken = Math.min(left, end - at);
            at += taken;
            left -= taken;
        }
    }

    /// Reads into `line` and says how long it is, without CR and LF.
    private int readLine() throws IOException {
        int size = 0;
        while (true) {
            if (at == end) {
                fill();
            }
            byte next = buffer[at++];
            if (next == '\n') {
                return size;
            }
            if (next != '\r' && size < line.length) {
                line[size++] = next;
            }
        }
    }

    private void fill() throws IOException {
        at = 0;
        end = in.read(buffer);
        if (end < 0) {
            throw new EOFException("the server closed the connection");
        }
    }
}

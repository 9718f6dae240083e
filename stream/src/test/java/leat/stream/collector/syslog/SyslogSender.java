package leat.stream.collector.syslog;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;

/// A sender of RFC 5424, counted as RFC 5425 has it, that can tell when its connection is ended.
final class SyslogSender implements AutoCloseable {

    private static final int MOMENT_MILLIS = 20;

    /// How long closing over TLS waits for a thread that is about to write: without, for ever.
    private static final int LONGEST_CLOSE_SECONDS = 1;

    private final Socket socket;

    SyslogSender(Socket socket) {
        this.socket = socket;
    }

    void send(String body) throws IOException {
        byte[] message = ("<13>1 - m1 shop - - - " + body).getBytes(UTF_8);
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.writeBytes((message.length + " ").getBytes(UTF_8));
        frame.writeBytes(message);
        socket.getOutputStream().write(frame.toByteArray());
    }

    /// Sends what has no frame.
    void sendBytes(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(UTF_8));
    }

    /// Says that nothing more comes: a close_notify over TLS.
    void end() throws IOException {
        socket.shutdownOutput();
    }

    /// Whether the door has ended the connection; waits a moment for it.
    boolean hasEnded() {
        try {
            socket.setSoTimeout(MOMENT_MILLIS);
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException _) {
            return false;
        } catch (IOException _) {
            return true;
        }
    }

    @Override
    public void close() {
        try {
            socket.setSoLinger(true, LONGEST_CLOSE_SECONDS);
            socket.close();
        } catch (IOException _) {
            // It is over either way.
        }
    }
}

package leat.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/// A client that costs as little as it can, since it shares the machine with what it measures:
/// requests are made beforehand, written to keep-alive connections as they are, several before the
/// first answer where pipelining is asked for, and of an answer only status and length are read.
final class HttpLoad {

    private final InetSocketAddress server;
    private final int connections;
    private final int pipelined;

    /// A load of `connections` sockets with up to `pipelined` unanswered requests each.
    HttpLoad(InetSocketAddress server, int connections, int pipelined) {
        this.server = server;
        this.connections = connections;
        this.pipelined = pipelined;
    }

    /// One request as it goes over the wire.
    static byte[] request(String path, String contentType, byte[] body) {
        byte[] head =
                ("POST "
                                + path
                                + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "
                                + contentType
                                + "\r\nContent-Length: "
                                + body.length
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
        byte[] request = new byte[head.length + body.length];
        System.arraycopy(head, 0, request, 0, head.length);
        System.arraycopy(body, 0, request, head.length, body.length);
        return request;
    }

    /// Sends `total` requests, taken from `requests` in turn, and returns when all are answered;
    /// how many there were.
    ///
    /// @throws IllegalStateException when an answer is not 2xx
    long send(List<byte[]> requests, int total) {
        List<Callable<Void>> clients = new ArrayList<>();
        for (int connection = 0; connection < connections; connection++) {
            int first = connection;
            clients.add(() -> {
                drive(requests, first, total);
                return null;
            });
        }
        all(clients);
        return total;
    }

    /// Sends each request once over one connection, one every `intervalNanos` whether the ones
    /// before it are answered or not, and returns when all are.
    ///
    /// @throws IllegalStateException when an answer is not 2xx
    static void sendPaced(InetSocketAddress server, List<byte[]> requests, long intervalNanos) {
        try (Socket socket = connect(server)) {
            OutputStream out = socket.getOutputStream();
            Answers answers = new Answers(socket.getInputStream());
            Callable<Void> write =
                    () -> {
                        long due = System.nanoTime();
                        for (byte[] request : requests) {
                            for (long wait = due - System.nanoTime();
                                    wait > 0;
                                    wait = due - System.nanoTime()) {
                                LockSupport.parkNanos(wait);
                            }
                            out.write(request);
                            due += intervalNanos;
                        }
                        return null;
                    };
            Callable<Void> read =
                    () -> {
                        for (int i = 0; i < requests.size(); i++) {
                            answers.read();
                        }
                        return null;
                    };
            all(List.of(write, read));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void all(List<Callable<Void>> clients) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Void> client : threads.invokeAll(clients)) {
                client.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("the load broke off", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static Socket connect(InetSocketAddress server) throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.connect(server);
        return socket;
    }

    private void drive(List<byte[]> requests, int first, int total) {
        try (Socket socket = connect(server)) {
            Answers answers = new Answers(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            int unanswered = 0;
            for (int i = first; i < total; i += connections) {
                out.write(requests.get(i % requests.size()));
                unanswered++;
                if (unanswered == pipelined) {
                    answers.read();
                    unanswered--;
                }
            }
            for (; unanswered > 0; unanswered--) {
                answers.read();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Reads answers off one connection.
    private static final class Answers {

        private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);
        private static final int STATUS_AT = 9;

        private final InputStream in;
        private final byte[] buffer = new byte[1 << 14];
        private final byte[] line = new byte[1 << 12];
        private int at;
        private int end;

        Answers(InputStream in) {
            this.in = in;
        }

        void read() throws IOException {
            int size = readLine();
            if (size <= STATUS_AT || line[STATUS_AT] != '2') {
                throw new IllegalStateException(
                        "the server answered: "
                                + new String(line, 0, size, StandardCharsets.US_ASCII));
            }
            int length = 0;
            for (size = readLine(); size > 0; size = readLine()) {
                if (isLength(size)) {
                    length = number(size);
                }
            }
            skip(length);
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

        private int number(int size) {
            int number = 0;
            for (int i = LENGTH.length; i < size; i++) {
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
}

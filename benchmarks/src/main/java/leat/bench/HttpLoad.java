package leat.bench;

import java.io.BufferedInputStream;
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

    /// Sends `total` requests, taken from `requests` in turn, and returns when all are answered.
    ///
    /// @throws IllegalStateException when an answer is not 2xx
    void send(List<byte[]> requests, int total) {
        List<Callable<Void>> clients = new ArrayList<>();
        for (int connection = 0; connection < connections; connection++) {
            int first = connection;
            clients.add(() -> {
                drive(requests, first, total);
                return null;
            });
        }
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

    private void drive(List<byte[]> requests, int first, int total) {
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.connect(server);
            InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
            OutputStream out = socket.getOutputStream();
            int unanswered = 0;
            for (int i = first; i < total; i += connections) {
                out.write(requests.get(i % requests.size()));
                unanswered++;
                if (unanswered == pipelined) {
                    readAnswer(in);
                    unanswered--;
                }
            }
            for (; unanswered > 0; unanswered--) {
                readAnswer(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void readAnswer(InputStream in) throws IOException {
        String status = line(in);
        int length = 0;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(header.substring(15).strip());
            }
        }
        in.skipNBytes(length);
        if (status.length() < 12 || status.charAt(9) != '2') {
            throw new IllegalStateException("the server answered: " + status);
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder(64);
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}

package leat.bench;

import java.io.IOException;
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
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

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

    /// Sends each request until it is accepted, without pipelining, however often the server says
    /// that it is too busy.
    ///
    /// @throws IllegalStateException when it says something else
    void sendUntilAccepted(List<byte[]> requests) {
        List<Callable<Void>> clients = new ArrayList<>();
        for (int connection = 0; connection < connections; connection++) {
            int first = connection;
            clients.add(() -> {
                try (Socket socket = connect(server)) {
                    HttpAnswers answers = new HttpAnswers(socket.getInputStream());
                    OutputStream out = socket.getOutputStream();
                    for (int i = first; i < requests.size(); i += connections) {
                        do {
                            out.write(requests.get(i));
                        } while (!answers.readUnlessBusy());
                    }
                    return null;
                }
            });
        }
        all(clients);
    }

    /// Sends each request once over one connection, one every `intervalNanos` whether the ones
    /// before it are answered or not, and returns when all are.
    ///
    /// @throws IllegalStateException when an answer is not 2xx
    static void sendPaced(InetSocketAddress server, List<byte[]> requests, long intervalNanos) {
        sendPaced(server, requests, intervalNanos, _ -> {});
    }

    /// The same.
    ///
    /// @param answered is told of each request, by its place, as soon as its answer is read
    static void sendPaced(
            InetSocketAddress server,
            List<byte[]> requests,
            long intervalNanos,
            IntConsumer answered) {
        try (Socket socket = connect(server)) {
            OutputStream out = socket.getOutputStream();
            HttpAnswers answers = new HttpAnswers(socket.getInputStream());
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
                            answers.readAccepted();
                            answered.accept(i);
                        }
                        return null;
                    };
            all(List.of(write, read));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void all(List<Callable<Void>> clients) {
        all(Thread.ofVirtual().factory(), clients);
    }

    /// Runs each on a thread of its own, and returns when all have ended.
    static void all(ThreadFactory threads, List<Callable<Void>> clients) {
        try (ExecutorService running = Executors.newThreadPerTaskExecutor(threads)) {
            for (Future<Void> client : running.invokeAll(clients)) {
                client.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("the load broke off", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    static Socket connect(InetSocketAddress server) throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.connect(server);
        return socket;
    }

    private void drive(List<byte[]> requests, int first, int total) {
        try (Socket socket = connect(server)) {
            HttpAnswers answers = new HttpAnswers(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            int unanswered = 0;
            for (int i = first; i < total; i += connections) {
                out.write(requests.get(i % requests.size()));
                unanswered++;
                if (unanswered == pipelined) {
                    answers.readAccepted();
                    unanswered--;
                }
            }
            for (; unanswered > 0; unanswered--) {
                answers.readAccepted();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package leat.bench;

import static jdk.net.ExtendedSocketOptions.TCP_QUICKACK;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;

/// A load of HTTP over several connections. A request's time counts from when it was due also where
/// its connection could not take it then.
///
/// An answer is acknowledged as soon as it is read. Over a network a client's system does so with
/// every second packet; on the loopback, where an answer is one packet or two, it waits 40 ms for a
/// request to send that along with, which BBR takes for a slow line.
final class OpenLoad implements PacedLoad {

    private static final int CONNECTIONS = 64;

    /// In which all threads begin.
    private static final Duration LEAD = Duration.ofMillis(250);

    private final InetSocketAddress server;
    private final List<byte[]> requests;
    private final ThreadFactory threads;

    /// None before the first requests are sent.
    private final List<Socket> sockets = new ArrayList<>();

    /// @param threads two for each connection
    OpenLoad(InetSocketAddress server, List<byte[]> requests, ThreadFactory threads) {
        this.server = server;
        this.requests = List.copyOf(requests);
        this.threads = threads;
    }

    /// What became of one request.
    ///
    /// @param request its place among the requests
    /// @param status as its protocol numbers it
    /// @param dueNanos when it was to be sent, by [System#nanoTime]
    record Answered(int request, int status, long dueNanos, long answeredNanos) {

        boolean accepted() {
            return status == 202;
        }

        /// Whether the client was told in so many words that nothing was taken.
        boolean refused() {
            return status == 429 || status == 503;
        }

        double millis() {
            return (answeredNanos - dueNanos) / 1e6;
        }
    }

    /// Connects if that is not done yet.
    @Override
    public List<Answered> send(double perSecond, Duration time) {
        long intervalNanos = Math.max(1, (long) (1e9 * CONNECTIONS / perSecond));
        int each = Math.toIntExact(Math.max(1, time.toNanos() / intervalNanos));
        try {
            while (sockets.size() < CONNECTIONS) {
                sockets.add(HttpLoad.connect(server));
            }
            return send(intervalNanos, each);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        sockets.forEach(OpenLoad::end);
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // All that was wanted of it is answered.
        }
    }

    private List<Answered> send(long intervalNanos, int each) throws IOException {
        long start = System.nanoTime() + LEAD.toNanos();
        List<Line> lines = new ArrayList<>();
        List<Callable<Void>> work = new ArrayList<>();
        for (Socket socket : sockets) {
            int number = lines.size();
            Line line =
                    new Line(
                            number,
                            start + intervalNanos * number / CONNECTIONS,
                            intervalNanos,
                            each);
            lines.add(line);
            OutputStream out = socket.getOutputStream();
            work.add(() -> {
                line.read(socket);
                return null;
            });
            work.add(() -> {
                line.write(out);
                return null;
            });
        }
        HttpLoad.all(threads, work);
        List<Answered> answered = new ArrayList<>(CONNECTIONS * each);
        lines.forEach(line -> line.addTo(answered));
        return answered;
    }

    /// One connection with its requests.
    private final class Line {
        private final int number;
        private final long startNanos;
        private final long intervalNanos;
        private final short[] statuses;
        private final long[] answeredNanos;

        Line(int number, long startNanos, long intervalNanos, int count) {
            this.number = number;
            this.startNanos = startNanos;
            this.intervalNanos = intervalNanos;
            this.statuses = new short[count];
            this.answeredNanos = new long[count];
        }

        private void write(OutputStream out) throws IOException {
            for (int i = 0; i < statuses.length; i++) {
                long due = due(i);
                for (long wait = due - System.nanoTime();
                        wait > 0;
                        wait = due - System.nanoTime()) {
                    LockSupport.parkNanos(wait);
                }
                out.write(requests.get(request(i)));
            }
        }

        private void read(Socket socket) throws IOException {
            HttpAnswers answers = new HttpAnswers(socket.getInputStream());
            boolean acknowledges = socket.supportedOptions().contains(TCP_QUICKACK);
            for (int i = 0; i < statuses.length; i++) {
                statuses[i] = (short) answers.read();
                answeredNanos[i] = System.nanoTime();
                if (acknowledges) {
                    // Linux forgets it with the next request.
                    socket.setOption(TCP_QUICKACK, true);
                }
            }
        }

        private long due(int i) {
            return startNanos + i * intervalNanos;
        }

        private int request(int i) {
            return (i * CONNECTIONS + number) % requests.size();
        }

        void addTo(List<Answered> answered) {
            for (int i = 0; i < statuses.length; i++) {
                answered.add(new Answered(request(i), statuses[i], due(i), answeredNanos[i]));
            }
        }
    }
}

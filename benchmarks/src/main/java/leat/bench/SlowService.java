package leat.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.json.JsonMapper;

/// An enrichment service that takes its time: it answers each call after a fixed latency, with the
/// text `bench` for every request of it.
final class SlowService implements AutoCloseable {

    private static final int BACKLOG = 1_000;
    private static final String RESULT = "{\"fields\":{\"fleet\":\"bench\"}}";

    private final HttpServer server;
    private final AtomicLong calls = new AtomicLong();

    private SlowService(HttpServer server) {
        this.server = server;
    }

    static SlowService start(Duration latency) {
        try {
            HttpServer server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            SlowService service = new SlowService(server);
            server.createContext("/", exchange -> service.answer(exchange, latency));
            server.start();
            return service;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start a server on loopback", e);
        }
    }

    private void answer(HttpExchange exchange, Duration latency) throws IOException {
        long until = System.nanoTime() + latency.toNanos();
        calls.incrementAndGet();
        int count = JsonMapper.shared().readTree(exchange.getRequestBody()).path("requests").size();
        String results = (RESULT + ",").repeat(count);
        byte[] body =
                ("{\"results\":[" + results.substring(0, Math.max(0, results.length() - 1)) + "]}")
                        .getBytes(StandardCharsets.UTF_8);
        for (long rest = until - System.nanoTime(); rest > 0; rest = until - System.nanoTime()) {
            LockSupport.parkNanos(rest);
        }
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    /// How often it was called.
    long calls() {
        return calls.get();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

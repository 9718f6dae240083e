package leat.system;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An enrichment service in trouble: it is slow, slower than anyone waits now and then, refuses
/// calls and single questions, and has minutes in which nothing works.
final class TroubledService implements AutoCloseable {

    private static final Duration SLOWEST = Duration.ofMillis(50);
    private static final Duration HUNG = Duration.ofMillis(700);

    private final HttpServer server;
    private final Random random;
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile boolean down;

    TroubledService(long seed) throws IOException {
        this.random = new Random(seed);
        this.server =
                HttpServer.create(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        calls.incrementAndGet();
        List<String> results = new ArrayList<>();
        for (JsonNode request :
                JsonMapper.shared().readTree(exchange.getRequestBody()).path("requests")) {
            results.add(result(request.path("key").stringValue()));
        }
        int luck = random.nextInt(100);
        boolean fails = down || luck < 3;
        Duration latency = luck == 99 ? HUNG : Duration.ofNanos(random.nextLong(SLOWEST.toNanos()));
        LockSupport.parkNanos(latency.toNanos());
        if (fails) {
            failures.incrementAndGet();
        }
        byte[] body =
                (fails ? "in trouble" : "{\"results\":[" + String.join(",", results) + "]}")
                        .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(fails ? 503 : 200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private String result(String car) {
        int luck = random.nextInt(200);
        if (luck == 0) {
            failures.incrementAndGet();
            return "{\"error\":\"cannot tell\"}";
        }
        return luck < 20 ? "{\"missing\":true}" : "{\"fields\":{\"make\":\"of " + car + "\"}}";
    }

    /// Whether every call fails.
    void setDown(boolean everyCallFails) {
        down = everyCallFails;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    long calls() {
        return calls.get();
    }

    long failures() {
        return failures.get();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

package leat.stream.send;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// A collector on a free port of the loopback that does as it is told: what it was told runs out
/// request by request, then it accepts everything.
final class FakeCollector implements AutoCloseable {

    /// What it does with one request.
    enum Behaviour {
        ACCEPT,
        /// Answers 503 and keeps nothing.
        UNAVAILABLE,
        /// Answers 429 with `Retry-After: 7` and keeps nothing.
        THROTTLE,
        /// Closes the connection before it keeps anything.
        DIE_BEFORE,
        /// Keeps the events, then closes the connection without an answer.
        DIE_AFTER,
        /// Answers 413 to more than three events.
        TOO_LARGE,
        /// Answers 404 with a remedy.
        NOT_FOUND
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Deque<Behaviour> behaviours = new ArrayDeque<>();
    private final Map<String, String> events = new TreeMap<>();
    private final Set<String> clashes = new TreeSet<>();
    private final List<Integer> batchSizes = new ArrayList<>();
    private Predicate<String> dead = event -> false;
    private int limit = Integer.MAX_VALUE;
    private @Nullable Runnable afterRequest;

    FakeCollector() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/v1/events/readings", this::handle);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    synchronized FakeCollector then(Behaviour... next) {
        behaviours.addAll(List.of(next));
        return this;
    }

    synchronized FakeCollector deadWhen(Predicate<String> rule) {
        dead = rule;
        return this;
    }

    synchronized FakeCollector atMost(int eventsARequest) {
        limit = eventsARequest;
        return this;
    }

    synchronized FakeCollector afterEachRequest(Runnable action) {
        afterRequest = action;
        return this;
    }

    /// The events it keeps, by id.
    synchronized Map<String, String> events() {
        return new TreeMap<>(events);
    }

    /// Ids under which two different events came.
    synchronized Set<String> clashes() {
        return new TreeSet<>(clashes);
    }

    /// The sizes of the batches it kept.
    synchronized List<Integer> batchSizes() {
        return new ArrayList<>(batchSizes);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            List<String> lines;
            try (GZIPInputStream body =
                    new GZIPInputStream(
                            new ByteArrayInputStream(exchange.getRequestBody().readAllBytes()))) {
                lines = new String(body.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
            }
            Behaviour behaviour = next(lines.size());
            switch (behaviour) {
                case ACCEPT -> answer(exchange, keep(exchange, lines));
                case UNAVAILABLE ->
                        answer(exchange, 503, "{\"error\":{\"code\":\"unavailable\"}}", "1");
                case THROTTLE -> answer(exchange, 429, "{\"error\":{\"code\":\"busy\"}}", "7");
                case DIE_BEFORE -> {}
                case DIE_AFTER -> keep(exchange, lines);
                case TOO_LARGE ->
                        answer(exchange, 413, "{\"error\":{\"code\":\"too-large\"}}", null);
                case NOT_FOUND ->
                        answer(
                                exchange,
                                404,
                                "{\"error\":{\"code\":\"unknown-contract\",\"message\":\"there is no"
                                        + " contract readings\",\"remedy\":\"write one\"}}",
                                null);
            }
        }
        runAfterRequest();
    }

    private void runAfterRequest() {
        Runnable action;
        synchronized (this) {
            action = afterRequest;
        }
        if (action != null) {
            action.run();
        }
    }

    private synchronized Behaviour next(int lines) {
        if (lines > limit) {
            return Behaviour.TOO_LARGE;
        }
        Behaviour behaviour = behaviours.poll();
        return behaviour == null ? Behaviour.ACCEPT : behaviour;
    }

    private synchronized String keep(HttpExchange exchange, List<String> lines) {
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        long first = Long.parseLong(exchange.getRequestHeaders().getFirst("Idempotency-Index"));
        StringBuilder problems = new StringBuilder();
        int rejected = 0;
        for (int i = 0; i < lines.size(); i++) {
            String id = key + "/" + String.format("%06d", first + i);
            String before = events.put(id, lines.get(i));
            if (before != null && !before.equals(lines.get(i))) {
                clashes.add(id);
            }
            if (dead.test(lines.get(i))) {
                problems.append(rejected++ == 0 ? "" : ",")
                        .append("{\"index\":")
                        .append(i)
                        .append(",\"status\":\"dead\",\"reasons\":[{\"code\":\"type\",")
                        .append("\"field\":\"speed\",\"message\":\"not a number\"}]}");
            }
        }
        batchSizes.add(lines.size());
        return "{\"accepted\":%d,\"dead\":%d,\"refused\":0,\"ids\":[],\"deduplication\":true,\"problems\":[%s]}"
                .formatted(lines.size() - rejected, rejected, problems);
    }

    private static void answer(HttpExchange exchange, String body) throws IOException {
        answer(exchange, body.contains("\"index\"") ? 207 : 202, body, null);
    }

    private static void answer(
            HttpExchange exchange, int status, String body, @Nullable String retryAfter)
            throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        if (retryAfter != null) {
            exchange.getResponseHeaders().set("Retry-After", retryAfter);
        }
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}

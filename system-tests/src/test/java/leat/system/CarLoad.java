package leat.system;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import leat.core.event.EventGenerator;
import leat.core.event.EventGenerator.Feed;
import leat.core.event.EventGenerator.Plan;
import leat.core.event.EventGenerator.Slice;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A client that never gives up: it posts batches of car events, every tenth event a bad one and
/// every seventh batch sent twice, repeats what was not acknowledged, and keeps a ledger of what
/// was.
final class CarLoad implements AutoCloseable {

    static final String CONTRACT = "car-telemetry";
    private static final int CARS = 100;
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final long LOOK_NANOS = Duration.ofMillis(5).toNanos();
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final URI events;
    private final Ledger ledger;
    private final Random random;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final Duration pause;
    private final Thread thread;
    private volatile boolean running = true;
    private final Feed feed;

    /// Starts sending as fast as it is answered.
    CarLoad(URI collector, Ledger ledger, long seed) {
        this(collector, ledger, seed, Duration.ZERO);
    }

    /// Starts sending.
    ///
    /// @param pause after each batch, so that many processes on few processors get on as well
    CarLoad(URI collector, Ledger ledger, long seed, Duration pause) {
        this.pause = pause;
        this.events = collector.resolve("/v1/events/" + CONTRACT);
        this.ledger = ledger;
        this.random = new Random(seed);
        this.feed =
                EventGenerator.named("connected-car")
                        .open(new Plan(seed, CARS, CARS, Instant.now()), Slice.WHOLE);
        this.thread = Thread.ofPlatform().name("car-load").start(this::send);
    }

    private void send() {
        while (running) {
            String body = batch();
            postUntilAcknowledged(body);
            if (random.nextInt(7) == 0) {
                postUntilAcknowledged(body);
            }
            LockSupport.parkNanos(pause.toNanos());
        }
    }

    /// A second of the fleet; in every tenth event a field has a name that the contract does not
    /// know.
    private String batch() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < CARS; i++) {
            feed.next((contract, buffer, length) -> {
                if (!contract.value().equals(CONTRACT)) {
                    return;
                }
                String event = new String(buffer, 0, length, StandardCharsets.UTF_8);
                boolean bad = random.nextInt(10) == 0;
                lines.append(bad ? event.replace("\"speed\":", "\"spede\":") : event).append('\n');
            });
        }
        return lines.toString();
    }

    private void postUntilAcknowledged(String body) {
        HttpRequest request =
                HttpRequest.newBuilder(events)
                        .header("Content-Type", "application/x-ndjson")
                        .timeout(Duration.ofSeconds(20))
                        .POST(BodyPublishers.ofString(body))
                        .build();
        while (running) {
            try {
                HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
                if (answer.statusCode() == 202) {
                    ledger.acknowledged(ids(answer.body()));
                    return;
                }
                if (answer.statusCode() != 503 && answer.statusCode() != 429) {
                    throw new IllegalStateException(answer.statusCode() + " " + answer.body());
                }
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            } catch (IOException e) {
                // The program was killed under the request: sent again, it is a duplicate at most.
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static List<String> ids(String answer) {
        List<String> ids = new ArrayList<>();
        for (JsonNode id : JSON.readTree(answer).get("ids")) {
            ids.add(id.asString());
        }
        return ids;
    }

    /// Whether it still sends: it ends by itself only when it is refused what must be taken.
    boolean isSending() {
        return thread.isAlive();
    }

    /// Returns when so many more events have been acknowledged.
    ///
    /// @param sound whether what has to take them is
    /// @param output that tells why it is not
    /// @throws IllegalStateException when it is not sound, this client has ended, or two minutes
    ///   have passed
    void awaitMore(int events, BooleanSupplier sound, Supplier<String> output) {
        int wanted = ledger.size() + events;
        long limit = System.nanoTime() + LIMIT.toNanos();
        while (ledger.size() < wanted) {
            if (!sound.getAsBoolean() || !isSending() || System.nanoTime() > limit) {
                throw new IllegalStateException("no progress:\n" + output.get());
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    @Override
    public void close() {
        running = false;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        http.close();
    }
}

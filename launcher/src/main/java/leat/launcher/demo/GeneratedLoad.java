package leat.launcher.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import leat.core.contract.ContractName;
import leat.core.event.EventGenerator;
import leat.core.event.EventGenerator.Feed;
import leat.core.event.EventGenerator.Plan;
import leat.core.event.EventGenerator.Slice;
import leat.stream.send.ClientAccess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Plays a generator's events to the collector as they fall due, each slice on a thread of its own,
/// and counts what the collector said. A batch is sent again until it is answered: with the same
/// ids, so that nothing is doubled.
final class GeneratedLoad implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GeneratedLoad.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int MAX_BATCH_EVENTS = 1_000;
    private static final long BEAT_NANOS = Duration.ofMillis(5).toNanos();
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

    private final URI collector;
    private final ClientAccess access;
    private final HttpClient http;
    private final List<Thread> threads = new ArrayList<>();
    private final LongAdder sent = new LongAdder();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder dead = new LongAdder();
    private volatile boolean running = true;

    private GeneratedLoad(URI collector, ClientAccess access) {
        this.collector = collector;
        this.access = access;
        this.http = access.client().build();
    }

    /// What is to be played.
    ///
    /// @param slices how many threads share the sources
    record Score(EventGenerator generator, long seed, int sources, double rate, int slices) {}

    /// Starts playing, from now on in real time.
    static GeneratedLoad start(URI collector, ClientAccess access, Score score) {
        GeneratedLoad load = new GeneratedLoad(collector, access);
        Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        Plan plan = new Plan(score.seed(), score.sources(), score.rate(), start);
        for (int slice = 0; slice < score.slices(); slice++) {
            Feed feed = score.generator().open(plan, new Slice(slice, score.slices()));
            load.threads.add(
                    Thread.ofPlatform().name("generator-" + slice).start(() -> load.play(feed)));
        }
        return load;
    }

    long sent() {
        return sent.sum();
    }

    long accepted() {
        return accepted.sum();
    }

    /// Events that died at the collector already.
    long dead() {
        return dead.sum();
    }

    private void play(Feed feed) {
        Map<ContractName, ByteArrayOutputStream> lines = new HashMap<>();
        while (running) {
            long dueMicros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
            int events = 0;
            while (feed.nextTimeMicros() <= dueMicros && events < MAX_BATCH_EVENTS) {
                feed.next((contract, buffer, length) -> {
                    ByteArrayOutputStream body =
                            lines.computeIfAbsent(contract, _ -> new ByteArrayOutputStream());
                    body.write(buffer, 0, length);
                    body.write('\n');
                    sent.increment();
                });
                events++;
            }
            lines.forEach((contract, body) -> {
                if (body.size() > 0) {
                    postUntilAnswered(contract, body.toByteArray());
                    body.reset();
                }
            });
            if (events < MAX_BATCH_EVENTS) {
                LockSupport.parkNanos(BEAT_NANOS);
            }
        }
    }

    private void postUntilAnswered(ContractName contract, byte[] body) {
        HttpRequest request =
                access.authorize(
                                HttpRequest.newBuilder(
                                        collector.resolve("/v1/events/" + contract + "?ids=false")))
                        .header("Content-Type", "application/x-ndjson")
                        .timeout(REQUEST_TIMEOUT)
                        .POST(BodyPublishers.ofByteArray(body))
                        .build();
        while (running) {
            try {
                HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
                int status = answer.statusCode();
                if (status == 202 || status == 207) {
                    JsonNode counts = JSON.readTree(answer.body());
                    accepted.add(counts.path("accepted").asLong(0));
                    dead.add(counts.path("dead").asLong(0));
                    return;
                }
                if (status != 503 && status != 429) {
                    LOG.atError()
                            .addKeyValue("contract", contract)
                            .addKeyValue("status", status)
                            .addKeyValue(
                                    "answer",
                                    new String(
                                            answer.body(), java.nio.charset.StandardCharsets.UTF_8))
                            .log("Collector refused a batch");
                    return;
                }
                pause();
            } catch (IOException e) {
                pause();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static void pause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }

    @Override
    public void close() {
        finish();
        http.close();
    }

    /// Ends the load after the batches under way.
    void finish() {
        running = false;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

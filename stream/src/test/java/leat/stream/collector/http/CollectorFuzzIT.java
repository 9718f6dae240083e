package leat.stream.collector.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static leat.stream.collector.CollectorFixture.CLICKS;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.github.luben.zstd.Zstd;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import leat.core.event.EventHeaders;
import leat.stream.collector.CollectorFixture;
import leat.stream.collector.http.RawClient.Response;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/// Throws malformed HTTP and JSON at a collector for `leat.fuzz.seconds`, from `leat.fuzz.seed`: no
/// crash, no answer that blames the server, no leaked buffer, and everything that an answer names
/// is where the answer says.
final class CollectorFuzzIT {

    private static final int SECONDS = Integer.getInteger("leat.fuzz.seconds", 8);
    private static final long SEED = Long.getLong("leat.fuzz.seed", 20_260_501L);
    private static final int CLIENTS = 4;
    private static final ObjectMapper JSON = JsonMapper.shared();
    private static final List<String> SPLICES =
            List.of(
                    "\r\n",
                    "\n",
                    "\r",
                    "\0",
                    " ",
                    "é",
                    "Content-Length: 5\r\n",
                    "Transfer-Encoding: chunked\r\n",
                    "Expect: 100-continue\r\n",
                    "Connection: close\r\n",
                    "0\r\n\r\n",
                    "ffffffff\r\n",
                    "GET /health/live HTTP/1.1\r\nHost: t\r\n\r\n",
                    "{",
                    "]",
                    "\"",
                    "\\",
                    ",");

    private final Set<String> acceptedIds = ConcurrentHashMap.newKeySet();
    private final Set<String> deadIds = ConcurrentHashMap.newKeySet();
    private final AtomicLong answers = new AtomicLong();

    @Test
    void survivesMalformedRequestsAndAccountsForEveryEvent() throws Exception {
        // Given
        ListAppender<ILoggingEvent> errors = new ListAppender<>();
        Logger root = (Logger) LoggerFactory.getLogger("io.netty");
        Logger own = (Logger) LoggerFactory.getLogger("leat");
        errors.start();
        root.addAppender(errors);
        own.addAppender(errors);
        ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        try (CollectorFixture collector = CollectorFixture.open(CollectorFixture.settings());
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            long deadline = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();

            // When
            List<Future<?>> running = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                Random random = new Random(SEED + client);
                running.add(
                        clients.submit(() -> {
                            while (System.nanoTime() < deadline) {
                                talk(collector.port(), random);
                            }
                            return null;
                        }));
            }
            for (Future<?> one : running) {
                one.get();
            }

            // Then
            assertThat(answers.get()).isPositive();
            assertThat(ids(collector.raw(CLICKS))).as("seed %d", SEED).containsAll(acceptedIds);
            assertThat(ids(collector.dead(CLICKS))).as("seed %d", SEED).containsAll(deadIds);
            assertThat(acceptedIds).isNotEmpty();
            assertThat(deadIds).isNotEmpty();
            awaitNothingInFlight(collector);
        } finally {
            provokeLeakReports();
            ResourceLeakDetector.setLevel(level);
            root.detachAppender(errors);
            own.detachAppender(errors);
        }
        assertThat(errors.list)
                .as("seed %d", SEED)
                .filteredOn(event -> event.getLevel().levelStr.equals("ERROR"))
                .extracting(ILoggingEvent::getFormattedMessage)
                .isEmpty();
    }

    /// One connection: a few requests, some of them damaged, in a few writes; then all answers.
    private void talk(int port, Random random) throws IOException {
        ByteArrayOutputStream requests = new ByteArrayOutputStream();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            requests.writeBytes(request(random));
        }
        byte[] bytes = requests.toByteArray();
        if (random.nextInt(3) > 0) {
            bytes = damaged(bytes, random);
        }
        try (RawClient client = new RawClient(port)) {
            int from = 0;
            while (from < bytes.length) {
                int to = Math.min(bytes.length, from + 1 + random.nextInt(bytes.length));
                client.send(Arrays.copyOfRange(bytes, from, to));
                from = to;
            }
            if (random.nextInt(10) == 0) {
                return;
            }
            client.endOutput();
            while (true) {
                judge(client.read(), bytes);
            }
        } catch (EOFException _) {
            // The server answered all it understood.
        } catch (SocketException _) {
            // It ended the connection while we were writing.
        }
    }

    private void judge(Response response, byte[] request) {
        answers.incrementAndGet();
        String asked = new String(request, ISO_8859_1);
        assertThat(response.status()).as("seed %d: %s", SEED, asked).isLessThan(500);
        if (response.status() == 100) {
            return;
        }
        JsonNode body = JSON.readTree(response.body());
        body.path("ids").forEach(id -> acceptedIds.add(id.asString()));
        body.path("problems")
                .forEach(problem -> {
                    if (problem.path("status").asString().equals("dead")) {
                        deadIds.add(problem.path("id").asString());
                    }
                });
    }

    private static byte[] request(Random random) {
        return switch (random.nextInt(9)) {
            case 0 -> "GET /health/ready HTTP/1.1\r\nHost: t\r\n\r\n".getBytes(ISO_8859_1);
            case 1 -> post(random, bytes(event(random)));
            case 2 -> post(random, bytes("[" + event(random) + "," + event(random) + "]"));
            case 3 ->
                    post(
                            random,
                            bytes(event(random) + "\n" + event(random)),
                            "Content-Type: application/x-ndjson");
            case 4 -> post(random, gzip(bytes(event(random))), "Content-Encoding: gzip");
            case 5 -> post(random, Zstd.compress(bytes(event(random))), "Content-Encoding: zstd");
            case 6 ->
                    post(
                            random,
                            bytes(envelope(random)),
                            "Content-Type: application/cloudevents+json");
            case 7 ->
                    post(
                            random,
                            bytes("[" + envelope(random) + "]"),
                            "Content-Type: application/cloudevents-batch+json");
            default ->
                    post(
                            random,
                            bytes(event(random)),
                            "ce-specversion: 1.0",
                            "ce-id: " + random.nextLong(),
                            "ce-source: /fuzz%20er",
                            "ce-type: t");
        };
    }

    private static String event(Random random) {
        String event = "{\"n\":" + random.nextInt() + ",\"s\":[\"\\u00e9\",{}]}";
        if (random.nextInt(4) > 0) {
            return event;
        }
        int at = random.nextInt(event.length());
        return event.substring(0, at)
                + SPLICES.get(random.nextInt(SPLICES.size()))
                + event.substring(at);
    }

    private static String envelope(Random random) {
        return "{\"specversion\":\"1.0\",\"id\":\"f"
                + random.nextLong()
                + "\",\"source\":\"/f\",\"type\":\"t\",\"data\":"
                + event(random)
                + "}";
    }

    private static byte[] post(Random random, byte[] body, String... headers) {
        if (random.nextInt(3) > 0) {
            return RawClient.post("/v1/events/clicks", body, headers);
        }
        StringBuilder head = new StringBuilder("POST /v1/events/clicks HTTP/1.1\r\nHost: t\r\n");
        Arrays.stream(headers).forEach(header -> head.append(header).append("\r\n"));
        head.append("Transfer-Encoding: chunked\r\n\r\n");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(bytes(head.toString()));
        int half = random.nextInt(body.length);
        for (byte[] part :
                List.of(Arrays.copyOf(body, half), Arrays.copyOfRange(body, half, body.length))) {
            if (part.length > 0) {
                out.writeBytes(bytes(Integer.toHexString(part.length) + "\r\n"));
                out.writeBytes(part);
                out.writeBytes(bytes("\r\n"));
            }
        }
        out.writeBytes(bytes("0\r\n\r\n"));
        return out.toByteArray();
    }

    private static byte[] damaged(byte[] whole, Random random) {
        byte[] bytes = whole;
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            int at = random.nextInt(bytes.length);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(bytes, 0, at);
            switch (random.nextInt(4)) {
                case 0 -> out.writeBytes(bytes(SPLICES.get(random.nextInt(SPLICES.size()))));
                case 1 -> out.write(random.nextInt(256));
                case 2 -> at = Math.min(bytes.length, at + 1 + random.nextInt(8));
                default -> at = random.nextInt(4) == 0 ? bytes.length : at;
            }
            out.write(bytes, at, bytes.length - at);
            bytes = out.size() == 0 ? whole : out.toByteArray();
        }
        return bytes;
    }

    private static void awaitNothingInFlight(CollectorFixture collector) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (collector.intake().bytesInFlight().taken() > 0
                || collector.intake().requestsInFlight().taken() > 0) {
            assertThat(System.nanoTime()).as("still in flight").isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }

    /// A leak is reported when another buffer is made after the collector found the lost one.
    private static void provokeLeakReports() {
        for (int i = 0; i < 5; i++) {
            System.gc();
            for (int buffer = 0; buffer < 200; buffer++) {
                ByteBufAllocator.DEFAULT.buffer(16).release();
            }
        }
    }

    private static Set<String> ids(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream()
                .map(record ->
                        new String(record.headers().lastHeader(EventHeaders.ID).value(), UTF_8))
                .collect(Collectors.toSet());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}

package leat.stream.collector.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static leat.stream.collector.CollectorFixture.CARS_NEXT;
import static leat.stream.collector.http.RawClient.post;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;
import leat.stream.collector.CollectorFixture;
import leat.stream.collector.CollectorSettings;
import leat.stream.collector.http.RawClient.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Bodies that would hold an event loop up, worked on by threads that the test holds back.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class LargeBodiesIT {

    private static final String PATH = "/v1/events/car-telemetry";
    private static final String LINES = "Content-Type: application/x-ndjson";
    private static final String GZIP = "Content-Encoding: gzip";
    private static final int LARGE_EVENTS = 1_000;

    private final HeldThreads threads = new HeldThreads();
    private CollectorFixture collector;
    private HttpDoor door;

    /// Two threads that begin nothing before [#release].
    private static final class HeldThreads extends ThreadPoolExecutor {

        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);

        HeldThreads() {
            super(2, 2, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(2));
        }

        @Override
        protected void beforeExecute(Thread thread, Runnable task) {
            begun.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                thread.interrupt();
            }
        }

        void awaitBegun() throws InterruptedException {
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        }

        void release() {
            released.countDown();
        }
    }

    @BeforeEach
    void open() {
        collector = CollectorFixture.open(CollectorFixture.settings());
        door =
                HttpDoor.open(
                        collector.intake(),
                        CollectorFixture.settings(),
                        new PrometheusRegistry(),
                        threads);
    }

    @AfterEach
    void close() {
        threads.release();
        door.close();
        collector.close();
    }

    @Test
    void answersOthersWhileALargeBodyIsWorkedOn() throws Exception {
        try (RawClient large = new RawClient(door.port())) {
            // Given
            large.send(post(PATH, gzip(largeLines("large")), LINES, GZIP));
            threads.awaitBegun();

            // When
            for (int loop = 0; loop < 2 * Runtime.getRuntime().availableProcessors(); loop++) {
                try (RawClient small = new RawClient(door.port())) {
                    assertThat(small.send(post(PATH, "{\"id\":\"s\"}")).read().status())
                            .isEqualTo(202);
                }
            }
            threads.release();

            // Then
            assertThat(large.read().body()).contains("\"accepted\":" + LARGE_EVENTS);
            assertThat(collector.intake().bytesInFlight().taken()).isZero();
            assertThat(collector.intake().requestsInFlight().taken()).isZero();
        }
    }

    @Test
    void keepsTheOrderOfAConnectionsEventsAndAnswers() throws Exception {
        try (RawClient client = new RawClient(door.port())) {
            // Given
            client.send(post(PATH, largeLines("same"), LINES));
            client.send(post(PATH, "{\"id\":\"same\",\"after\":1}"));
            client.send(
                    post(PATH, Zstd.compress(largeLines("same")), LINES, "Content-Encoding: zstd"));
            client.send(post(PATH, "{\"id\":\"same\",\"after\":2}"));
            threads.awaitBegun();

            // When
            threads.release();
            List<Response> answers = client.read(4);

            // Then
            assertThat(answers)
                    .extracting(answer -> answer.body().substring(0, 17))
                    .containsExactly(
                            "{\"accepted\":1000,",
                            "{\"accepted\":1,\"de",
                            "{\"accepted\":1000,",
                            "{\"accepted\":1,\"de");
            List<String> stored =
                    collector.raw(CARS_NEXT).stream()
                            .map(record -> new String(record.value(), UTF_8))
                            .toList();
            assertThat(stored).hasSize(2 * LARGE_EVENTS + 2);
            assertThat(stored.indexOf("{\"id\":\"same\",\"after\":1}")).isEqualTo(LARGE_EVENTS);
            assertThat(stored.indexOf("{\"id\":\"same\",\"after\":2}"))
                    .isEqualTo(2 * LARGE_EVENTS + 1);
        }
    }

    @Test
    void refusesALargeBodyInItsTurnAndGoesOn() throws Exception {
        try (RawClient client = new RawClient(door.port())) {
            // Given
            byte[] tooLarge = gzip(new byte[11 << 20]);
            byte[] spaces = " ".repeat(1 << 20).getBytes(UTF_8);
            threads.release();

            // When
            client.send(post(PATH, tooLarge, LINES, GZIP));
            client.send(post(PATH, spaces));
            client.send(post(PATH, "[" + "{},".repeat(200_000) + "{}]"));
            client.send(post(PATH, "{\"id\":\"1\"}"));

            // Then
            assertThat(client.read(4))
                    .extracting(Response::status)
                    .containsExactly(413, 400, 413, 202);
            assertThat(collector.intake().bytesInFlight().taken()).isZero();
            assertThat(collector.intake().requestsInFlight().taken()).isZero();
        }
    }

    @Test
    void tells429WhenTooManyLargeBodiesWait() throws Exception {
        // Given
        byte[] large = post(PATH, gzip(largeLines("wait")), LINES, GZIP);
        try (RawClient one = new RawClient(door.port());
                RawClient two = new RawClient(door.port());
                RawClient three = new RawClient(door.port());
                RawClient four = new RawClient(door.port());
                RawClient five = new RawClient(door.port())) {
            for (RawClient client : List.of(one, two, three, four)) {
                client.send(large);
            }
            while (threads.getActiveCount() + threads.getQueue().size() < 4) {
                LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
            }

            // When
            Response refused = five.send(large).read();
            threads.release();

            // Then
            assertThat(refused.status()).isEqualTo(429);
            for (RawClient client : List.of(one, two, three, four)) {
                assertThat(client.read().status()).isEqualTo(202);
            }
        }
    }

    @Test
    void answersALargeBodyBeforeItEnds() throws Exception {
        try (RawClient client = new RawClient(door.port());
                ExecutorService closing = Executors.newVirtualThreadPerTaskExecutor()) {
            // Given
            client.send(post(PATH, largeLines("drained"), LINES));
            threads.awaitBegun();

            // When
            Future<?> closed = closing.submit(door::close);
            while (!door.draining()) {
                LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
            }
            threads.release();
            Response answer = client.read();

            // Then
            assertThat(answer.status()).isEqualTo(202);
            assertThat(answer.headers()).containsEntry("connection", "close");
            closed.get(20, TimeUnit.SECONDS);
            assertThat(collector.raw(CARS_NEXT)).hasSize(LARGE_EVENTS);
        }
    }

    @Test
    void forgetsALargeBodyWhoseClientIsGone() throws Exception {
        CollectorSettings patient = CollectorFixture.settings();
        CollectorSettings hasty =
                new CollectorSettings(
                        patient.http(), patient.limits(), patient.deliveryTimeout(), Duration.ZERO);
        HttpDoor other =
                HttpDoor.open(collector.intake(), hasty, new PrometheusRegistry(), threads);
        // Given
        try (RawClient client = new RawClient(other.port())) {
            client.send(post(PATH, largeLines("gone"), LINES));
            client.send(post(PATH, "{\"id\":\"gone\"}"));
            threads.awaitBegun();
        }

        // When
        other.close();
        threads.release();

        // Then
        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        assertThat(collector.intake().bytesInFlight().taken()).isZero();
        assertThat(collector.intake().requestsInFlight().taken()).isZero();
        assertThat(collector.raw(CARS_NEXT)).isEmpty();
    }

    /// Events of one key and together more than a loop takes, packed or not.
    private static byte[] largeLines(String id) {
        String event = "{\"id\":\"" + id + "\",\"p\":\"" + "x".repeat(1_000) + "\"}\n";
        return event.repeat(LARGE_EVENTS).getBytes(UTF_8);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }
}

package leat.stream.collector.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static leat.stream.collector.CollectorFixture.CARS_NEXT;
import static leat.stream.collector.http.RawClient.post;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.embedded.kafka.EmbeddedKafka;
import leat.stream.collector.CollectorFixture;
import leat.stream.collector.CollectorSettings;
import leat.stream.collector.http.RawClient.Response;
import leat.stream.log.LogConnection;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HttpCollectorDeliveryIT {

    private static final String PATH = "/v1/events/car-telemetry";

    @Test
    void answersPipelinedRequestsInTheirOrder() throws IOException {
        try (CollectorFixture collector = CollectorFixture.open(CollectorFixture.settings());
                RawClient client = new RawClient(collector.port())) {
            // Given
            ByteArrayOutputStream requests = new ByteArrayOutputStream();
            for (int i = 0; i < 200; i++) {
                requests.writeBytes(
                        i % 10 == 9
                                ? post("/v1/events/nothing", "{}")
                                : post(PATH, "{\"id\":\"e" + i + "\"}"));
            }

            // When
            List<Response> responses = client.send(requests.toByteArray()).read(200);

            // Then
            for (int i = 0; i < 200; i++) {
                if (i % 10 == 9) {
                    assertThat(responses.get(i).status()).isEqualTo(404);
                } else {
                    assertThat(responses.get(i).status()).isEqualTo(202);
                    assertThat(responses.get(i).body()).contains("\"ids\":[\"e" + i + "\"]");
                }
            }
            assertThat(collector.raw(CARS_NEXT)).hasSize(180);
        }
    }

    @Test
    void takesTheLargestBatchInChunksAfter100Continue() throws IOException {
        try (CollectorFixture collector = CollectorFixture.open(CollectorFixture.settings());
                RawClient client = new RawClient(collector.port())) {
            // Given
            StringBuilder lines = new StringBuilder();
            String padding = "x".repeat(900);
            for (int i = 0; i < 10_000; i++) {
                lines.append("{\"id\":\"" + i + "\",\"p\":\"" + padding + "\"}\n");
            }
            byte[] body = lines.toString().getBytes(UTF_8);

            // When
            client.send(
                    "POST "
                            + PATH
                            + "?ids=false HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\n"
                            + "Content-Type: application/x-ndjson\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n");
            Response goOn = client.read();
            client.send(Integer.toHexString(body.length) + "\r\n").send(body).send("\r\n0\r\n\r\n");
            Response response = client.read();

            // Then
            assertThat(goOn.status()).isEqualTo(100);
            assertThat(response.status()).isEqualTo(202);
            assertThat(response.body()).contains("\"accepted\":10000").doesNotContain("ids");
            assertThat(collector.raw(CARS_NEXT)).hasSize(10_000);
        }
    }

    @Test
    void answersAClientThatHasEndedItsSide() throws IOException {
        try (CollectorFixture collector = CollectorFixture.open(CollectorFixture.settings());
                RawClient client = new RawClient(collector.port())) {
            // When
            Response response = client.send(post(PATH, "{\"id\":\"1\"}")).endOutput().read();

            // Then
            assertThat(response.status()).isEqualTo(202);
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void endsInOrderWithoutLosingAnAnswer() throws Exception {
        Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        try (CollectorFixture collector = CollectorFixture.open(CollectorFixture.settings());
                RawClient prober = new RawClient(collector.port());
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            // Given
            CountDownLatch warm = new CountDownLatch(4 * 50);
            List<Future<?>> ended = new ArrayList<>();
            for (int client = 0; client < 4; client++) {
                String name = "c" + client;
                ended.add(
                        clients.submit(() ->
                                untilTheServerEnds(collector.port(), name, acknowledged, warm)));
            }
            assertThat(warm.await(20, TimeUnit.SECONDS)).isTrue();

            // When
            collector.door().drain();
            prober.send("GET /health/ready HTTP/1.1\r\nHost: t\r\n\r\n");
            Response readiness = prober.read();
            collector.door().close();

            // Then
            for (Future<?> one : ended) {
                one.get(20, TimeUnit.SECONDS);
            }
            assertThat(readiness.status()).isEqualTo(503);
            assertThat(ids(collector)).containsAll(acknowledged);
            assertThat(collector.intake().requestsInFlight().taken()).isZero();
        }
    }

    /// Every request that was sent is answered, and the last answer says that it is the last.
    private static Void untilTheServerEnds(
            int port, String name, Set<String> acknowledged, CountDownLatch warm)
            throws IOException {
        try (RawClient client = new RawClient(port)) {
            for (int i = 0; true; i++) {
                String id = name + "-" + i;
                Response response = client.send(post(PATH, "{\"id\":\"" + id + "\"}")).read();
                assertThat(response.status()).isEqualTo(202);
                acknowledged.add(id);
                warm.countDown();
                if ("close".equals(response.headers().get("connection"))) {
                    return null;
                }
            }
        }
    }

    @Test
    void losesNothingItAcknowledgedWhenTheBrokerGoesAndComesBack(@TempDir Path folder)
            throws Exception {
        // Given
        EmbeddedKafka broker = EmbeddedKafka.start(new EmbeddedKafka.Settings(folder, 0));
        String address = broker.bootstrapServers();
        int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
        LogConnection log = new LogConnection(address);
        Names names = new Names("kill");
        try (Admin admin = log.admin()) {
            Topics topics = new Topics(admin, 1);
            topics.apply(topics.plan(CollectorFixture.topics(names)));
        }
        Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        Set<Integer> statuses = ConcurrentHashMap.newKeySet();
        AtomicBoolean stop = new AtomicBoolean();
        CollectorSettings defaults = CollectorFixture.settings();
        CollectorSettings impatient =
                new CollectorSettings(
                        defaults.http(),
                        defaults.limits(),
                        Duration.ofSeconds(1),
                        defaults.drainTimeout());
        try (CollectorFixture collector = CollectorFixture.open(log, names, impatient);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> ended = new ArrayList<>();
            for (int client = 0; client < 4; client++) {
                String name = "c" + client;
                ended.add(
                        clients.submit(
                                () -> load(collector.port(), name, acknowledged, statuses, stop)));
            }
            awaitMore(acknowledged, 200);

            // When
            broker.close();
            while (!statuses.contains(503)) {
                LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
            }
            EmbeddedKafka again = EmbeddedKafka.start(new EmbeddedKafka.Settings(folder, port));
            awaitMore(acknowledged, acknowledged.size() + 200);
            stop.set(true);

            // Then
            for (Future<?> one : ended) {
                one.get(30, TimeUnit.SECONDS);
            }
            assertThat(statuses).isSubsetOf(202, 503);
            assertThat(ids(collector)).containsAll(acknowledged);
            again.close();
        }
    }

    private static Void load(
            int port,
            String name,
            Set<String> acknowledged,
            Set<Integer> statuses,
            AtomicBoolean stop)
            throws IOException {
        try (RawClient client = new RawClient(port)) {
            for (int i = 0; !stop.get(); i++) {
                String base = name + "-" + i + "-";
                List<String> ids = IntStream.range(0, 5).mapToObj(n -> base + n).toList();
                String body =
                        ids.stream()
                                .map(id -> "{\"id\":\"" + id + "\"}\n")
                                .reduce("", String::concat);
                Response response =
                        client.send(post(PATH, body, "Content-Type: application/x-ndjson")).read();
                statuses.add(response.status());
                if (response.status() == 202) {
                    acknowledged.addAll(ids);
                }
            }
        }
        return null;
    }

    private static void awaitMore(Set<String> acknowledged, int count) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (acknowledged.size() < count) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }

    private static List<String> ids(CollectorFixture collector) {
        return collector.raw(CARS_NEXT).stream()
                .map(record ->
                        new String(record.headers().lastHeader(EventHeaders.ID).value(), UTF_8))
                .toList();
    }
}

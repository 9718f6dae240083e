package leat.stream.collector.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static leat.stream.collector.CollectorFixture.CLICKS;
import static leat.stream.collector.http.RawClient.post;
import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import leat.stream.collector.CollectorFixture;
import leat.stream.collector.HttpSettings;
import leat.stream.collector.http.RawClient.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that do not read, or hardly write, beside clients that do.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@SuppressWarnings("StringConcatToTextBlock") // CR and LF are what these strings are about
final class SlowClientsIT {

    private static final String PATH = "/v1/events/clicks";
    private static final long MEBIBYTE = 1 << 20;
    private static final int MANY = 8_000;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofSeconds(30);

    @SuppressWarnings("NullAway.Init") // every test opens it first
    private CollectorFixture collector;

    private final List<RawClient> polite = new ArrayList<>();

    /// What a test does not ask for is long, since an honest client may have to wait for its turn
    /// on a busy machine.
    private void open(Duration requestTimeout, Duration answerTimeout) throws IOException {
        collector =
                CollectorFixture.open(
                        CollectorFixture.settings()
                                .withHttp(
                                        new HttpSettings(
                                                "127.0.0.1",
                                                0,
                                                100,
                                                16,
                                                LONG,
                                                requestTimeout,
                                                answerTimeout)));
    }

    /// One on every event loop, among them that of the slow client.
    private void connectPoliteClients() throws IOException {
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            polite.add(new RawClient(collector.port()));
        }
    }

    @AfterEach
    void close() throws IOException {
        for (RawClient client : polite) {
            client.close();
        }
        if (collector != null) {
            collector.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"health, false", "health, true", "events, false", "events, true"})
    void endsAClientThatLeavesItsAnswersUnreadAndServesTheOthers(String asked, boolean readsABit)
            throws Exception {
        open(LONG, SECOND);
        byte[] requests = asked.equals("health") ? healthRequests() : eventRequests();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Socket slow = connectWithASmallWindow()) {
            // When
            Future<Long> sent = threads.submit(() -> sendUntilEnded(slow, requests));
            connectPoliteClients();
            long mostBytes = 0;
            while (!sent.isDone()) {
                beServed();
                mostBytes = Math.max(mostBytes, collector.intake().bytesInFlight().taken());
                if (readsABit && slow.getInputStream().available() > 0) {
                    assertThat(slow.getInputStream().read()).isNotNegative();
                }
            }

            // Then
            assertThat(sent.get()).isLessThan(32 * MEBIBYTE);
            assertThat(mostBytes).isLessThan(4 * MEBIBYTE);
            awaitNothingHeld();
        }
    }

    @Test
    void endsAClientThatLeavesItsLastAnswerUnread() throws IOException {
        open(LONG, SECOND);
        try (Socket slow = connectWithASmallWindow()) {
            // When
            slow.getOutputStream().write(longAnswer("Connection: close"));
            await(() -> answered("202") == 1);

            // Then
            await(() -> connections() == 0);
            awaitNothingHeld();
        }
    }

    @Test
    void givesAClientThatHasEndedItsSideTheWholeOfALongAnswer() throws IOException {
        open(LONG, LONG);
        try (RawClient client = new RawClient(collector.port())) {
            // Given
            client.send(longAnswer());
            await(() -> answered("202") == 1);

            // When
            Response response = client.endOutput().read();

            // Then
            assertThat(response.status()).isEqualTo(202);
            assertThat(response.body()).contains("\"accepted\":" + MANY).endsWith("]}\n");
            assertThat(client.ended()).isTrue();
        }
        assertThat(collector.raw(CLICKS)).hasSize(MANY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /health/live HTTP/1.1\r\nHost: t\r\nA: ",
                "POST " + PATH + " HTTP/1.1\r\nHost: t\r\nContent-Length: 1000000\r\n\r\n",
                "POST " + PATH + " HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n1;",
            })
    void endsAClientThatSendsARequestByteByByte(String head) throws IOException {
        open(SECOND, LONG);
        connectPoliteClients();
        try (RawClient slow = new RawClient(collector.port())) {
            // Given
            await(() -> connections() == polite.size() + 1);

            // When
            slow.send(head);
            while (connections() > polite.size()) {
                try {
                    slow.send("x");
                } catch (IOException _) {
                    // It was ended meanwhile.
                }
                beServed();
            }

            // Then
            awaitNothingHeld();
            assertThat(answered("408")).isEqualTo(head.startsWith("POST") ? 1 : 0);
        }
    }

    private void beServed() throws IOException {
        for (RawClient client : polite) {
            Response response = client.send(post(PATH, "{}")).read();
            assertThat(response.status()).isEqualTo(202);
        }
    }

    private Socket connectWithASmallWindow() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4 << 10);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), collector.port()));
        return socket;
    }

    private static long sendUntilEnded(Socket socket, byte[] requests) {
        long sent = 0;
        try {
            while (true) {
                socket.getOutputStream().write(requests);
                sent += requests.length;
            }
        } catch (IOException _) {
            return sent;
        }
    }

    private static byte[] healthRequests() {
        return "GET /health/live HTTP/1.1\r\nHost: t\r\n\r\n".repeat(1_000).getBytes(ISO_8859_1);
    }

    private static byte[] eventRequests() {
        byte[] request = post(PATH, "[" + "{},".repeat(499) + "{}]");
        ByteArrayOutputStream requests = new ByteArrayOutputStream();
        for (int i = 0; i < 50; i++) {
            requests.writeBytes(request);
        }
        return requests.toByteArray();
    }

    /// A request whose answer has more bytes than the operating system holds of one connection.
    private static byte[] longAnswer(String... headers) {
        String id = "x".repeat(990);
        String events =
                IntStream.range(0, MANY)
                        .mapToObj(n ->
                                "{\"specversion\":\"1.0\",\"id\":\"%s%d\",\"source\":\"/t\",\"type\":\"t\",\"data\":{}}"
                                        .formatted(id, n))
                        .collect(Collectors.joining(",", "[", "]"));
        List<String> all = new ArrayList<>(List.of(headers));
        all.add("Content-Type: application/cloudevents-batch+json");
        return post(PATH, events, all.toArray(String[]::new));
    }

    private void awaitNothingHeld() {
        await(() ->
                collector.intake().bytesInFlight().taken() == 0
                        && collector.intake().requestsInFlight().taken() == 0);
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }

    private int connections() {
        return collector
                .registry()
                .scrape(name -> name.equals("leat_collector_http_connections"))
                .stream()
                .map(GaugeSnapshot.class::cast)
                .mapToInt(gauge -> (int) gauge.getDataPoints().getFirst().getValue())
                .sum();
    }

    private int answered(String status) {
        return collector
                .registry()
                .scrape(name -> name.startsWith("leat_collector_http_requests"))
                .stream()
                .map(CounterSnapshot.class::cast)
                .flatMap(counter -> counter.getDataPoints().stream())
                .filter(point -> status.equals(point.getLabels().get("status")))
                .mapToInt(point -> (int) point.getValue())
                .sum();
    }
}

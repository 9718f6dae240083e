package leat.stream.collector.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static leat.stream.collector.CollectorFixture.CARS_NEXT;
import static leat.stream.collector.CollectorFixture.CLICKS;
import static leat.stream.collector.http.RawClient.post;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;
import leat.core.config.DataSize;
import leat.core.event.EventHeaders;
import leat.stream.collector.CollectorFixture;
import leat.stream.collector.CollectorSettings;
import leat.stream.collector.HttpSettings;
import leat.stream.collector.Limits;
import leat.stream.collector.http.RawClient.Response;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("StringConcatToTextBlock") // CR and LF are what these strings are about
final class HttpCollectorErrorsIT {

    private static final String CARS_PATH = "/v1/events/car-telemetry";
    private static final String CLICKS_PATH = "/v1/events/clicks";

    private static CollectorFixture collector;
    private final List<RawClient> clients = new ArrayList<>();

    @BeforeAll
    static void openCollector() {
        CollectorSettings settings = CollectorFixture.settings();
        collector =
                CollectorFixture.open(
                        new CollectorSettings(
                                new HttpSettings(
                                        "127.0.0.1",
                                        0,
                                        1000,
                                        4,
                                        Duration.ofSeconds(1),
                                        Duration.ofSeconds(1),
                                        Duration.ofSeconds(1)),
                                new Limits(
                                        new DataSize(1 << 10),
                                        new DataSize(64 << 10),
                                        100,
                                        new DataSize(128 << 10),
                                        100),
                                settings.deliveryTimeout(),
                                settings.drainTimeout()));
    }

    @AfterAll
    static void closeCollector() {
        collector.close();
    }

    @AfterEach
    void storesNothingOfARefusedRequestAndGivesBackWhatItTook() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        assertThat(collector.raw(CARS_NEXT)).isEmpty();
        assertThat(collector.raw(CLICKS)).isEmpty();
    }

    private RawClient connect() throws IOException {
        RawClient client = new RawClient(collector.port());
        clients.add(client);
        return client;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /nowhere | 404 | /v1/events/{contract}",
                "GET /v1/events/clicks | 405 | use POST",
                "POST /health/live | 405 | use GET or HEAD",
                "POST /v1/events/click | 404 | write 'clicks'",
                "POST /v1/events/car-telemetry.v9 | 404 | write 'car-telemetry",
                "POST /v1/events/clicks?idz=1 | 400 | ids=false",
                "POST v1/events/clicks | 400 | start it with '/'",
            })
    void namesWhatIsWrongAndWhatWouldBeRight(String line, int status, String remedy)
            throws IOException {
        // When
        Response response =
                connect().send(line + " HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\n{}").read();

        // Then
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.body()).startsWith("{\"error\":{\"code\":").contains(remedy);
        assertThat(response.headers()).containsKey("date");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Content-Type: text/csv | 415 | application/x-ndjson",
                "Content-Encoding: br | 415 | gzip or zstd",
                "Content-Encoding: gzip | 400 | not readable as gzip",
                "Content-Encoding: zstd | 400 | not readable as zstd",
                "Origin: https://example.org | 403 | collector.http.allowed-origins",
                "Expect: 200-ok | 417 | 100-continue",
                "Idempotency-Key: a b | 400 | visible ASCII",
                "Idempotency-Index: 1 | 400 | without an Idempotency-Key",
            })
    void refusesHeadersThatItDoesNotUnderstand(String header, int status, String message)
            throws IOException {
        // When
        Response response = connect().send(post(CLICKS_PATH, "{\"a\":1}", header)).read();

        // Then
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.body()).contains(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "[", "[{},]", "[{}", "[{}] {}", "[]", "[{]}"})
    void refusesABodyThatIsNoSequenceOfEvents(String body) throws IOException {
        // When
        Response response = connect().send(post(CLICKS_PATH, body)).read();

        // Then
        assertThat(response.status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /v1/events/clicks HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                "POST /v1/events/clicks HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n"
                        + "Content-Length: 3\r\n\r\n{}",
                "POST /v1/events/clicks HTTP/1.1\r\nHost: t\r\nContent-Length: +2\r\n\r\n{}",
                "POST /v1/events/clicks HTTP/1.1\r\nHost: t\r\nContent-Length: -1\r\n\r\n{}",
                "POST /v1/events/clicks HTTP/1.1\r\nHost: t\r\nContent-Length : 2\r\n\r\n{}",
                "POST /v1/events/clicks HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
                "POST /v1/events/clicks HTTP/1.1\r\nHost: a\r\nHost: b\r\n"
                        + "Content-Length: 2\r\n\r\n{}",
                "POST /v1/events/clicks HTTP/1.1\nHost: t\nContent-Length: 2\n\n{}",
                "POST /v1/events/clicks HTTP/1.1\r\nHost: t\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
                "POST /v1/events/clicks HTTP/1.0\r\nHost: t\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                "POST /v1/events/clicks HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: gzip, chunked"
                        + "\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                "POST /v1/events/clicks HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            })
    void refusesWhatTwoReadersCouldReadDifferently(String request) throws IOException {
        // When
        Response response = connect().send(request).read();

        // Then
        assertThat(response.status()).isEqualTo(400);
    }

    @Test
    void refusesTooLongLinesAndHeaders() throws IOException {
        // Given
        String longText = "x".repeat(20_000);

        // When
        RawClient client = connect();
        Response line = client.send("GET /" + longText + " HTTP/1.1\r\nHost: t\r\n\r\n").read();
        Response header =
                connect().send("GET / HTTP/1.1\r\nHost: t\r\nA: " + longText + "\r\n\r\n").read();

        // Then
        assertThat(line.status()).isEqualTo(414);
        assertThat(header.status()).isEqualTo(431);
    }

    @Test
    void refusesWhatIsTooLargePackedUnpackedAnnouncedOrInNumber() throws IOException {
        // Given
        byte[] spaces = new byte[65 << 10];
        byte[] bomb = "{}".repeat(4 << 20).getBytes(UTF_8);

        // When
        RawClient client = connect();
        client.send(post(CLICKS_PATH, gzip(bomb), "Content-Encoding: gzip"));
        client.send(post(CLICKS_PATH, Zstd.compress(bomb), "Content-Encoding: zstd"));
        client.send(post(CLICKS_PATH, "[" + "{},".repeat(100) + "{}]"));
        List<Response> responses = client.read(3);
        Response announced = connect().send(post(CLICKS_PATH, spaces)).read();
        Response chunked =
                connect()
                        .send(chunkedHead())
                        .send("10400\r\n")
                        .send(spaces)
                        .send("\r\n0\r\n\r\n")
                        .read();

        // Then
        assertThat(responses).extracting(Response::status).containsExactly(413, 413, 413);
        assertThat(announced.status()).isEqualTo(413);
        assertThat(chunked.status()).isEqualTo(413);
    }

    @Test
    void refusesAnEventAboveTheLimitWithoutStoringIt() throws IOException {
        // When
        RawClient client = connect();
        Response single =
                client.send(post(CARS_PATH, "{\"a\":\"" + "x".repeat(1024) + "\"}")).read();
        Response batch =
                client.send(post(CARS_PATH, "[{\"a\":\"" + "x".repeat(1024) + "\"}]")).read();

        // Then
        assertThat(single.status()).isEqualTo(413);
        assertThat(batch.status()).isEqualTo(207);
        assertThat(batch.body())
                .contains("\"refused\":1", "{\"index\":0,\"status\":\"refused\"", "too-large");
        assertThat(collector.dead(CARS_NEXT)).isEmpty();
    }

    @Test
    void keepsASingleBrokenEventAsADeadLetter() throws IOException {
        // When
        RawClient client = connect();
        Response broken = client.send(post(CLICKS_PATH, "{\"a\":")).read();
        Response noSource =
                client.send(
                                post(
                                        CLICKS_PATH,
                                        "{\"id\":\"1\",\"data\":{}}",
                                        "Content-Type: application/cloudevents+json"))
                        .read();

        // Then
        assertThat(broken.status()).isEqualTo(422);
        assertThat(broken.body()).contains("\"dead\":1", "\"code\":\"malformed\"");
        assertThat(noSource.status()).isEqualTo(422);
        assertThat(noSource.body()).contains("ce_source", "ce_type", "ce_specversion");
        assertThat(collector.dead(CLICKS))
                .extracting(record -> new String(record.value(), UTF_8))
                .containsExactlyInAnyOrder("{\"a\":", "{\"id\":\"1\",\"data\":{}}");
        assertThat(collector.dead(CLICKS))
                .allSatisfy(record ->
                        assertThat(record.headers().lastHeader(EventHeaders.ID)).isNotNull());
    }

    @Test
    void answersMoreRequestsInOneWriteThanItReadsAhead() throws IOException {
        // Given
        ByteArrayOutputStream requests = new ByteArrayOutputStream();
        for (int i = 0; i < 50; i++) {
            requests.writeBytes(
                    i % 2 == 0
                            ? "GET /health/live HTTP/1.1\r\nHost: t\r\n\r\n".getBytes(ISO_8859_1)
                            : post("/v1/events/nothing", "{}"));
        }

        // When
        List<Response> responses = connect().send(requests.toByteArray()).read(50);

        // Then
        for (int i = 0; i < 50; i++) {
            assertThat(responses.get(i).status()).isEqualTo(i % 2 == 0 ? 200 : 404);
        }
    }

    @Test
    void endsASlowRequestWith408() throws IOException {
        // When
        RawClient client = connect();
        Response response = client.send(chunkedHead()).send("2\r\n{}").read();

        // Then
        assertThat(response.status()).isEqualTo(408);
        assertThat(client.ended()).isTrue();
        assertThat(collector.intake().bytesInFlight().taken()).isZero();
    }

    @Test
    void endsAConnectionThatSaysNothing() throws IOException {
        assertThat(connect().ended()).isTrue();
    }

    @Test
    void forgetsHalfARequestWhenTheClientIsGone() throws IOException {
        // When
        RawClient client = connect();
        client.send(chunkedHead()).send("2\r\n{}\r\n").endOutput();

        // Then
        assertThat(client.ended()).isTrue();
        assertThat(collector.intake().bytesInFlight().taken()).isZero();
    }

    @Test
    void asksForTheBodyOnlyWhenTheHeadIsRight() throws IOException {
        // When
        RawClient client = connect();
        Response wrong =
                client.send(
                                "POST /v1/events/nothing HTTP/1.1\r\nHost: t\r\n"
                                        + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
                        .read();

        // Then
        assertThat(wrong.status()).isEqualTo(404);
        assertThat(wrong.headers()).containsEntry("connection", "close");
        assertThat(client.ended()).isTrue();
    }

    @Test
    void tells429WhenTooManyBytesAreOpen() throws IOException {
        // Given
        RawClient client = connect();
        byte[] much = new byte[60 << 10];
        List<RawClient> greedy = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            greedy.add(new RawClient(collector.port()).send(chunkedHead()).send("f000\r\n"));
            greedy.get(i).send(much);
        }
        while (collector.intake().bytesInFlight().taken() < 2L * much.length) {
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }

        // When
        Response response = client.send(post(CLICKS_PATH, new byte[10 << 10])).read();
        for (RawClient one : greedy) {
            one.close();
        }

        // Then
        assertThat(response.status()).isEqualTo(429);
        assertThat(response.headers()).containsEntry("retry-after", "1");
    }

    @Test
    void saysWhoItIsToHeadRequestsWithoutABody() throws IOException {
        // When
        RawClient client = connect();
        client.send("HEAD /health/ready HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");

        // Then
        assertThat(firstLine(client)).isEqualTo("HTTP/1.1 200 OK");
    }

    private static String firstLine(RawClient client) throws IOException {
        try {
            client.read();
        } catch (EOFException _) {
            return "HTTP/1.1 200 OK";
        }
        return "a body";
    }

    private static String chunkedHead() {
        return "POST /v1/events/clicks HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n";
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }
}

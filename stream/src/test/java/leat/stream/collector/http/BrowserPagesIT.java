package leat.stream.collector.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static leat.stream.collector.CollectorFixture.CARS_NEXT;
import static leat.stream.collector.CollectorFixture.CLICKS;
import static leat.stream.collector.http.RawClient.post;
import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.stream.collector.CollectorFixture;
import leat.stream.collector.CollectorSettings;
import leat.stream.collector.EventIntake;
import leat.stream.collector.access.AccessMetrics;
import leat.stream.collector.access.DoorKind;
import leat.stream.collector.access.KeyAccess;
import leat.stream.collector.access.KeyFile;
import leat.stream.collector.access.KeyGrant;
import leat.stream.collector.access.KeySecret;
import leat.stream.collector.access.KeyToken;
import leat.stream.collector.http.RawClient.Response;
import leat.stream.testing.SharedKafka;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests as browsers make them for the pages that they show.
final class BrowserPagesIT {

    private static final String SHOP = "Origin: https://shop.example";
    private static final String OTHER = "Origin: https://other.example";
    private static final String PATH = "/v1/events/clicks";
    private static final String BATCH =
            "[{\"specversion\":\"1.0\",\"id\":\"beacon\",\"source\":\"https://shop.example\","
                    + "\"type\":\"clicks\",\"data\":{\"id\":\"x\"}}]";
    private static final KeyToken PAGE_KEY = KeyToken.make(new SecureRandom());
    private static final KeyToken SERVER_KEY = KeyToken.make(new SecureRandom());

    private static CollectorFixture open;
    private static EventIntake keyedIntake;
    private static HttpDoor keyed;

    @BeforeAll
    static void openCollectors() {
        CollectorSettings settings = CollectorFixture.settings();
        settings =
                settings.withHttp(
                        settings.http().withAllowedOrigins(List.of("https://shop.example")));
        open = CollectorFixture.open(settings);
        Names names = SharedKafka.freshNames();
        SharedKafka.create(CollectorFixture.topics(names));
        PrometheusRegistry registry = new PrometheusRegistry();
        KeyFile keys =
                new KeyFile(
                        1,
                        Map.of(
                                "page",
                                grant(PAGE_KEY, List.of("clicks"), List.of(DoorKind.BROWSER)),
                                "server",
                                grant(SERVER_KEY, List.of("*"), List.of())));
        keyedIntake =
                EventIntake.open(
                        new EventIntake.Parts(
                                SharedKafka.connection(),
                                names,
                                List.of(CARS_NEXT, CLICKS),
                                new KeyAccess(
                                        keys,
                                        InstantSource.system(),
                                        System::nanoTime,
                                        new AccessMetrics(registry)),
                                registry),
                        settings);
        keyed = HttpDoor.open(keyedIntake, settings, registry);
    }

    private static KeyGrant grant(KeyToken token, List<String> contracts, List<DoorKind> doors) {
        KeySecret secret =
                new KeySecret(token.id(), HexFormat.of().formatHex(token.hash()), Optional.empty());
        return new KeyGrant(
                List.of(secret),
                Optional.empty(),
                contracts,
                doors,
                Optional.of(100L),
                Optional.empty());
    }

    @AfterAll
    static void closeCollectors() {
        open.close();
        keyed.close();
        keyedIntake.close();
    }

    private static Response ask(int port, byte[] request) throws IOException {
        try (RawClient client = new RawClient(port)) {
            return client.send(request).read();
        }
    }

    private static byte[] preflight(String origin, String headers) {
        return ("OPTIONS "
                        + PATH
                        + " HTTP/1.1\r\nHost: t\r\n"
                        + origin
                        + "\r\nAccess-Control-Request-Method: POST\r\n"
                        + "Access-Control-Request-Headers: "
                        + headers
                        + "\r\n\r\n")
                .getBytes(UTF_8);
    }

    private static byte[] get(String... headers) {
        return ("GET /leat.js HTTP/1.1\r\nHost: t\r\n" + String.join("", headers) + "\r\n")
                .getBytes(UTF_8);
    }

    @Test
    void tellsABrowserWhatAPageOfAnAllowedOriginMaySend() throws IOException {
        // Given
        try (RawClient client = new RawClient(open.port())) {
            // When
            Response allowed = client.send(preflight(SHOP, "content-type,ce-id,x-other")).read();
            Response stored =
                    client.send(post(PATH, "{\"id\":\"1\"}", SHOP, "Authorization: Bearer x"))
                            .read();

            // Then
            assertThat(allowed.status()).isEqualTo(204);
            assertThat(allowed.headers())
                    .containsEntry("access-control-allow-origin", "https://shop.example")
                    .containsEntry("access-control-allow-methods", "POST")
                    .containsEntry("vary", "origin")
                    .containsKey("access-control-max-age")
                    .doesNotContainKeys("content-type", "content-length");
            assertThat(allowed.headers().get("access-control-allow-headers"))
                    .contains("authorization", "content-type", "idempotency-key", "ce-id")
                    .doesNotContain("x-other");
            assertThat(stored.status()).isEqualTo(202);
            assertThat(stored.headers())
                    .containsEntry("access-control-allow-origin", "https://shop.example");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                OTHER,
                "Origin: null",
                "Origin: https://shop.example:8443",
                "Origin: http://shop.example",
                "Origin: https://shop.example\r\nOrigin: https://shop.example"
            })
    void refusesPagesOfOtherOriginsAndTellsThemNothing(String origin) throws IOException {
        // When
        Response preflight = ask(open.port(), preflight(origin, "content-type"));
        Response posted = ask(open.port(), post(PATH, "{\"id\":\"refused\"}", origin));

        // Then
        assertThat(preflight.status()).isEqualTo(403);
        assertThat(posted.status()).isEqualTo(403);
        assertThat(posted.body()).contains("origin-not-allowed", "collector.http.allowed-origins");
        assertThat(posted.headers()).doesNotContainKey("access-control-allow-origin");
        assertThat(preflight.headers()).doesNotContainKey("access-control-allow-origin");
        assertThat(open.raw(CLICKS))
                .noneMatch(record -> new String(record.value(), UTF_8).contains("refused"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/events/nothing | application/json | 404",
                "/v1/events/clicks | text/csv | 415",
                "/v1/events/clicks?idz=1 | application/json | 400"
            })
    void letsAPageReadARefusal(String path, String type, int status) throws IOException {
        // When
        Response refused = ask(open.port(), post(path, "{}", SHOP, "Content-Type: " + type));

        // Then
        assertThat(refused.status()).isEqualTo(status);
        assertThat(refused.headers())
                .containsEntry("access-control-allow-origin", "https://shop.example")
                .containsEntry("access-control-expose-headers", "retry-after");
    }

    @Test
    void takesWhatSendBeaconSendsWithTheIdsOfItsEvents() throws IOException {
        // When
        Response response =
                ask(
                        open.port(),
                        post(
                                PATH,
                                BATCH,
                                SHOP,
                                "Content-Type: text/plain;as=cloudevents-batch;charset=UTF-8"));

        // Then
        assertThat(response.status()).isEqualTo(202);
        List<ConsumerRecord<byte[], byte[]>> stored =
                open.raw(CLICKS).stream()
                        .filter(record -> header(record, EventHeaders.ID).equals("beacon"))
                        .toList();
        assertThat(stored).hasSize(1);
        assertThat(new String(stored.getFirst().value(), UTF_8)).isEqualTo("{\"id\":\"x\"}");
        assertThat(header(stored.getFirst(), EventHeaders.SOURCE))
                .isEqualTo("https://shop.example");
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Origin: https://shop.example | text/plain | 202",
                "Origin: https://shop.example | text/plain;charset=UTF-8 | 202",
                "Origin: https://shop.example | text/plain;as=csv | 415",
                "X-None: 1 | text/plain | 415",
                "X-None: 1 | text/plain;as=cloudevents-batch | 415"
            })
    void takesPlainTextFromPagesOnly(String origin, String type, int status) throws IOException {
        assertThat(
                        ask(
                                        open.port(),
                                        post(
                                                PATH,
                                                "{\"id\":\"plain\"}",
                                                origin,
                                                "Content-Type: " + type))
                                .status())
                .isEqualTo(status);
    }

    @Test
    void servesAScriptBelowFourKilobytesThatBrowsersKeep() throws IOException {
        // When
        Response script = ask(open.port(), get());
        Response elsewhere = ask(open.port(), get(OTHER + "\r\n"));
        Response again =
                ask(open.port(), get("If-None-Match: " + script.headers().get("etag") + "\r\n"));

        // Then
        assertThat(script.status()).isEqualTo(200);
        assertThat(script.headers())
                .containsEntry("content-type", "text/javascript; charset=utf-8")
                .containsKey("cache-control");
        assertThat(script.body().getBytes(UTF_8).length).isBetween(2_000, 3_999);
        assertThat(script.body()).contains("sendBeacon");
        assertThat(elsewhere.status()).isEqualTo(200);
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    @Test
    void letsAPageInWithAKeyThatIsForPages() throws IOException {
        // When
        Response inQuery = ask(keyed.port(), post(query(PAGE_KEY), "{\"id\":\"1\"}", SHOP));
        Response inHeader = ask(keyed.port(), post(PATH, "{\"id\":\"1\"}", SHOP, bearer(PAGE_KEY)));
        Response otherContract =
                ask(
                        keyed.port(),
                        post("/v1/events/car-telemetry", "{\"id\":\"1\"}", SHOP, bearer(PAGE_KEY)));
        Response without = ask(keyed.port(), post(PATH, "{\"id\":\"1\"}", SHOP));

        // Then
        assertThat(inQuery.status()).isEqualTo(202);
        assertThat(inHeader.status()).isEqualTo(202);
        assertThat(otherContract.status()).isEqualTo(403);
        assertThat(without.status()).isEqualTo(401);
    }

    @Test
    void keepsKeysOfPagesAndOfServersApart() throws IOException {
        // When
        Response serverKeyInPage =
                ask(keyed.port(), post(PATH, "{\"id\":\"1\"}", SHOP, bearer(SERVER_KEY)));
        Response pageKeyOfServer =
                ask(keyed.port(), post(PATH, "{\"id\":\"1\"}", bearer(PAGE_KEY)));
        Response keyInLogs = ask(keyed.port(), post(query(SERVER_KEY), "{\"id\":\"1\"}"));

        // Then
        assertThat(serverKeyInPage.status()).isEqualTo(403);
        assertThat(serverKeyInPage.body()).contains("door browser");
        assertThat(pageKeyOfServer.status()).isEqualTo(403);
        assertThat(keyInLogs.status()).isEqualTo(400);
        assertThat(keyInLogs.body())
                .contains("key-in-query")
                .doesNotContain(SERVER_KEY.text().substring(20));
    }

    private static String query(KeyToken key) {
        return PATH + "?ids=false&key=" + key.text();
    }

    private static String bearer(KeyToken key) {
        return "Authorization: Bearer " + key.text();
    }
}

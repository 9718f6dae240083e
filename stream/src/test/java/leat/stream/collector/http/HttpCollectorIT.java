package leat.stream.collector.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static leat.stream.collector.CollectorFixture.CARS;
import static leat.stream.collector.CollectorFixture.CARS_NEXT;
import static leat.stream.collector.CollectorFixture.CLICKS;
import static leat.stream.collector.http.RawClient.post;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import leat.core.event.EventHeaders;
import leat.core.event.Hash128;
import leat.stream.collector.CollectorFixture;
import leat.stream.collector.http.RawClient.Response;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HttpCollectorIT {

    private CollectorFixture collector;
    private RawClient client;

    @BeforeEach
    void open() throws IOException {
        collector = CollectorFixture.open(CollectorFixture.settings());
        client = new RawClient(collector.port());
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        collector.close();
    }

    @Test
    void storesOneObjectByteForByteUnderTheContractsId() throws IOException {
        // Given
        String event = "{ \"car\" : {\"id\":\"c7\"},\"seq\":3,\"speed\":1.50 }";

        // When
        Response response =
                client.send(post("/v1/events/car-telemetry.v1", " " + event + "\n")).read();

        // Then
        assertThat(response.status()).isEqualTo(202);
        assertThat(response.body())
                .isEqualTo(
                        """
                        {"accepted":1,"dead":0,"refused":0,"ids":["c7|3"],"deduplication":true,\
                        "problems":[]}
                        """);
        ConsumerRecord<byte[], byte[]> record = only(collector.raw(CARS));
        assertThat(record.value()).isEqualTo(event.getBytes(UTF_8));
        assertThat(new String(record.key(), UTF_8)).isEqualTo("c7");
        assertThat(record.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        assertThat(header(record, EventHeaders.ID)).isEqualTo("c7|3");
        assertThat(header(record, EventHeaders.SOURCE)).isEqualTo("car-telemetry");
        assertThat(header(record, EventHeaders.TYPE)).isEqualTo("car-telemetry");
        assertThat(header(record, EventHeaders.SPEC_VERSION)).isEqualTo("1.0");
        assertThat(header(record, EventHeaders.ID_ORIGIN)).isEqualTo("contract");
    }

    @Test
    void sendsAnUnversionedNameToTheNewestMajor() throws IOException {
        // When
        Response response = client.send(post("/v1/events/car-telemetry", "{\"id\":\"x\"}")).read();

        // Then
        assertThat(response.status()).isEqualTo(202);
        assertThat(collector.raw(CARS_NEXT)).hasSize(1);
        assertThat(collector.raw(CARS)).isEmpty();
    }

    @Test
    void makesIdsAndSaysThatTheyDoNotDeduplicate() throws IOException {
        // When
        Response response =
                client.send(post("/v1/events/clicks", "[{\"a\":1}, {\"b\":[2]} ]")).read();

        // Then
        assertThat(response.status()).isEqualTo(202);
        assertThat(response.body()).contains("\"accepted\":2", "\"deduplication\":false");
        assertThat(collector.raw(CLICKS))
                .extracting(record -> new String(record.value(), UTF_8))
                .containsExactlyInAnyOrder("{\"a\":1}", "{\"b\":[2]}");
        assertThat(collector.raw(CLICKS))
                .allSatisfy(record -> {
                    String id = header(record, EventHeaders.ID);
                    assertThat(id).matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab].*");
                    assertThat(new String(record.key(), UTF_8))
                            .isEqualTo(Hash128.of("clicks", id).toString());
                });
    }

    @Test
    void takesTheIdempotencyKeyWhereTheEventHasNoId() throws IOException {
        // When
        Response response =
                client.send(
                                post(
                                        "/v1/events/clicks",
                                        "{}\n\n{\"a\":2}\r\n",
                                        "Content-Type: application/x-ndjson; charset=utf-8",
                                        "Idempotency-Key: upload-1",
                                        "Idempotency-Index: 100"))
                        .read();

        // Then
        assertThat(response.body())
                .contains("\"ids\":[\"upload-1/100\",\"upload-1/101\"]", "\"deduplication\":true");
    }

    @Test
    void unpacksGzipAndZstd() throws IOException {
        // Given
        byte[] event = "{\"id\":\"packed\"}".getBytes(UTF_8);

        // When
        client.send(post("/v1/events/car-telemetry", gzip(event), "Content-Encoding: gzip"));
        client.send(
                post("/v1/events/car-telemetry", Zstd.compress(event), "Content-Encoding: zstd"));

        // Then
        assertThat(client.read(2)).extracting(Response::status).containsExactly(202, 202);
        assertThat(collector.raw(CARS_NEXT))
                .hasSize(2)
                .allSatisfy(record -> assertThat(record.value()).isEqualTo(event));
    }

    @Test
    void takesCloudEventsInAllThreeModes() throws IOException {
        // When
        client.send(
                post(
                        "/v1/events/clicks",
                        "{\"n\":1}",
                        "ce-specversion: 1.0",
                        "ce-id: b%201",
                        "ce-source: /web",
                        "ce-type: click",
                        "ce-time: 2026-05-04T03:02:01Z",
                        "ce-traceparent: 00-1-2-01"));
        client.send(
                post(
                        "/v1/events/clicks",
                        "{\"specversion\":\"1.0\",\"id\":\"s1\",\"source\":\"/web\","
                                + "\"type\":\"click\",\"data\": {\"n\" : 2} }",
                        "Content-Type: application/cloudevents+json"));
        client.send(
                post(
                        "/v1/events/clicks",
                        "[{\"specversion\":\"1.0\",\"id\":\"t1\",\"source\":\"/web\","
                                + "\"type\":\"click\",\"data_base64\":\"eyJuIjozfQ==\"}]",
                        "Content-Type: application/cloudevents-batch+json"));

        // Then
        assertThat(client.read(3)).extracting(Response::status).containsExactly(202, 202, 202);
        assertThat(collector.raw(CLICKS))
                .extracting(record ->
                        header(record, EventHeaders.ID) + " " + new String(record.value(), UTF_8))
                .containsExactlyInAnyOrder("b 1 {\"n\":1}", "s1 {\"n\" : 2}", "t1 {\"n\":3}");
        assertThat(collector.raw(CLICKS))
                .filteredOn(record -> header(record, EventHeaders.ID).equals("b 1"))
                .first()
                .satisfies(record -> {
                    assertThat(header(record, EventHeaders.TIME)).isEqualTo("2026-05-04T03:02:01Z");
                    assertThat(header(record, "ce_traceparent")).isEqualTo("00-1-2-01");
                });
    }

    @Test
    void keepsTheUntouchedPayloadOfABrokenEventAndNamesIt() throws IOException {
        // When
        Response response =
                client.send(post("/v1/events/car-telemetry", "[{\"id\":\"a\"}, {\"id\" 5}, 7]"))
                        .read();

        // Then
        assertThat(response.status()).isEqualTo(207);
        assertThat(response.body())
                .contains("\"accepted\":1,\"dead\":2", "{\"index\":1,\"status\":\"dead\"");
        assertThat(collector.raw(CARS_NEXT)).hasSize(1);
        assertThat(collector.dead(CARS_NEXT))
                .extracting(record -> new String(record.value(), UTF_8))
                .containsExactlyInAnyOrder("{\"id\" 5}", "7");
        assertThat(collector.dead(CARS_NEXT))
                .allSatisfy(record -> {
                    assertThat(header(record, EventHeaders.STAGE)).isEqualTo("collector");
                    assertThat(header(record, EventHeaders.CONTRACT_VERSION)).isEqualTo("2.0.0");
                    assertThat(header(record, EventHeaders.DEAD_ID)).hasSize(32);
                    assertThat(header(record, EventHeaders.REASONS)).startsWith("[{\"code\":");
                });
    }

    private static ConsumerRecord<byte[], byte[]> only(
            List<ConsumerRecord<byte[], byte[]>> records) {
        assertThat(records).hasSize(1);
        return records.getFirst();
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }
}

package leat.stream.collector.grpc;

import static leat.stream.collector.CollectorFixture.CLICKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import leat.client.Answer;
import leat.client.Batch;
import leat.client.ClientException;
import leat.client.ClientSettings;
import leat.client.Event;
import leat.client.EventResult;
import leat.client.EventSink;
import leat.client.LeatClient;
import leat.stream.collector.http.HttpDoor;
import leat.stream.send.ClientAccess;
import leat.stream.send.FileSender;
import leat.stream.send.InputSource;
import leat.stream.send.SendOptions;
import leat.stream.send.SendProgress;
import leat.stream.send.SendResult;
import leat.stream.send.SendSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The client library before a real collector: it makes no difference by which door.
final class ClientIT {

    private static GrpcFixture collector;
    private static HttpDoor http;

    @BeforeAll
    static void open() {
        collector = GrpcFixture.open();
        http = HttpDoor.open(collector.intake(), GrpcFixture.settings(), new PrometheusRegistry());
    }

    @AfterAll
    static void close() {
        http.close();
        collector.close();
    }

    private static LeatClient client(String scheme) {
        int port = scheme.equals("http") ? http.port() : collector.port();
        return LeatClient.open(
                URI.create(scheme + "://127.0.0.1:" + port),
                Optional.empty(),
                ClientSettings.DEFAULTS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "grpc"})
    void isToldWhatBecameOfEachEvent(String scheme) throws InterruptedException {
        try (LeatClient client = client(scheme)) {
            Batch batch =
                    new Batch(
                            "car-telemetry.v1",
                            "run-" + scheme,
                            5,
                            List.of(
                                    Event.json("{\"car\":{\"id\":\"c7\"},\n \"seq\":1}"),
                                    Event.json("{broken"),
                                    Event.json(
                                            "{\"car\":{\"id\":\"" + "x".repeat(2 << 20) + "\"}}"),
                                    Event.json("{\"car\":{\"id\":\"c7\"},\"seq\":2}")));

            Answer answer = client.send(batch);

            assertThat(EventResult.of(batch, answer))
                    .satisfiesExactly(
                            one -> assertThat(one).isEqualTo(new EventResult.Accepted(5, "c7|1")),
                            one ->
                                    assertThat(one)
                                            .isInstanceOfSatisfying(
                                                    EventResult.Dead.class,
                                                    dead ->
                                                            assertThat(
                                                                            dead.reasons()
                                                                                    .getFirst()
                                                                                    .code())
                                                                    .isEqualTo("malformed")),
                            one ->
                                    assertThat(one)
                                            .isInstanceOfSatisfying(
                                                    EventResult.Refused.class,
                                                    refused ->
                                                            assertThat(
                                                                            refused.reasons()
                                                                                    .getFirst()
                                                                                    .code())
                                                                    .isEqualTo("too-large")),
                            one -> assertThat(one).isEqualTo(new EventResult.Accepted(8, "c7|2")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "grpc"})
    void sendsCloudEventsAndEventsThatAreKnownByTheirPlace(String scheme) throws Exception {
        try (LeatClient client = client(scheme)) {
            List<EventResult> results = new ArrayList<>();
            EventSink sink = client.sink("clicks", "flow-" + scheme, results::add);
            try (SubmissionPublisher<Event> events = new SubmissionPublisher<>()) {
                events.subscribe(sink);
                for (int i = 0; i < 2_500; i++) {
                    events.submit(Event.json("{\"seq\":" + i + "}"));
                }
                events.submit(
                        Event.json("{\"seq\":1}")
                                .withIdentity("shop \"1\"", "ce-" + scheme)
                                .withAttribute("time", "2026-05-04T03:02:01Z")
                                .withAttribute("subject", "a\\b"));
            }

            assertThat(sink.done().toCompletableFuture().get(30, TimeUnit.SECONDS))
                    .isEqualTo(new EventSink.Totals(2_501, 0, 0));
            assertThat(results.get(2_499))
                    .isEqualTo(new EventResult.Accepted(2_499, "flow-" + scheme + "/2499"));
            assertThat(results.get(2_500))
                    .isEqualTo(new EventResult.Accepted(2_500, "ce-" + scheme));
            assertThat(collector.raw(CLICKS))
                    .filteredOn(record -> GrpcFixture.id(record).equals("ce-" + scheme))
                    .singleElement()
                    .satisfies(record -> {
                        assertThat(record.value()).asString().isEqualTo("{\"seq\":1}");
                        assertThat(record.headers().lastHeader("ce_source").value())
                                .asString()
                                .isEqualTo("shop \"1\"");
                        assertThat(record.headers().lastHeader("ce_subject").value())
                                .asString()
                                .isEqualTo("a\\b");
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "grpc"})
    void cutsWhatIsTooLargeForOneRequest(String scheme) throws InterruptedException {
        try (LeatClient client = client(scheme)) {
            List<Event> events = new ArrayList<>();
            for (int i = 0; i < 15; i++) {
                events.add(
                        Event.json("{\"seq\":" + i + ",\"p\":\"" + "x".repeat(1_000_000) + "\"}"));
            }

            Answer answer = client.send(new Batch("clicks", "large-" + scheme, 0, events));

            assertThat(answer.accepted()).isEqualTo(15);
            assertThat(answer.ids()).startsWith("large-" + scheme + "/0").hasSize(15);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "grpc"})
    void bringsFilesOfLeatSend(String scheme, @TempDir Path folder) throws Exception {
        Path file = folder.resolve(scheme + ".jsonl");
        Files.writeString(file, "{\"seq\":1}\n{\"seq\":2}\n{broken\n");
        int port = scheme.equals("http") ? http.port() : collector.port();
        FileSender sender =
                new FileSender(
                        URI.create(scheme + "://127.0.0.1:" + port),
                        CLICKS,
                        SendSettings.DEFAULTS,
                        ClientAccess.NONE);

        SendResult result =
                sender.send(
                        List.of(new InputSource.File(file)),
                        new SendOptions(
                                Optional.empty(),
                                OptionalDouble.empty(),
                                1,
                                Optional.of(scheme),
                                folder),
                        SendProgress.NONE);

        assertThat(result.accepted()).isEqualTo(2);
        assertThat(result.dead()).isEqualTo(1);
        assertThat(result.repeatable()).isTrue();
        assertThat(result.rejections().getFirst().examples().getFirst().line()).isEqualTo(3);
        assertThat(collector.raw(CLICKS))
                .extracting(GrpcFixture::id)
                .filteredOn(id -> id.startsWith(scheme + "-"))
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "grpc"})
    void saysWhatTheCollectorSays(String scheme) {
        try (LeatClient client = client(scheme)) {
            assertThatThrownBy(() ->
                            client.send(new Batch("clickz", "k", 0, List.of(Event.json("{}")))))
                    .isInstanceOfSatisfying(
                            ClientException.Refused.class,
                            refused -> assertThat(refused.code()).isEqualTo("no-such-contract"))
                    .hasMessageContaining("if that was meant");
        }
    }
}

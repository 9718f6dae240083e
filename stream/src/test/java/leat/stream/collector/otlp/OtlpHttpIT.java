package leat.stream.collector.otlp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static leat.stream.collector.http.RawClient.post;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Status;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporterBuilder;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.BatchLogRecordProcessor;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import leat.core.contract.Contract;
import leat.core.event.EventHeaders;
import leat.stream.collector.access.Access;
import leat.stream.collector.access.Caller;
import leat.stream.collector.access.Credentials;
import leat.stream.collector.access.Denial;
import leat.stream.collector.http.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// OpenTelemetry's own exporter, and what it would be told, on the HTTP door.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class OtlpHttpIT {

    private static final String JSON = "Content-Type: application/json";
    private static final Resource SHOP =
            Resource.create(
                    Attributes.of(
                            AttributeKey.stringKey("service.name"),
                            "shop",
                            AttributeKey.stringKey("zone"),
                            "b"));

    private TelemetryFixture collector;

    @BeforeEach
    void open() {
        collector = TelemetryFixture.open();
    }

    @AfterEach
    void close() {
        collector.close();
    }

    private String url(String path) {
        return "http://127.0.0.1:" + collector.port() + path;
    }

    @Test
    void logsOfTheSdkAreInTheLogWhenItWasFlushed() {
        OtlpHttpLogRecordExporter exporter =
                OtlpHttpLogRecordExporter.builder()
                        .setEndpoint(url("/v1/logs"))
                        .setCompression("gzip")
                        .build();
        try (SdkLoggerProvider provider =
                SdkLoggerProvider.builder()
                        .setResource(SHOP)
                        .addLogRecordProcessor(BatchLogRecordProcessor.builder(exporter).build())
                        .build()) {
            for (int i = 0; i < 1000; i++) {
                provider.get("shop.cart")
                        .logRecordBuilder()
                        .setSeverity(Severity.WARN)
                        .setBody("order " + i)
                        .setAttribute(AttributeKey.longKey("items"), (long) i)
                        .emit();
            }
            assertThat(provider.forceFlush().join(30, TimeUnit.SECONDS).isSuccess()).isTrue();
        }

        List<JsonNode> events = collector.events(TelemetryContracts.LOGS);
        assertThat(events.stream().map(event -> event.path("body").asString()).distinct())
                .hasSize(1000);
        assertThat(events)
                .hasSize(1000)
                .allMatch(event -> event.path("service").asString().equals("shop"));
        assertThat(collector.dead(TelemetryContracts.LOGS)).isEmpty();
    }

    @Test
    void metricsOfTheSdkAreInTheLogWhenItWasFlushed() {
        OtlpHttpMetricExporter exporter =
                OtlpHttpMetricExporter.builder().setEndpoint(url("/v1/metrics")).build();
        try (SdkMeterProvider provider =
                SdkMeterProvider.builder()
                        .setResource(SHOP)
                        .registerMetricReader(
                                PeriodicMetricReader.builder(exporter)
                                        .setInterval(Duration.ofHours(1))
                                        .build())
                        .build()) {
            Meter meter = provider.get("shop");
            meter.counterBuilder("orders")
                    .build()
                    .add(3, Attributes.of(AttributeKey.stringKey("channel"), "web"));
            meter.histogramBuilder("latency").setUnit("s").build().record(0.3);
            meter.gaugeBuilder("stock").build().set(17.5);
            assertThat(provider.forceFlush().join(30, TimeUnit.SECONDS).isSuccess()).isTrue();
        }

        List<JsonNode> events = collector.events(TelemetryContracts.METRICS);
        assertThat(events.stream().map(event -> event.path("metric").asString()))
                .contains("orders", "latency", "stock");
        assertThat(collector.dead(TelemetryContracts.METRICS)).isEmpty();
        JsonNode orders =
                events.stream()
                        .filter(event -> event.path("metric").asString().equals("orders"))
                        .findFirst()
                        .orElseThrow();
        assertThat(orders.path("value").asInt()).isEqualTo(3);
        assertThat(orders.path("monotonic").asBoolean()).isTrue();
        assertThat(orders.path("attributes").path(0).path("value").asString()).isEqualTo("web");
    }

    @Test
    void rejectedRecordsAreToldAsPartialSuccessAndKept() throws Exception {
        try (RawClient client = new RawClient(collector.port())) {
            RawClient.Response response =
                    client.send(
                                    post(
                                            "/v1/metrics",
                                            """
                                            {"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"m","gauge":{"dataPoints":[
                                              {"timeUnixNano":"1764237600000000000","asDouble":1},
                                              {"timeUnixNano":"1764237600000000000","asDouble":"NaN"},
                                              {"asInt":"4"}]}}]}]}]}
                                            """,
                                            JSON))
                            .read();

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.headers()).containsEntry("content-type", "application/json");
            assertThat(response.body())
                    .contains(
                            "\"rejectedDataPoints\":\"2\"",
                            "record 1: value it is NaN",
                            "record 2: time the data point has no time");
        }
        assertThat(collector.events(TelemetryContracts.METRICS)).hasSize(1);
        assertThat(collector.dead(TelemetryContracts.METRICS)).hasSize(2);
    }

    @Test
    void aRequestThatIsSentAgainHasTheSameIdentities() throws Exception {
        String body =
                "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":["
                        + "{\"timeUnixNano\":\"1764237600000000000\",\"body\":{\"stringValue\":\"a\"}},"
                        + "{\"timeUnixNano\":\"1764237600000000000\",\"body\":{\"stringValue\":\"a\"}}"
                        + "]}]}]}";
        try (RawClient client = new RawClient(collector.port())) {
            for (int i = 0; i < 2; i++) {
                RawClient.Response response = client.send(post("/v1/logs", body, JSON)).read();
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.body()).isEqualTo("{}");
            }
        }

        assertThat(ids(TelemetryContracts.LOGS)).hasSize(4);
        assertThat(ids(TelemetryContracts.LOGS).stream().distinct()).hasSize(2);
    }

    private List<String> ids(Contract contract) {
        return collector.records(contract).stream()
                .map(record ->
                        new String(record.headers().lastHeader(EventHeaders.ID).value(), UTF_8))
                .toList();
    }

    @Test
    void refusalsAreStatusesInTheRequestsEncoding() throws Exception {
        try (RawClient client = new RawClient(collector.port())) {
            RawClient.Response json =
                    client.send(post("/v1/logs", "{\"resourceLogs\":", JSON)).read();
            RawClient.Response protobuf =
                    client.send(
                                    post(
                                            "/v1/logs",
                                            "no protobuf",
                                            "Content-Type: application/x-protobuf"))
                            .read();
            RawClient.Response type =
                    client.send(post("/v1/logs", "x", "Content-Type: text/plain")).read();
            RawClient.Response traces = client.send(post("/v1/traces", "{}", JSON)).read();

            assertThat(json.status()).isEqualTo(400);
            assertThat(json.body()).startsWith("{\"code\":3,\"message\":\"not JSON");
            assertThat(protobuf.status()).isEqualTo(400);
            assertThat(Status.parseFrom(protobuf.body().getBytes(UTF_8)).getMessage())
                    .contains("not Protobuf of an export request");
            assertThat(type.status()).isEqualTo(415);
            assertThat(traces.status()).isEqualTo(404);
        }
    }

    @Test
    void anEmptyRequestIsAnsweredWithAnEmptyResponse() throws Exception {
        try (RawClient client = new RawClient(collector.port())) {
            RawClient.Response response =
                    client.send(post("/v1/logs", "", "Content-Type: application/x-protobuf"))
                            .read();

            assertThat(response.status()).isEqualTo(200);
            assertThat(ExportLogsServiceResponse.parseFrom(response.body().getBytes(UTF_8)))
                    .isEqualTo(ExportLogsServiceResponse.getDefaultInstance());
        }
    }

    @Test
    void aRequestThatCameThroughAProxyIsAnsweredAsAnExport() throws Exception {
        try (RawClient client = new RawClient(collector.port())) {
            RawClient.Response accepted =
                    client.send(post("http://test/v1/logs?ids=true", "{}", JSON)).read();
            RawClient.Response refused =
                    client.send(post("http://test/v1/logs", "{\"resourceLogs\":", JSON)).read();

            assertThat(accepted.status()).isEqualTo(200);
            assertThat(accepted.body()).isEqualTo("{}");
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.body()).startsWith("{\"code\":3,\"message\":\"not JSON");
        }
    }

    @Test
    void whoHasNoKeyIsRefusedWhereKeysAreAskedFor() {
        Access keys =
                (_, credentials) ->
                        credentials instanceof Credentials.Key(String secret)
                                        && secret.equals("s3cret")
                                ? new Access.Admission.Admitted(Caller.ANYONE)
                                : new Access.Admission.Denied(
                                        new Denial(
                                                Denial.Kind.UNAUTHENTICATED, "no key", "send one"));
        try (TelemetryFixture guarded = TelemetryFixture.open(keys)) {
            export(guarded, "without", Optional.empty());
            export(guarded, "with", Optional.of("s3cret"));

            assertThat(guarded.events(TelemetryContracts.LOGS))
                    .extracting(event -> event.path("body").asString())
                    .containsExactly("with");
        }
    }

    private static void export(TelemetryFixture guarded, String body, Optional<String> key) {
        OtlpHttpLogRecordExporterBuilder builder =
                OtlpHttpLogRecordExporter.builder()
                        .setEndpoint("http://127.0.0.1:" + guarded.port() + "/v1/logs");
        key.ifPresent(secret -> builder.addHeader("Authorization", "Bearer " + secret));
        try (SdkLoggerProvider provider =
                SdkLoggerProvider.builder()
                        .addLogRecordProcessor(
                                BatchLogRecordProcessor.builder(builder.build()).build())
                        .build()) {
            provider.get("t").logRecordBuilder().setBody(body).emit();
            assertThat(provider.forceFlush().join(30, TimeUnit.SECONDS).isDone()).isTrue();
        }
    }
}

package leat.stream.collector.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Message;
import com.google.rpc.RetryInfo;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.logs.OtlpGrpcLogRecordExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.BatchLogRecordProcessor;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import leat.stream.collector.CollectorSettings;
import leat.stream.collector.InFlight;
import leat.stream.collector.access.Access;
import leat.stream.collector.access.Caller;
import leat.stream.collector.access.Credentials;
import leat.stream.collector.access.Denial;
import leat.stream.collector.access.DoorKind;
import leat.stream.collector.otlp.OtlpSettings;
import leat.stream.collector.otlp.OtlpSignal;
import leat.stream.collector.otlp.TelemetryContracts;
import leat.stream.collector.otlp.TelemetryFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// OpenTelemetry's own exporter, and what it would be told, on the gRPC door.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class OtlpGrpcIT {

    private final TelemetryFixture collector = TelemetryFixture.open(OtlpGrpcIT::admit);
    private final GrpcDoor door = door(collector.settings());

    private GrpcDoor door(CollectorSettings settings) {
        return GrpcDoor.open(
                collector.intake(),
                settings.withGrpc(settings.grpc().withPort(0)),
                new PrometheusRegistry());
    }

    /// Who shows `wrong` is nobody.
    private static Access.Admission admit(DoorKind kind, Credentials credentials) {
        return credentials instanceof Credentials.Key(String secret) && secret.equals("wrong")
                ? new Access.Admission.Denied(
                        new Denial(Denial.Kind.UNAUTHENTICATED, "no such key", "send another"))
                : new Access.Admission.Admitted(Caller.ANYONE);
    }

    @AfterEach
    void close() {
        door.close();
        assertThat(collector.intake().bytesInFlight().taken()).isZero();
        assertThat(collector.intake().requestsInFlight().taken()).isZero();
        collector.close();
    }

    private static ExportLogsServiceRequest logs(LogRecord... records) {
        return ExportLogsServiceRequest.newBuilder()
                .addResourceLogs(
                        ResourceLogs.newBuilder()
                                .addScopeLogs(
                                        ScopeLogs.newBuilder().addAllLogRecords(List.of(records))))
                .build();
    }

    private static LogRecord log(String body) {
        return LogRecord.newBuilder()
                .setTimeUnixNano(1_764_237_600_000_000_000L)
                .setBody(AnyValue.newBuilder().setStringValue(body))
                .build();
    }

    private LogsServiceGrpc.LogsServiceBlockingStub stub(ManagedChannel channel) {
        return LogsServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    @Test
    void logsOfTheSdkAreInTheLogWhenItWasFlushed() {
        OtlpGrpcLogRecordExporter exporter =
                OtlpGrpcLogRecordExporter.builder()
                        .setEndpoint("http://127.0.0.1:" + door.port())
                        .setCompression("gzip")
                        .addHeader("authorization", "Bearer right")
                        .build();
        try (SdkLoggerProvider provider =
                SdkLoggerProvider.builder()
                        .addLogRecordProcessor(BatchLogRecordProcessor.builder(exporter).build())
                        .build()) {
            for (int i = 0; i < 1000; i++) {
                provider.get("shop").logRecordBuilder().setBody("order " + i).emit();
            }
            assertThat(provider.forceFlush().join(30, TimeUnit.SECONDS).isDone()).isTrue();
        }

        List<JsonNode> events = collector.events(TelemetryContracts.LOGS);
        assertThat(events.stream().map(event -> event.path("body").asString()).distinct())
                .hasSize(1000);
        assertThat(events).hasSize(1000);
    }

    @Test
    void metricsOfTheSdkAreInTheLogWhenItWasFlushed() {
        OtlpGrpcMetricExporter exporter =
                OtlpGrpcMetricExporter.builder()
                        .setEndpoint("http://127.0.0.1:" + door.port())
                        .build();
        try (SdkMeterProvider provider =
                SdkMeterProvider.builder()
                        .registerMetricReader(
                                PeriodicMetricReader.builder(exporter)
                                        .setInterval(Duration.ofHours(1))
                                        .build())
                        .build()) {
            provider.get("shop")
                    .counterBuilder("orders")
                    .build()
                    .add(3, Attributes.of(AttributeKey.stringKey("channel"), "web"));
            assertThat(provider.forceFlush().join(30, TimeUnit.SECONDS).isDone()).isTrue();
        }

        assertThat(collector.events(TelemetryContracts.METRICS))
                .filteredOn(event -> event.path("metric").asString().equals("orders"))
                .isNotEmpty()
                .allSatisfy(event -> assertThat(event.path("value").asInt()).isEqualTo(3));
    }

    @Test
    void rejectedRecordsAreToldAsPartialSuccess() throws Exception {
        ManagedChannel channel = GrpcFixture.channel(door.port());
        try {
            String large = "x".repeat(1 << 20);

            ExportLogsServiceResponse response =
                    stub(channel).export(logs(log("a"), log(large), log("b")));
            ExportLogsServiceResponse whole = stub(channel).export(logs(log("c")));
            ExportLogsServiceResponse empty = stub(channel).export(logs());

            assertThat(response.getPartialSuccess().getRejectedLogRecords()).isEqualTo(1);
            assertThat(response.getPartialSuccess().getErrorMessage()).contains("record 1");
            assertThat(whole.hasPartialSuccess()).isFalse();
            assertThat(empty.hasPartialSuccess()).isFalse();
            assertThat(collector.events(TelemetryContracts.LOGS)).hasSize(3);
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void whatWouldPassIsToBeSentAgainAndWhatWouldNotIsNot() {
        ManagedChannel channel = GrpcFixture.channel(door.port());
        try {
            long all = collector.settings().limits().inFlightSize().bytes();
            collector.intake().requestsInFlight().take(1_000_000);
            StatusRuntimeException busy =
                    catchThrowableOfType(
                            StatusRuntimeException.class,
                            () -> stub(channel).export(logs(log("a"))));
            collector.intake().requestsInFlight().giveBack(1_000_000);
            collector.intake().bytesInFlight().take(all);
            StatusRuntimeException full =
                    catchThrowableOfType(
                            StatusRuntimeException.class,
                            () -> stub(channel).export(logs(log("a"))));
            collector.intake().bytesInFlight().giveBack(all);
            LogRecord[] many = new LogRecord[10_001];
            Arrays.fill(many, log("x"));
            StatusRuntimeException tooMany =
                    catchThrowableOfType(
                            StatusRuntimeException.class, () -> stub(channel).export(logs(many)));

            assertThat(busy.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(Objects.requireNonNull(StatusProto.fromThrowable(busy)).getDetailsList())
                    .anyMatch(detail -> detail.is(RetryInfo.class));
            // Met while the bytes arrive, or when they are unpacked; exporters send both again.
            assertThat(full.getStatus().getCode())
                    .isIn(Status.Code.UNAVAILABLE, Status.Code.RESOURCE_EXHAUSTED);
            assertThat(tooMany.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(tooMany.getStatus().getDescription()).contains("more than 10000 records");
            assertThat(stub(channel).export(logs(log("a"))).hasPartialSuccess()).isFalse();
            assertThat(collector.events(TelemetryContracts.LOGS)).hasSize(1);
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void whoHasNoRightKeyIsRefused() {
        Metadata headers = new Metadata();
        headers.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer wrong");
        ManagedChannel channel = GrpcFixture.channel(door.port());
        try {
            StatusRuntimeException refused =
                    catchThrowableOfType(
                            StatusRuntimeException.class,
                            () ->
                                    stub(channel)
                                            .withInterceptors(
                                                    MetadataUtils.newAttachHeadersInterceptor(
                                                            headers))
                                            .export(logs(log("a"))));

            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(collector.events(TelemetryContracts.LOGS)).isEmpty();
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void whoSendsToAContractThatHasEndedIsToldSinceWhenAndWhatComesNext() {
        try (TelemetryFixture ended = TelemetryFixture.open(TelemetryContracts.ENDED_LOGS);
                GrpcDoor late =
                        GrpcDoor.open(
                                ended.intake(),
                                ended.settings().withGrpc(ended.settings().grpc().withPort(0)),
                                new PrometheusRegistry())) {
            ManagedChannel channel = GrpcFixture.channel(late.port());
            try {
                StatusRuntimeException refused =
                        catchThrowableOfType(
                                StatusRuntimeException.class,
                                () -> stub(channel).export(logs(log("a"))));

                assertThat(refused.getStatus().getCode())
                        .isEqualTo(Status.Code.FAILED_PRECONDITION);
                assertThat(refused.getStatus().getDescription())
                        .isEqualTo(
                                "the contract log-record.v1 has taken no events since 2025-06-01;"
                                        + " send to log-line.v2");
            } finally {
                channel.shutdownNow();
            }
        }
    }

    @Test
    void exportsAreAmongTheCallsThatMayBeOpen() {
        PrometheusRegistry registry = new PrometheusRegistry();
        CollectorSettings oneCall =
                collector
                        .settings()
                        .withGrpc(
                                new GrpcSettings(
                                        true,
                                        "127.0.0.1",
                                        0,
                                        1,
                                        16,
                                        Duration.ofMinutes(5),
                                        Duration.ofSeconds(30)));
        GrpcDoor narrow = GrpcDoor.open(collector.intake(), oneCall, registry);
        ManagedChannel channel = GrpcFixture.channel(narrow.port());
        try {
            ClientCall<ExportLogsServiceRequest, ExportLogsServiceResponse> open =
                    openExport(channel);
            await(() -> openCalls(registry) == 1);

            StatusRuntimeException refused =
                    catchThrowableOfType(
                            StatusRuntimeException.class,
                            () ->
                                    MetricsServiceGrpc.newBlockingStub(channel)
                                            .withDeadlineAfter(30, TimeUnit.SECONDS)
                                            .export(
                                                    ExportMetricsServiceRequest
                                                            .getDefaultInstance()));
            open.cancel("the test has seen it", null);
            await(() -> openCalls(registry) == 0);

            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(refused.getStatus().getDescription()).contains("open calls");
            assertThat(stub(channel).export(logs(log("a"))).hasPartialSuccess()).isFalse();
        } finally {
            channel.shutdownNow();
            narrow.close();
        }
    }

    @Test
    void aMessageThatIsDeliveredWhileItsCallIsRefusedHoldsNothing() {
        InFlight bytes = collector.intake().bytesInFlight();
        InboundBytes arriving =
                (InboundBytes)
                        InboundBytes.factory("s", bytes)
                                .newServerStreamTracer("s/Export", new Metadata());
        try (ScheduledExecutorService threads = Executors.newSingleThreadScheduledExecutor()) {
            ExportCall call = new ExportCall(parts(threads), new UnheardCall(), arriving);
            call.start(Caller.ANYONE);
            arriving.inboundWireSize(100);

            call.checkPatience(System.nanoTime() + 1_000_000_000, Duration.ofMillis(1));
            call.onMessage(new byte[100]);
            call.onComplete();
            arriving.streamClosed(Status.OK);
        }

        assertThat(bytes.taken()).isZero();
    }

    private ExportHandler.Parts parts(ScheduledExecutorService threads) {
        GrpcMetrics metrics = new GrpcMetrics(new PrometheusRegistry(), () -> 0);
        return new ExportHandler.Parts(
                OtlpService.of(OtlpSignal.LOGS),
                collector.intake().inlets().find("log-record").orElseThrow(),
                new CallDoor(
                        collector.intake(),
                        GrpcSettings.defaults(),
                        threads,
                        metrics,
                        ConcurrentHashMap.newKeySet()));
    }

    /// A call whose client reads nothing.
    private static final class UnheardCall extends ServerCall<byte[], Message> {

        @Override
        public void request(int messages) {}

        @Override
        public void sendHeaders(Metadata headers) {}

        @Override
        public void sendMessage(Message message) {}

        @Override
        public void close(Status status, Metadata trailers) {}

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public MethodDescriptor<byte[], Message> getMethodDescriptor() {
            throw new UnsupportedOperationException();
        }
    }

    /// Opens an export and sends nothing, as a stream: calls of one message are not even begun
    /// before there is one.
    private static ClientCall<ExportLogsServiceRequest, ExportLogsServiceResponse> openExport(
            ManagedChannel channel) {
        ClientCall<ExportLogsServiceRequest, ExportLogsServiceResponse> call =
                channel.newCall(
                        LogsServiceGrpc.getExportMethod().toBuilder()
                                .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                                .build(),
                        CallOptions.DEFAULT);
        call.start(new ClientCall.Listener<>() {}, new Metadata());
        return call;
    }

    private static double openCalls(PrometheusRegistry registry) {
        return registry.scrape(name -> name.equals("leat_collector_grpc_open_calls")).stream()
                .map(GaugeSnapshot.class::cast)
                .flatMap(gauge -> gauge.getDataPoints().stream())
                .mapToDouble(GaugeSnapshot.GaugeDataPointSnapshot::getValue)
                .sum();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }

    @Test
    void aSignalWithoutAContractIsNotTaken() {
        GrpcDoor without = door(collector.settings().withOtlp(OtlpSettings.OFF));
        ManagedChannel channel = GrpcFixture.channel(without.port());
        try {
            StatusRuntimeException refused =
                    catchThrowableOfType(
                            StatusRuntimeException.class,
                            () ->
                                    MetricsServiceGrpc.newBlockingStub(channel)
                                            .withDeadlineAfter(30, TimeUnit.SECONDS)
                                            .export(
                                                    ExportMetricsServiceRequest
                                                            .getDefaultInstance()));

            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
        } finally {
            channel.shutdownNow();
            without.close();
        }
    }
}

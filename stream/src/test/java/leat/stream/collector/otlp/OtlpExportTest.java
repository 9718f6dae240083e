package leat.stream.collector.otlp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogram;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.metrics.v1.Summary;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import io.opentelemetry.proto.resource.v1.Resource;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import leat.core.config.DataSize;
import leat.core.contract.Contract;
import leat.core.outcome.Outcome;
import leat.core.validate.Validator;
import leat.stream.collector.IncomingEvent;
import leat.stream.collector.Limits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OtlpExportTest {

    private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");
    private static final long NANOS = 1_764_237_600_123_456_789L;
    private static final Limits LIMITS = Limits.defaults();
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";

    private static KeyValue text(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    private static Resource resource() {
        return Resource.newBuilder()
                .addAttributes(text("service.name", "shop"))
                .addAttributes(text("host.name", "m1"))
                .addAttributes(text("deployment.environment", "prod \"eu\""))
                .build();
    }

    private static LogRecord.Builder log(String body) {
        return LogRecord.newBuilder()
                .setTimeUnixNano(NANOS)
                .setObservedTimeUnixNano(NANOS + 1)
                .setSeverityNumber(SeverityNumber.SEVERITY_NUMBER_ERROR)
                .setSeverityText("ERROR")
                .setBody(AnyValue.newBuilder().setStringValue(body))
                .setTraceId(ByteString.copyFrom(HexFormat.of().parseHex(TRACE)))
                .setSpanId(ByteString.copyFrom(HexFormat.of().parseHex(SPAN)))
                .addAttributes(text("user", "ä\n\u0001"));
    }

    private static ExportLogsServiceRequest logs(LogRecord.Builder... records) {
        ScopeLogs.Builder scope =
                ScopeLogs.newBuilder()
                        .setScope(InstrumentationScope.newBuilder().setName("shop.cart"));
        for (LogRecord.Builder record : records) {
            scope.addLogRecords(record);
        }
        return ExportLogsServiceRequest.newBuilder()
                .addResourceLogs(
                        ResourceLogs.newBuilder().setResource(resource()).addScopeLogs(scope))
                .build();
    }

    private static ExportMetricsServiceRequest metrics(Metric.Builder... metrics) {
        ScopeMetrics.Builder scope = ScopeMetrics.newBuilder();
        for (Metric.Builder metric : metrics) {
            scope.addMetrics(metric);
        }
        return ExportMetricsServiceRequest.newBuilder()
                .addResourceMetrics(
                        ResourceMetrics.newBuilder().setResource(resource()).addScopeMetrics(scope))
                .build();
    }

    private static ExportMetricsServiceRequest allKinds() {
        return metrics(
                Metric.newBuilder()
                        .setName("cpu")
                        .setUnit("1")
                        .setGauge(
                                Gauge.newBuilder()
                                        .addDataPoints(number().setAsDouble(0.25))
                                        .addDataPoints(number().setFlags(1))),
                Metric.newBuilder()
                        .setName("requests")
                        .setSum(
                                Sum.newBuilder()
                                        .setIsMonotonic(true)
                                        .setAggregationTemporality(
                                                AggregationTemporality
                                                        .AGGREGATION_TEMPORALITY_CUMULATIVE)
                                        .addDataPoints(
                                                number().setAsInt(42)
                                                        .setStartTimeUnixNano(NANOS - 5)
                                                        .addAttributes(text("path", "/a")))),
                Metric.newBuilder()
                        .setName("latency")
                        .setHistogram(
                                Histogram.newBuilder()
                                        .setAggregationTemporality(
                                                AggregationTemporality
                                                        .AGGREGATION_TEMPORALITY_DELTA)
                                        .addDataPoints(
                                                HistogramDataPoint.newBuilder()
                                                        .setTimeUnixNano(NANOS)
                                                        .setCount(3)
                                                        .setSum(1.5)
                                                        .setMin(0.1)
                                                        .setMax(1)
                                                        .addExplicitBounds(0.5)
                                                        .addBucketCounts(2)
                                                        .addBucketCounts(1))),
                Metric.newBuilder()
                        .setName("sizes")
                        .setExponentialHistogram(
                                ExponentialHistogram.newBuilder()
                                        .addDataPoints(
                                                ExponentialHistogramDataPoint.newBuilder()
                                                        .setTimeUnixNano(NANOS)
                                                        .setCount(3)
                                                        .setScale(2)
                                                        .setZeroCount(1)
                                                        .setPositive(
                                                                ExponentialHistogramDataPoint
                                                                        .Buckets.newBuilder()
                                                                        .setOffset(-3)
                                                                        .addBucketCounts(2)))),
                Metric.newBuilder()
                        .setName("rpc")
                        .setSummary(
                                Summary.newBuilder()
                                        .addDataPoints(
                                                SummaryDataPoint.newBuilder()
                                                        .setTimeUnixNano(NANOS)
                                                        .setCount(2)
                                                        .setSum(4)
                                                        .addQuantileValues(
                                                                SummaryDataPoint.ValueAtQuantile
                                                                        .newBuilder()
                                                                        .setQuantile(0.5)
                                                                        .setValue(2)))));
    }

    private static NumberDataPoint.Builder number() {
        return NumberDataPoint.newBuilder().setTimeUnixNano(NANOS);
    }

    /// A request as OTLP writes it: in its JSON ids are hexadecimal.
    private static byte[] bytes(Message request, OtlpEncoding encoding)
            throws InvalidProtocolBufferException {
        return switch (encoding) {
            case PROTOBUF -> request.toByteArray();
            case JSON ->
                    JsonFormat.printer()
                            .print(request)
                            .replace(base64(TRACE), TRACE)
                            .replace(base64(SPAN), SPAN)
                            .getBytes(UTF_8);
        };
    }

    private static String base64(String hex) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    }

    private static List<String> payloads(OtlpExport export) {
        return export.events().stream().map(event -> new String(event.payload(), UTF_8)).toList();
    }

    private static void assertKeeps(Contract contract, OtlpExport export) {
        Validator validator = Validator.forRaw(contract);
        for (IncomingEvent event : export.events()) {
            assertThat(validator.validate(event.payload()))
                    .as(new String(event.payload(), UTF_8))
                    .isInstanceOf(Outcome.Valid.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLogRecordIsAnEventOfItsContract(OtlpEncoding encoding) throws Exception {
        byte[] body = bytes(logs(log("it broke"), log("again")), encoding);

        OtlpExport export = OtlpExport.read(OtlpSignal.LOGS, encoding, body, LIMITS, NOW);

        assertThat(payloads(export))
                .hasSize(2)
                .first()
                .isEqualTo(
                        "{\"time\":\"2025-11-27T10:00:00.123456789Z\","
                                + "\"observed_time\":\"2025-11-27T10:00:00.123456790Z\","
                                + "\"severity_number\":17,\"severity\":\"ERROR\","
                                + "\"body\":\"it broke\","
                                + "\"trace_id\":\""
                                + TRACE
                                + "\",\"span_id\":\""
                                + SPAN
                                + "\",\"service\":\"shop\",\"host\":\"m1\","
                                + "\"resource\":[{\"key\":\"deployment.environment\",\"value\":\"prod"
                                + " \\\"eu\\\"\"}],\"scope\":\"shop.cart\","
                                + "\"attributes\":[{\"key\":\"user\",\"value\":\"ä\\u000a\\u0001\"}],"
                                + "\"format\":\"otlp\"}");
        assertKeeps(TelemetryContracts.LOGS, export);
    }

    @ParameterizedTest
    @EnumSource
    void dataPointsOfEveryKindAreEventsOfTheirContract(OtlpEncoding encoding) throws Exception {
        byte[] body = bytes(allKinds(), encoding);

        OtlpExport export = OtlpExport.read(OtlpSignal.METRICS, encoding, body, LIMITS, NOW);

        List<String> payloads = payloads(export);
        assertThat(payloads).hasSize(6);
        assertThat(payloads.get(0)).contains("\"metric\":\"cpu\"", "\"value\":0.25");
        assertThat(payloads.get(1)).contains("\"metric\":\"cpu\"").doesNotContain("value\":0");
        assertThat(payloads.get(2))
                .contains(
                        "\"kind\":\"sum\",\"monotonic\":true,\"temporality\":\"cumulative\"",
                        "\"value\":42",
                        "\"attributes\":[{\"key\":\"path\",\"value\":\"/a\"}]");
        assertThat(payloads.get(3)).contains("\"bounds\":[0.5]", "\"bucket_counts\":[2,1]");
        assertThat(payloads.get(4)).contains("\"positive_offset\":-3,\"positive_counts\":[2]");
        assertThat(payloads.get(5)).contains("\"quantiles\":[0.5],\"quantile_values\":[2.0]");
        assertKeeps(TelemetryContracts.METRICS, export);
        assertThat(export.events()).allMatch(event -> event.faults().isEmpty());
    }

    @Test
    void bothEncodingsMeanTheSame() throws Exception {
        LogRecord.Builder structured =
                log("x").setBody(
                                AnyValue.newBuilder()
                                        .setKvlistValue(
                                                KeyValueList.newBuilder()
                                                        .addValues(text("a", "1"))
                                                        .addValues(
                                                                KeyValue.newBuilder()
                                                                        .setKey("b")
                                                                        .setValue(list()))));
        OtlpExport fromProtobuf =
                read(OtlpSignal.LOGS, OtlpEncoding.PROTOBUF, logs(structured, log("y")));
        OtlpExport fromJson = read(OtlpSignal.LOGS, OtlpEncoding.JSON, logs(structured, log("y")));
        OtlpExport points = read(OtlpSignal.METRICS, OtlpEncoding.PROTOBUF, allKinds());
        OtlpExport pointsOfJson = read(OtlpSignal.METRICS, OtlpEncoding.JSON, allKinds());

        assertThat(payloads(fromJson)).isEqualTo(payloads(fromProtobuf));
        assertThat(payloads(fromJson).getFirst())
                .contains("\"body\":\"{\\\"a\\\":\\\"1\\\",\\\"b\\\":[true,7,1.5,\\\"NaN\\\"]}\"");
        assertThat(payloads(pointsOfJson)).isEqualTo(payloads(points));
    }

    private static AnyValue list() {
        return AnyValue.newBuilder()
                .setArrayValue(
                        ArrayValue.newBuilder()
                                .addValues(AnyValue.newBuilder().setBoolValue(true))
                                .addValues(AnyValue.newBuilder().setIntValue(7))
                                .addValues(AnyValue.newBuilder().setDoubleValue(1.5))
                                .addValues(AnyValue.newBuilder().setDoubleValue(Double.NaN)))
                .build();
    }

    private static OtlpExport read(OtlpSignal signal, OtlpEncoding encoding, Message request)
            throws Exception {
        return OtlpExport.read(signal, encoding, bytes(request, encoding), LIMITS, NOW);
    }

    @Test
    void aRequestThatIsSentAgainIsKnownUnlessARecordHasNoTime() throws Exception {
        OtlpExport once = read(OtlpSignal.LOGS, OtlpEncoding.PROTOBUF, logs(log("a")));
        OtlpExport again = read(OtlpSignal.LOGS, OtlpEncoding.PROTOBUF, logs(log("a")));
        OtlpExport other = read(OtlpSignal.LOGS, OtlpEncoding.PROTOBUF, logs(log("b")));
        OtlpExport untimed =
                read(
                        OtlpSignal.LOGS,
                        OtlpEncoding.PROTOBUF,
                        logs(log("a").clearTimeUnixNano().clearObservedTimeUnixNano()));

        assertThat(once.idempotency()).isPresent().isEqualTo(again.idempotency());
        assertThat(once.idempotency()).isNotEqualTo(other.idempotency());
        assertThat(untimed.idempotency()).isEmpty();
        assertThat(payloads(untimed).getFirst()).contains("\"time\":\"2026-11-27T10:00:00Z\"");
    }

    @Test
    void aValueThatIsNotFiniteIsAtFault() throws Exception {
        OtlpExport export =
                read(
                        OtlpSignal.METRICS,
                        OtlpEncoding.PROTOBUF,
                        metrics(
                                Metric.newBuilder()
                                        .setName("m")
                                        .setGauge(
                                                Gauge.newBuilder()
                                                        .addDataPoints(number().setAsDouble(1))
                                                        .addDataPoints(
                                                                number().setAsDouble(
                                                                                Double
                                                                                        .NEGATIVE_INFINITY)))));

        assertThat(export.events().get(0).faults()).isEmpty();
        assertThat(export.events().get(1).faults())
                .singleElement()
                .satisfies(reason -> assertThat(reason.message()).contains("-Infinity"));
    }

    @ParameterizedTest
    @EnumSource
    void recordsBeyondTheLimitAreNotEvenBuilt(OtlpEncoding encoding) {
        byte[] body =
                switch (encoding) {
                    case PROTOBUF -> emptyRecords(2_000_000);
                    case JSON ->
                            ("{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{}"
                                            + ",{}".repeat(2_000_000)
                                            + "]}]}]}")
                                    .getBytes(UTF_8);
                };

        assertThatThrownBy(() -> OtlpExport.read(OtlpSignal.LOGS, encoding, body, LIMITS, NOW))
                .isInstanceOfSatisfying(
                        MalformedExport.class, e -> assertThat(e.tooMuch()).isTrue())
                .hasMessageContaining("more than 10000 records");
    }

    /// Two bytes a record.
    private static byte[] emptyRecords(int count) {
        byte[] records = new byte[2 * count];
        for (int i = 0; i < records.length; i += 2) {
            records[i] = 0x12;
        }
        ByteString scope = ByteString.copyFrom(records);
        return ResourceLogs.newBuilder()
                .build()
                .toByteString()
                .concat(framed(1, framed(2, scope)))
                .toByteArray();
    }

    private static ByteString framed(int field, ByteString content) {
        com.google.protobuf.UnknownFieldSet set =
                com.google.protobuf.UnknownFieldSet.newBuilder()
                        .addField(
                                field,
                                com.google.protobuf.UnknownFieldSet.Field.newBuilder()
                                        .addLengthDelimited(content)
                                        .build())
                        .build();
        return set.toByteString();
    }

    @Test
    void aLargeResourceIsNotMultipliedWithoutEnd() throws Exception {
        LogRecord.Builder[] records = new LogRecord.Builder[200];
        java.util.Arrays.fill(records, log("x"));
        ExportLogsServiceRequest.Builder request = logs(records).toBuilder();
        request.getResourceLogsBuilder(0)
                .getResourceBuilder()
                .addAttributes(text("large", "x".repeat(1000)));
        Limits small =
                new Limits(
                        DataSize.mebibytes(1),
                        new DataSize(40_000),
                        1000,
                        LIMITS.inFlightSize(),
                        10);

        assertThatThrownBy(() ->
                        OtlpExport.read(
                                OtlpSignal.LOGS,
                                OtlpEncoding.PROTOBUF,
                                request.build().toByteArray(),
                                small,
                                NOW))
                .isInstanceOf(MalformedExport.class)
                .hasMessageContaining("each with its resource");
    }

    @Test
    void aRecordAboveTheLimitOfEventsIsLeftForTheIntakeToRefuse() throws Exception {
        Limits small =
                new Limits(
                        new DataSize(2048), new DataSize(1 << 20), 100, LIMITS.inFlightSize(), 10);
        byte[] body = logs(log("x".repeat(5000)), log("y")).toByteArray();

        OtlpExport export =
                OtlpExport.read(OtlpSignal.LOGS, OtlpEncoding.PROTOBUF, body, small, NOW);

        assertThat(export.events().get(0).payload()).hasSizeGreaterThan(2048);
        assertThat(payloads(export).get(1)).contains("\"body\":\"y\"");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void damagedRequestsAreReadOrRefused(long seed) throws Exception {
        Random random = new Random(seed);
        for (OtlpEncoding encoding : OtlpEncoding.values()) {
            byte[] sound = bytes(allKinds(), encoding);
            for (int i = 0; i < 2_000; i++) {
                byte[] damaged = sound.clone();
                for (int n = random.nextInt(4); n >= 0; n--) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
                }
                OtlpSignal signal = random.nextInt(8) == 0 ? OtlpSignal.LOGS : OtlpSignal.METRICS;
                try {
                    OtlpExport.read(signal, encoding, damaged, LIMITS, NOW);
                } catch (MalformedExport e) {
                    assertThat(e.getMessage()).as("seed " + seed).isNotBlank();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "[]", "{", "{\"resourceLogs\":7}", "{\"resourceLogs\":[7]}", "{} {}"})
    void whatIsNoRequestIsRefused(String body) {
        assertThatThrownBy(() ->
                        OtlpExport.read(
                                OtlpSignal.LOGS,
                                OtlpEncoding.JSON,
                                body.getBytes(UTF_8),
                                LIMITS,
                                NOW))
                .isInstanceOfSatisfying(
                        MalformedExport.class, e -> assertThat(e.tooMuch()).isFalse());
    }
}

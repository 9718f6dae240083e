package leat.stream.collector.otlp;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.Status;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import java.util.List;
import leat.core.outcome.Reason;
import leat.stream.collector.Receipt;

/// What exporters are told.
public final class OtlpAnswer {

    private static final int SHOWN_REASONS = 3;

    private OtlpAnswer() {}

    /// How many records of a request are not events, and why: they are dead letters, or stored
    /// nowhere. Not to be sent again.
    ///
    /// @param message empty when there are none
    private record Rejected(long records, String message) {

        static Rejected of(List<Receipt.Item> items) {
            long rejected = 0;
            StringBuilder message = new StringBuilder();
            for (int i = 0; i < items.size(); i++) {
                List<Reason> reasons =
                        switch (items.get(i)) {
                            case Receipt.Accepted _ -> List.of();
                            case Receipt.Dead dead -> dead.reasons();
                            case Receipt.Refused refused -> refused.reasons();
                        };
                if (items.get(i) instanceof Receipt.Accepted) {
                    continue;
                }
                rejected++;
                if (rejected <= SHOWN_REASONS) {
                    message.append(message.isEmpty() ? "" : "; ").append("record ").append(i);
                    reasons.stream()
                            .findFirst()
                            .ifPresent(reason ->
                                    message.append(": ")
                                            .append(reason.field())
                                            .append(reason.field().isEmpty() ? "" : " ")
                                            .append(reason.message()));
                }
            }
            if (rejected > SHOWN_REASONS) {
                message.append("; and ").append(rejected - SHOWN_REASONS).append(" more");
            }
            return new Rejected(rejected, message.toString());
        }
    }

    /// The response of an export whose records all have their fate.
    public static ExportLogsServiceResponse logs(List<Receipt.Item> items) {
        Rejected rejected = Rejected.of(items);
        ExportLogsServiceResponse.Builder response = ExportLogsServiceResponse.newBuilder();
        if (rejected.records() > 0) {
            response.getPartialSuccessBuilder()
                    .setRejectedLogRecords(rejected.records())
                    .setErrorMessage(rejected.message());
        }
        return response.build();
    }

    /// The response of an export whose data points all have their fate.
    public static ExportMetricsServiceResponse metrics(List<Receipt.Item> items) {
        Rejected rejected = Rejected.of(items);
        ExportMetricsServiceResponse.Builder response = ExportMetricsServiceResponse.newBuilder();
        if (rejected.records() > 0) {
            response.getPartialSuccessBuilder()
                    .setRejectedDataPoints(rejected.records())
                    .setErrorMessage(rejected.message());
        }
        return response.build();
    }

    /// The response of either signal as bytes.
    public static byte[] encoded(
            OtlpSignal signal, OtlpEncoding encoding, List<Receipt.Item> items) {
        return encoded(
                encoding,
                switch (signal) {
                    case LOGS -> logs(items);
                    case METRICS -> metrics(items);
                });
    }

    /// A refusal of the whole request: `google.rpc.Status`, as OTLP over HTTP has it.
    ///
    /// @param code of gRPC
    public static byte[] refusal(OtlpEncoding encoding, int code, String message) {
        return encoded(encoding, Status.newBuilder().setCode(code).setMessage(message).build());
    }

    private static byte[] encoded(OtlpEncoding encoding, Message message) {
        return switch (encoding) {
            case PROTOBUF -> message.toByteArray();
            case JSON -> {
                try {
                    yield JsonFormat.printer()
                            .omittingInsignificantWhitespace()
                            .print(message)
                            .getBytes(UTF_8);
                } catch (InvalidProtocolBufferException e) {
                    throw new IllegalStateException("an answer cannot be written as JSON", e);
                }
            }
        };
    }
}
